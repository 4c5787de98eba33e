"""What of a confirmed case may leave the house: in which week, in which country, and what became of the goods."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from service.cases import repository
from service.cases.transitions import Step
from service.clocks.profiles import CaseState
from service.verdicts.models import VerdictOutcome


@dataclass(frozen=True)
class Stop:
    case_id: str
    brand_id: str | None
    presented_at: datetime
    country: str
    destroyed: bool


def confirmed_stops(session: Session, tenant_id: str, case_ids: Collection[str]) -> dict[str, Stop]:
    """Of these ids, those of cases that were decided to be counterfeit; other words among them are passed over."""
    found = repository.decided_with(session, tenant_id, case_ids, VerdictOutcome.COUNTERFEIT, Step.OPENED)
    return {
        case.id: Stop(
            case.id, case.brand_id, presented_at, case.country, case.state == CaseState.DESTROYED.value
        )
        for case, presented_at in found
    }
