"""Parties of a case: names kept apart, encrypted where they are kept, and every reading of them on record."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.audit.service import record
from service.cases import repository
from service.cases.models import Case, CaseParty, PartyRole
from service.cases.schemas import NewParty, PartyOut
from service.clock import now
from service.errors import Problem
from service.ids import new_id
from service.security.principals import Principal
from service.webhooks.secret_box import SecretBox, SecretKeyChanged

_PURPOSE = b"mizugiwa parties of cases v1"


class PartyUnreadable(Problem):
    slug = "party-unreadable"
    title = "The parties of the case cannot be read with this installation's secret key"
    help = "Set MIZUGIWA_SECRET_KEY to the key with which they were stored."


def add(session: Session, principal: Principal, signing_key: bytes, case: Case, new: NewParty) -> PartyOut:
    """The log says that a party was added and in which role, never who it is."""
    row = CaseParty(
        id=new_id("cpt"),
        tenant_id=case.tenant_id,
        case_id=case.id,
        role=new.role.value,
        sealed=SecretBox(signing_key, _PURPOSE).lock(new.model_dump_json(exclude={"role"})),
        added_by=principal.key_id,
        added_at=now(),
    )
    session.add(row)
    session.flush()
    record(session, principal, "case.party_added", case.id, {"party": row.id, "role": row.role})
    return PartyOut(id=row.id, added_at=row.added_at, **new.model_dump())


def read(session: Session, principal: Principal, signing_key: bytes, case: Case) -> list[PartyOut]:
    """Everyone, by name; that they were read is in the log.

    Raises:
        PartyUnreadable: the secret key is another than when they were stored.
    """
    found = repository.parties(session, case.tenant_id, case.id)
    record(session, principal, "case.parties_read", case.id, {"parties": [each.id for each in found]})
    return _opened(signing_key, found)


def _opened(signing_key: bytes, rows: Sequence[CaseParty]) -> list[PartyOut]:
    box = SecretBox(signing_key, _PURPOSE)
    try:
        return [
            PartyOut(
                id=each.id,
                role=PartyRole(each.role),
                added_at=each.added_at,
                **json.loads(box.unlock(each.sealed)),
            )
            for each in rows
        ]
    except SecretKeyChanged as error:
        raise PartyUnreadable("They were sealed under another key.") from error
