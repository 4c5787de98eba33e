"""Referrals: drafted by the machine, worded by people, every version kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.cases.service as cases
from service.audit.service import record
from service.cases.models import Case, PartyRole
from service.cases.parties import read as read_parties
from service.cases.progress import calendar_of
from service.clock import now
from service.errors import Conflict, NotFound
from service.ids import new_id
from service.referrals import repository
from service.referrals.drafting import Known, ReferralField, draft
from service.referrals.models import Referral
from service.referrals.wording import Language
from service.security.principals import Principal

_ADDRESSED = (PartyRole.ADDRESSEE, PartyRole.IMPORTER, PartyRole.DECLARANT)


class NotTheLatest(Conflict):
    slug = "referral-not-the-latest"
    title = "Somebody has written a later version"
    help = "Read the version that the member `latest_id` names, and put your words into that one."


def write_draft(session: Session, principal: Principal, case: Case, language: Language) -> Referral:
    """A new version with the machine's text as it would be today; words of people are taken over."""
    before = repository.latest(session, case.tenant_id, case.id, language)
    machine = {field.value: text for field, text in draft(_known(session, principal, case), language).items()}
    return _write(session, principal, case.id, language, machine, before.own if before else {}, before)


def revise(
    session: Session, principal: Principal, referral: Referral, own: Mapping[ReferralField, str]
) -> Referral:
    """A new version with these words of people; the machine's stay as they are.

    Raises:
        NotTheLatest: there is a later version, whose words would be lost.
    """
    language = Language(referral.language)
    cases.get(session, principal, referral.case_id, to_change=True)
    last = repository.latest(session, referral.tenant_id, referral.case_id, language)
    if last is None or last.id != referral.id:
        latest_id = last.id if last else None
        raise NotTheLatest(f"Version {referral.version} is not the latest.", latest_id=latest_id)
    words = {**referral.own, **{field.value: text for field, text in own.items()}}
    kept = {field: text for field, text in words.items() if text}
    return _write(session, principal, referral.case_id, language, dict(referral.machine), kept, referral)


def get(session: Session, principal: Principal, referral_id: str) -> Referral:
    """
    Raises:
        NotFound: there is none, or its case is not for the principal to see.
    """
    refusal = NotFound(f"There is no referral {referral_id} that this key may see.")
    found = repository.referral(session, principal.tenant_id, referral_id)
    if found is None:
        raise refusal
    try:
        cases.get(session, principal, found.case_id)
    except NotFound:
        raise refusal from None
    return found


def versions(session: Session, case: Case) -> Sequence[Referral]:
    return repository.of_case(session, case.tenant_id, case.id)


def addressee(session: Session, principal: Principal, signing_key: bytes, case: Case) -> list[str]:
    """Name, address and occupation of whoever the goods are for; the reading is on record."""
    found = read_parties(session, principal, signing_key, case)
    return [
        "\n".join(part for part in (each.name, each.address, each.occupation) if part)
        for each in found
        if each.role in _ADDRESSED
    ]


def _known(session: Session, principal: Principal, case: Case) -> Known:
    names = {each.id: each.name for each in brands.names_for_tenant(session, case.tenant_id)}
    calendar = calendar_of(case)
    subject = cases.subject_of(session, principal, case)
    return Known(
        goods=case.goods,
        brand=names.get(case.brand_id or "", ""),
        presented_on=calendar.day_of(cases.presented_at(session, case)),
        found_on=calendar.day_of(case.opened_at),
        signals=[each for each in subject.signals if each.brand_id in (None, case.brand_id)],
    )


def _write(
    session: Session,
    principal: Principal,
    case_id: str,
    language: Language,
    machine: dict[str, str],
    own: dict[str, str],
    before: Referral | None,
) -> Referral:
    row = Referral(
        id=new_id("rfl"),
        tenant_id=principal.tenant_id,
        case_id=case_id,
        language=language.value,
        version=before.version + 1 if before else 1,
        machine=machine,
        own=own,
        written_by=principal.key_id,
        written_at=now(),
    )
    session.add(row)
    session.flush()
    detail = {"referral": row.id, "language": language.value, "version": row.version, "own": sorted(own)}
    record(session, principal, "referral.write", case_id, detail)
    return row
