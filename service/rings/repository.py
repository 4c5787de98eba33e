"""SQL of rings: who showed which pictures, and the hashes of those."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from index.base import Modality
from model.copies.hashes import PerceptualHash
from service.decisions.models import StoredDecision
from service.listings.models import Listing, PictureFeatures
from service.parcels.models import Parcel, ParcelPicture

_ASKED_AT_ONCE = 500


@dataclass(frozen=True)
class Shown:
    """That somebody showed a picture."""

    owner: str
    """`seller:…`, `sender:…` (a digest), or `parcel:…` where no sender is known."""
    sha256: str


@dataclass(frozen=True, eq=False)
class SeenPicture:
    hash: PerceptualHash
    vector: NDArray[np.float32]
    """Shape (D,), of length 1."""


def of_listings(session: Session, tenant_id: str, limit: int) -> list[Shown]:
    """The pictures of the latest listings, by their sellers."""
    rows = session.execute(
        select(StoredDecision.seller, StoredDecision.record)
        .join(Listing, Listing.latest_decision_id == StoredDecision.id)
        .where(Listing.tenant_id == tenant_id, StoredDecision.tenant_id == tenant_id)
        .order_by(StoredDecision.id.desc())
        .limit(limit)
    )
    return [
        Shown(f"seller:{seller}", picture["sha256"])
        for seller, record in rows
        for picture in record["pictures"]
    ]


def of_parcels(session: Session, tenant_id: str, limit: int) -> list[Shown]:
    """Photos of the latest parcels, by their senders."""
    rows = session.execute(
        select(Parcel.sender_key, Parcel.id, ParcelPicture.sha256)
        .join(ParcelPicture, ParcelPicture.parcel_id == Parcel.id)
        .where(
            Parcel.tenant_id == tenant_id,
            ParcelPicture.tenant_id == tenant_id,
            ParcelPicture.modality == Modality.PHOTO.value,
        )
        .order_by(Parcel.id.desc(), ParcelPicture.number)
        .limit(limit)
    )
    return [
        Shown(f"sender:{sender}" if sender else f"parcel:{parcel}", sha256) for sender, parcel, sha256 in rows
    ]


def seen(
    session: Session, tenant_id: str, fingerprint: str, digests: Iterable[str]
) -> dict[str, SeenPicture]:
    """What was computed of these pictures when they came."""
    wanted = sorted(set(digests))
    found: dict[str, SeenPicture] = {}
    for at in range(0, len(wanted), _ASKED_AT_ONCE):
        rows = session.scalars(
            select(PictureFeatures).where(
                PictureFeatures.tenant_id == tenant_id,
                PictureFeatures.fingerprint == fingerprint,
                PictureFeatures.sha256.in_(wanted[at : at + _ASKED_AT_ONCE]),
            )
        )
        found |= {row.sha256: _seen(row) for row in rows}
    return found


def _seen(row: PictureFeatures) -> SeenPicture:
    vector = np.frombuffer(row.embedding, dtype="<f4").astype(np.float32)
    return SeenPicture(PerceptualHash.from_hex(row.hash, row.hash_quality), vector)
