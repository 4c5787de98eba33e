"""SQL of the work list: counts over parcels that were decided."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.parcels.models import Inspection, Parcel, ParcelState
from service.parcels.schemas import Finding
from service.screening.parcel_outcome import Advice
from service.worklist.ranking import Waiting


@dataclass(frozen=True)
class DecidedParcel:
    advice: Advice
    """The last one before the outcome."""
    counterfeit: bool
    sampled: bool
    minutes: float | None


def waiting(session: Session, tenant_id: str, limit: int) -> list[Waiting]:
    """Parcels that wait with what was advised last, oldest first; of the records nothing is read."""
    rows = session.execute(
        select(
            Parcel.id,
            Inspection.id,
            Parcel.reference,
            Inspection.advice,
            Inspection.traits,
            Parcel.declaration,
            Parcel.sampled,
        )
        .join(Inspection, Inspection.id == Parcel.latest_inspection_id)
        .where(
            Parcel.tenant_id == tenant_id,
            Inspection.tenant_id == tenant_id,
            Parcel.state == ParcelState.WAITING.value,
        )
        .order_by(Parcel.id)
        .limit(limit)
    )
    return [
        Waiting(parcel, inspection, reference, Advice(advice), traits, int(said.get("quantity", 1)), drawn)
        for parcel, inspection, reference, advice, traits, said, drawn in rows
    ]


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
