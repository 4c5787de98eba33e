"""SQL of parcels, their pictures, parties, inspections and reviews."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from index.base import Modality
from service.listings.models import PictureFeatures
from service.paging import one_more
from service.parcels.models import (
    Inspection,
    InspectionReview,
    Parcel,
    ParcelParties,
    ParcelPicture,
    ParcelState,
)
from service.parcels.schemas import Finding, PhotoView


@dataclass(frozen=True, eq=False)
class OutsidePhoto:
    """A photo of the outside of a parcel that was decided on."""

    parcel_id: str
    sha256: str
    stopped: bool
    embedding: NDArray[np.float32]


def parcel(session: Session, tenant_id: str, parcel_id: str) -> Parcel | None:
    return session.scalar(_parcels(tenant_id).where(Parcel.id == parcel_id))


def referenced(session: Session, tenant_id: str, organisation_id: str, reference: str) -> Parcel | None:
    return session.scalar(
        _parcels(tenant_id).where(Parcel.organisation_id == organisation_id, Parcel.reference == reference)
    )


def page(
    session: Session, tenant_id: str, state: str | None, limit: int, after: str | None
) -> Sequence[Parcel]:
    query = _parcels(tenant_id)
    if state is not None:
        query = query.where(Parcel.state == state)
    return one_more(session, query, Parcel.id, limit, after)


def pictures(session: Session, tenant_id: str, parcel_id: str) -> Sequence[ParcelPicture]:
    return session.scalars(
        select(ParcelPicture)
        .where(ParcelPicture.tenant_id == tenant_id, ParcelPicture.parcel_id == parcel_id)
        .order_by(ParcelPicture.number)
    ).all()


def parties(session: Session, tenant_id: str, parcel_id: str) -> ParcelParties | None:
    return session.scalar(
        select(ParcelParties).where(
            ParcelParties.tenant_id == tenant_id, ParcelParties.parcel_id == parcel_id
        )
    )


def erase_parties(session: Session, tenant_id: str, before: datetime) -> Sequence[str]:
    """Take away what has expired by then, and give the ids of the parcels."""
    expired = session.scalars(
        select(ParcelParties.parcel_id).where(
            ParcelParties.tenant_id == tenant_id, ParcelParties.expires_at <= before
        )
    ).all()
    if not expired:
        return expired
    session.execute(
        delete(ParcelParties).where(
            ParcelParties.tenant_id == tenant_id, ParcelParties.parcel_id.in_(expired)
        )
    )
    session.execute(
        update(Parcel)
        .where(
            Parcel.tenant_id == tenant_id,
            Parcel.id.in_(expired),
            func.coalesce(Parcel.outcome, "") != Finding.COUNTERFEIT.value,
        )
        .values(sender_key=None)
    )
    return expired


def tenants_with_expired(
    session: Session, before: datetime
) -> Sequence[str]:  # all tenants: ids, whose names expire
    return session.scalars(
        select(ParcelParties.tenant_id).where(ParcelParties.expires_at <= before).distinct()
    ).all()


def inspection(session: Session, tenant_id: str, inspection_id: str) -> Inspection | None:
    return session.scalar(
        select(Inspection).where(Inspection.tenant_id == tenant_id, Inspection.id == inspection_id)
    )


def inspections(
    session: Session, tenant_id: str, parcel_id: str, limit: int, after: str | None
) -> Sequence[Inspection]:
    query = select(Inspection).where(Inspection.tenant_id == tenant_id, Inspection.parcel_id == parcel_id)
    return one_more(session, query, Inspection.id, limit, after)


def reviews(session: Session, tenant_id: str, inspection_id: str) -> Sequence[InspectionReview]:
    return session.scalars(
        select(InspectionReview)
        .where(InspectionReview.tenant_id == tenant_id, InspectionReview.inspection_id == inspection_id)
        .order_by(InspectionReview.id)
    ).all()


def latest_inspections(
    session: Session, tenant_id: str, state: ParcelState, limit: int
) -> list[tuple[Parcel, Inspection]]:
    """Parcels in that state with what was advised last, oldest first."""
    rows = session.execute(
        select(Parcel, Inspection)
        .join(Inspection, Inspection.id == Parcel.latest_inspection_id)
        .where(Parcel.tenant_id == tenant_id, Inspection.tenant_id == tenant_id, Parcel.state == state.value)
        .order_by(Parcel.id)
        .limit(limit)
    )
    return [(parcel, inspection) for parcel, inspection in rows]


def outside_photos(
    session: Session, tenant_id: str, fingerprint: str, except_parcel: str, limit: int
) -> list[OutsidePhoto]:
    """Of decided parcels, the latest first."""
    rows = session.execute(
        select(ParcelPicture.parcel_id, ParcelPicture.sha256, Parcel.outcome, PictureFeatures.embedding)
        .join(Parcel, Parcel.id == ParcelPicture.parcel_id)
        .join(PictureFeatures, PictureFeatures.sha256 == ParcelPicture.sha256)
        .where(
            ParcelPicture.tenant_id == tenant_id,
            Parcel.tenant_id == tenant_id,
            PictureFeatures.tenant_id == tenant_id,
            PictureFeatures.fingerprint == fingerprint,
            ParcelPicture.modality == Modality.PHOTO.value,
            ParcelPicture.view.in_([each.value for each in PhotoView if each.is_outside]),
            ParcelPicture.parcel_id != except_parcel,
            Parcel.outcome.in_([Finding.COUNTERFEIT.value, Finding.GENUINE.value]),
        )
        .order_by(ParcelPicture.parcel_id.desc(), ParcelPicture.number)
        .limit(limit)
    )
    return [
        OutsidePhoto(
            row[0],
            row[1],
            row[2] == Finding.COUNTERFEIT.value,
            np.frombuffer(row[3], dtype="<f4").astype(np.float32),
        )
        for row in rows
    ]


def _parcels(tenant_id: str) -> Select[Parcel]:
    return select(Parcel).where(Parcel.tenant_id == tenant_id)
