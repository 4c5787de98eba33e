"""Which rights are in force on a day, and which of them are recorded with customs: for inspections alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from service.rights import repository
from service.rights.models import Recordation, Right


@dataclass(frozen=True)
class StandingRight:
    right: Right
    recordations: Sequence[Recordation]
    """Of the right, those that hold on the day."""


def in_force(session: Session, tenant_id: str, brand_ids: Sequence[str], day: date) -> list[StandingRight]:
    """Rights of these brands that hold on the day, whoever owns them, by id."""
    if not brand_ids:
        return []
    recorded = [
        each
        for each in repository.recordations_of_brands(session, tenant_id, brand_ids)
        if _holds(each.valid_from, each.valid_until, day)
    ]
    return [
        StandingRight(right, [each for each in recorded if each.right_id == right.id])
        for right in repository.of_brands(session, tenant_id, brand_ids)
        if _holds(right.registered_on, right.expires_on, day)
    ]


def _holds(since: date | None, until: date | None, day: date) -> bool:
    return (since is None or since <= day) and (until is None or day <= until)
