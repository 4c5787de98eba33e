"""Cases: who may see which, how one opens, and how often a brand's notices were upheld."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

import service.decisions.service as decisions
import service.verdicts.service as verdicts
from service.cases import repository
from service.cases.models import Case, CaseDeadline, CasePicture, SubjectKind
from service.cases.progress import recompute, write_step
from service.cases.schemas import NewCase
from service.cases.subjects import Subject, read_subject
from service.cases.transitions import Step
from service.clock import now
from service.clocks.calendar import PlaceUnknown, calendar_for
from service.clocks.profiles import CaseState, Profile, ProfileUnknown, profile
from service.errors import Conflict, NotFound, Unprocessable
from service.ids import new_id
from service.security.principals import Principal, Role
from service.verdicts.models import VerdictOutcome
from service.webhooks.service import publish

_WHOLE_TENANT = (Role.ADMIN, Role.AUDITOR, Role.INSPECTOR)
_OWNERS = (Role.BRAND_OWNER, Role.AGENT)
MOST_PICTURES = 100


class CaseOpen(Conflict):
    slug = "case-open"
    title = "A case on this is open already"
    help = "Go on with the case that the member `case_id` names, or wait until it is over."


class ClockUnknown(Unprocessable):
    slug = "clock-unknown"
    title = "No clock runs like that"
    help = "`GET /v1/clocks` lists procedures, where each applies, and its deadlines with their sources."


def open_case(session: Session, principal: Principal, new: NewCase) -> Case:
    """Open a case on a decision or an inspection; its clock begins with what is known.

    Raises:
        NotFound: there is no such subject that the principal may see.
        CaseOpen: one on the same subject and brand is open.
        ClockUnknown: there is no such procedure, or it does not apply there.
        Unprocessable: the subject does not speak of the brand, or the goods are presented in the future.
    """
    subject = read_subject(session, principal, new.subject.kind, new.subject.id)
    brand_id = _brand(subject, new.brand_id)
    held = repository.open_on(session, principal.tenant_id, new.subject.kind, new.subject.id, brand_id)
    if held is not None:
        raise CaseOpen(f"Case {held.id} on {new.subject.id} is {held.state}.", case_id=held.id)
    case = _row(principal, new, subject, brand_id)
    session.add(case)
    session.flush()
    _take_pictures(session, case, subject)
    presented = _presented(new)
    write_step(session, principal, case, Step.OPENED, CaseState.FOUND, presented, new.why)
    recompute(session, case)
    payload = {"case_id": case.id, "profile": case.profile, "subject": new.subject.model_dump(mode="json")}
    publish(session, case.tenant_id, "case.opened", payload, case.organisation_id)
    return case


def get(session: Session, principal: Principal, case_id: str, *, to_change: bool = False) -> Case:
    """The case as officers may have it; with `to_change` nobody else changes it until the transaction ends.

    Raises:
        NotFound: there is none, or it is not for the principal to see.
    """
    found = repository.case(session, principal.tenant_id, case_id, to_change=to_change)
    if found is None or not _sees(session, principal, found):
        raise NotFound(f"There is no case {case_id} that this key may see.")
    return found


def page(
    session: Session,
    principal: Principal,
    *,
    state: CaseState | None = None,
    overdue: bool = False,
    after: str | None = None,
    limit: int = 50,
) -> Sequence[Case]:
    """Cases that the principal may see, by id, one more than the limit where there is one."""
    own = None
    if principal.role in _OWNERS:
        own = sorted(decisions.own_brand_ids(session, principal))
    return repository.page(
        session,
        principal.tenant_id,
        organisation_id=principal.organisation_id if principal.role is Role.PLATFORM else None,
        brand_ids=own,
        state=state.value if state else None,
        overdue_at=now() if overdue else None,
        after=after,
        limit=limit,
    )


def of_subject(session: Session, principal: Principal, kind: SubjectKind, subject_id: str) -> list[Case]:
    """Cases on one decision or inspection that the principal may see, oldest first."""
    found = repository.of_subjects(session, principal.tenant_id, kind, [subject_id])
    return [each for each in found if _sees(session, principal, each)]


def notice_accuracy(session: Session, tenant_id: str, brand_id: str, since: datetime) -> tuple[int, int]:
    """How often the brand's holder was right when it called goods counterfeit.

    A notice is an opinion `counterfeit` that stood when its case was decided. It is upheld if the decision was
    `counterfeit` and no later verdict reversed it; `cannot_tell` upholds nothing. The auto-block right asks for
    90 % upheld over six months.

    Returns:
        Notices upheld, and notices decided, of cases that were decided at `since` or later.
    """
    found = repository.noticed(session, tenant_id, brand_id, VerdictOutcome.COUNTERFEIT, since)
    listings = [each.subject_id for each in found if each.subject_kind == SubjectKind.DECISION]
    standing = verdicts.standing(session, tenant_id, listings)
    reversed_ = {
        decision_id for decision_id, outcome in standing.items() if outcome != VerdictOutcome.COUNTERFEIT
    }
    upheld = [
        each
        for each in found
        if each.outcome == VerdictOutcome.COUNTERFEIT and each.subject_id not in reversed_
    ]
    return len(upheld), len(found)


def outcomes_of(
    session: Session, tenant_id: str, kind: SubjectKind, subject_ids: Sequence[str]
) -> dict[str, VerdictOutcome]:
    """What was decided on these subjects, the last decision of each: for the history of a sender or a look."""
    found = repository.of_subjects(session, tenant_id, kind, subject_ids) if subject_ids else []
    return {each.subject_id: VerdictOutcome(each.outcome) for each in found if each.outcome is not None}


def for_link(session: Session, tenant_id: str, case_id: str, *, to_change: bool = False) -> Case:
    """The case of a link, whose token was good: no principal asks.

    Raises:
        NotFound: there is none.
    """
    found = repository.case(session, tenant_id, case_id, to_change=to_change)
    if found is None:
        raise NotFound(f"There is no case {case_id}.")
    return found


def deadlines_of(session: Session, case: Case) -> Sequence[CaseDeadline]:
    """All that have begun, the nearest first."""
    return repository.deadlines(session, case.tenant_id, [case.id])


def picture_of(session: Session, case: Case, number: int) -> str:
    """SHA-256 of a picture of the case.

    Raises:
        NotFound: it has none of that number.
    """
    for each in repository.pictures(session, case.tenant_id, case.id):
        if each.number == number:
            return each.sha256
    raise NotFound(f"The case has no picture {number}.")


def picture_numbers(session: Session, case: Case) -> list[int]:
    return [each.number for each in repository.pictures(session, case.tenant_id, case.id)]


def subject_of(session: Session, principal: Principal, case: Case) -> Subject:
    """What the case is about, as the principal may see it."""
    return read_subject(session, principal, SubjectKind(case.subject_kind), case.subject_id)


def presented_at(session: Session, case: Case) -> datetime:
    """When the goods were presented for examination."""
    return repository.steps(session, case.tenant_id, case.id)[0].at


def profile_of(case: Case) -> Profile:
    return profile(case.profile)


def count_overdue(session: Session) -> int:
    """Open deadlines of the whole installation that have passed."""
    return repository.count_overdue(session, now())


def _sees(session: Session, principal: Principal, case: Case) -> bool:
    if principal.role in _WHOLE_TENANT:
        return True
    if principal.role is Role.PLATFORM:
        return case.organisation_id == principal.organisation_id
    return case.brand_id in decisions.own_brand_ids(session, principal)


def _brand(subject: Subject, asked: str | None) -> str | None:
    if asked is None:
        return subject.brand_ids[0] if subject.brand_ids else None
    if asked not in subject.brand_ids:
        raise Unprocessable(
            f"The subject does not speak of a brand {asked!r}; leave it out for the likeliest."
        )
    return asked


def _row(principal: Principal, new: NewCase, subject: Subject, brand_id: str | None) -> Case:
    try:
        procedure = profile(new.profile)
        country = new.country or next(iter(procedure.calendar.zones))
        if new.country is None and len(procedure.calendar.zones) > 1:
            raise PlaceUnknown(f"{procedure.id} applies in several countries; name one in `country`.")
        calendar = calendar_for(procedure, country, new.subdivision, new.time_zone)
    except (ProfileUnknown, PlaceUnknown) as error:
        raise ClockUnknown(str(error)) from error
    return Case(
        id=new_id("cas"),
        tenant_id=principal.tenant_id,
        organisation_id=subject.organisation_id,
        subject_kind=new.subject.kind.value,
        subject_id=new.subject.id,
        brand_id=brand_id,
        seller=subject.seller,
        profile=procedure.id,
        country=calendar.country,
        subdivision=calendar.subdivision,
        time_zone=calendar.zone,
        perishable=new.perishable,
        extended=False,
        application=new.application,
        goods=new.goods.model_dump(),
        state=CaseState.FOUND.value,
        opened_by=principal.key_id,
        opened_at=now(),
    )


def _presented(new: NewCase) -> datetime:
    present = now()
    if new.presented_at is not None and new.presented_at > present:
        raise Unprocessable("`presented_at` has not come yet.")
    return new.presented_at or present


def _take_pictures(session: Session, case: Case, subject: Subject) -> None:
    for number, sha256 in enumerate(subject.pictures[:MOST_PICTURES]):
        session.add(CasePicture(case_id=case.id, number=number, tenant_id=case.tenant_id, sha256=sha256))
    session.flush()
