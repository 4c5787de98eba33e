"""SQL of the work list: counts over parcels that were decided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.parcels.models import Inspection, Parcel, ParcelState
from service.parcels.schemas import Finding
from service.screening.parcel_outcome import Advice


@dataclass(frozen=True)
class DecidedParcel:
    advice: Advice
    """The last one before the outcome."""
    counterfeit: bool
    sampled: bool
    minutes: float | None


def decided(session: Session, tenant_id: str, limit: int) -> list[DecidedParcel]:
    """The latest parcels that turned out one or the other; those that cannot be told are left out."""
    rows = session.execute(
        select(Inspection.advice, Parcel.outcome, Parcel.sampled, Parcel.minutes)
        .join(Inspection, Inspection.id == Parcel.latest_inspection_id)
        .where(
            Parcel.tenant_id == tenant_id,
            Inspection.tenant_id == tenant_id,
            Parcel.state == ParcelState.DECIDED.value,
            Parcel.outcome.in_([Finding.COUNTERFEIT.value, Finding.GENUINE.value]),
        )
        .order_by(Parcel.id.desc())
        .limit(limit)
    )
    return [
        DecidedParcel(Advice(advice), outcome == Finding.COUNTERFEIT.value, sampled, minutes)
        for advice, outcome, sampled, minutes in rows
    ]
