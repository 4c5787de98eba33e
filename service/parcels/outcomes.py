"""What officers say to the advice, and what the goods turned out to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import service.brands.service as brands
from service.audit.service import record as audit
from service.clock import now
from service.errors import NotFound
from service.ids import new_id
from service.parcels.models import Inspection, InspectionReview, Parcel, ParcelState
from service.parcels.schemas import Finding, NewOutcome, NewReview
from service.parcels.service import get, inspection_of, latest_of
from service.security.principals import Principal
from service.verdicts.models import Verdict, VerdictOutcome
from service.verdicts.service import give_verdict
from service.webhooks.service import publish

_LONGEST_MINUTES = 240.0
"""From opening to outcome; more is a parcel left on the table, and says nothing of work."""


@dataclass(frozen=True)
class JudgedInspection:
    """An inspection in the terms of a verdict: the sender's digest stands where a listing has its seller."""

    id: str
    organisation_id: str
    decision: str
    rule: str
    brand_id: str | None
    seller: str


def review(session: Session, principal: Principal, inspection_id: str, new: NewReview) -> InspectionReview:
    """Agree, disagree or cannot tell, with the reason; of several the newest counts."""
    inspection = inspection_of(session, principal, inspection_id)
    row = InspectionReview(
        id=new_id("rev"),
        tenant_id=principal.tenant_id,
        inspection_id=inspection.id,
        answer=new.answer.value,
        reason=new.reason,
        given_by=principal.key_id,
        given_at=now(),
    )
    session.add(row)
    session.flush()
    audit(session, principal, "inspection.reviewed", inspection.id, {"answer": row.answer, "review": row.id})
    return row


def decide(session: Session, principal: Principal, parcel_id: str, new: NewOutcome) -> tuple[Parcel, Verdict]:
    """Record what the goods turned out to be: a verdict on the latest inspection, and history of the sender."""
    parcel = get(session, principal, parcel_id)
    inspection = latest_of(session, principal, parcel)
    judged = _judged(parcel, inspection, _brand(session, principal, new.brand_id))
    verdict = give_verdict(session, principal, judged, VerdictOutcome(new.outcome.value), new.note)
    settle(session, principal, parcel, inspection, new.outcome, minutes=new.minutes, verdict_id=verdict.id)
    return parcel, verdict


def settle(
    session: Session,
    principal: Principal,
    parcel: Parcel,
    inspection: Inspection,
    outcome: Finding,
    *,
    minutes: float | None = None,
    verdict_id: str | None = None,
) -> None:
    """Close the parcel on a verdict that was given; minutes are counted from its opening where none are said."""
    at = now()
    if minutes is None and parcel.decided_at is None:
        minutes = _minutes(parcel.opened_at, at)
    parcel.minutes = minutes if minutes is not None else parcel.minutes
    parcel.state, parcel.outcome, parcel.decided_at = ParcelState.DECIDED.value, outcome.value, at
    session.flush()
    detail = {"outcome": parcel.outcome, "verdict": verdict_id}
    audit(session, principal, "parcel.decided", parcel.id, detail)
    payload = {"parcel_id": parcel.id, "inspection_id": inspection.id, "outcome": parcel.outcome}
    publish(session, principal.tenant_id, "parcel.decided", payload, parcel.organisation_id)


def _brand(session: Session, principal: Principal, brand_id: str | None) -> str | None:
    """Raises: NotFound: the tenant has no such brand."""
    known = {each.id for each in brands.names_for_tenant(session, principal.tenant_id)} if brand_id else set()
    if brand_id is not None and brand_id not in known:
        raise NotFound(f"There is no brand {brand_id} that this key may name.")
    return brand_id


def _judged(parcel: Parcel, inspection: Inspection, brand_id: str | None) -> JudgedInspection:
    return JudgedInspection(
        id=inspection.id,
        organisation_id=parcel.organisation_id,
        decision=inspection.advice,
        rule=f"parcel-{inspection.rule}",
        brand_id=brand_id or inspection.brand_id,
        seller=parcel.sender_key or "",
    )


def _minutes(opened_at: datetime | None, at: datetime) -> float | None:
    if opened_at is None:
        return None
    spent = (at - opened_at).total_seconds() / 60
    return round(spent, 2) if spent <= _LONGEST_MINUTES else None
