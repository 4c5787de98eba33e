"""Tells a request that was sent again, because its answer was lost on the way, from another parcel of the same name."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.parcels import repository
from service.parcels.models import Parcel, ParcelPicture
from service.parcels.pictures import Sent
from service.parcels.schemas import ParcelIn
from service.parcels.sealing import Parties, PartySeal


def is_same(
    session: Session, signing_key: bytes, parcel: Parcel, new: ParcelIn, sent: Sequence[Sent]
) -> bool:
    """Whether the parcel is this one: declaration, parties and the pictures it came with agree.

    Pictures that were added since do not matter. Names that have expired agree with nothing but none.
    """
    held = repository.pictures(session, parcel.tenant_id, parcel.id)[: len(sent)]
    return (
        parcel.declaration == new.declaration.model_dump(mode="json")
        and _parties(session, signing_key, parcel) == Parties(new.sender, new.addressee)
        and _named(held) == _digests(sent)
    )


def are_last(session: Session, parcel: Parcel, sent: Sequence[Sent]) -> bool:
    """Whether these are the pictures that were added to the parcel last."""
    held = repository.pictures(session, parcel.tenant_id, parcel.id)
    return bool(sent) and _named(held[-len(sent) :]) == _digests(sent)


def _parties(session: Session, signing_key: bytes, parcel: Parcel) -> Parties:
    row = repository.parties(session, parcel.tenant_id, parcel.id)
    return PartySeal(signing_key).open(parcel.id, row.sealed) if row else Parties(None, None)


def _named(held: Sequence[ParcelPicture]) -> list[tuple[str, str, str | None]]:
    return [(each.sha256, each.modality, each.view) for each in held]


def _digests(sent: Sequence[Sent]) -> list[tuple[str, str, str | None]]:
    return [
        (
            hashlib.sha256(each.data).hexdigest(),
            each.modality.value,
            each.view.value if each.view else None,
        )
        for each in sent
    ]
