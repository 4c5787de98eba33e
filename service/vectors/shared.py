"""Vectors and hashes that come from others, or go to them: without a picture of ours behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from index.base import Item, Library, Modality
from model.copies.hashes import PerceptualHash, as_vector
from model.encoders.base import Vectors
from service.database import after_commit
from service.vectors import repository
from service.vectors.repository import Entry
from service.vectors.service import VectorSpaces
from service.vectors.spaces import HASH_SPACE, Kind, active_spaces, copy_space_of, embedding_space
from service.vectors.views import item_of, view_id, view_ids

_NO_PICTURE = ""
_NO_BRAND = ""
"""A partner's words are matched with one's own brands when a check finds them."""
_OFF = 1e-3


@dataclass(frozen=True)
class StoredVectors:
    """Little-endian float32 by item; of items that have none nothing."""

    fingerprint: str
    copy_fingerprint: str
    embeddings: Mapping[str, bytes]
    views: Mapping[str, list[bytes]]


@dataclass(frozen=True, eq=False)
class GivenVectors:
    """Of one item, made elsewhere with exactly this encoder and these views."""

    item_id: str
    fingerprint: str
    copy_fingerprint: str
    embedding: NDArray[np.float32]
    views: Vectors


class VectorsUnusable(ValueError):
    """They are not of the encoder that serves here, or no unit vectors of its dimension."""


def stored_of(session: Session, item_ids: Sequence[str]) -> StoredVectors:
    """What the active spaces hold of these items."""
    spaces = active_spaces(session)
    embedded = repository.entries(session, spaces[Kind.EMBEDDING].name, item_ids)
    wanted = [view for item in item_ids for view in view_ids(item)]
    views: dict[str, dict[str, bytes]] = {}
    for entry in repository.entries(session, spaces[Kind.COPY].name, wanted):
        views.setdefault(item_of(entry.item.id), {})[entry.item.id] = _bytes(entry.item.vector)
    return StoredVectors(
        spaces[Kind.EMBEDDING].fingerprint,
        spaces[Kind.COPY].fingerprint,
        {entry.item.id: _bytes(entry.item.vector) for entry in embedded},
        {item: [held[view] for view in view_ids(item) if view in held] for item, held in views.items()},
    )


def put_hashes(
    session: Session, vectors: VectorSpaces, tenant_id: str, hashes: Mapping[str, PerceptualHash]
) -> None:
    """Searchable in `Library.SHARED` when the transaction commits; by item id."""
    if not hashes:
        return
    entries = [_entry(tenant_id, item, as_vector(found)) for item, found in sorted(hashes.items())]
    repository.put(session, HASH_SPACE, entries)
    after_commit(session, vectors.catch_up)


def put_given(session: Session, vectors: VectorSpaces, tenant_id: str, given: GivenVectors) -> None:
    """The same for vectors.

    Raises:
        VectorsUnusable: and nothing is stored.
    """
    spaces = active_spaces(session)
    embeddings, copies = spaces[Kind.EMBEDDING], spaces[Kind.COPY]
    if (embeddings.fingerprint, copies.fingerprint) != (given.fingerprint, given.copy_fingerprint):
        raise VectorsUnusable(
            "The vectors are of another encoder, or of other views, than those in use here."
        )
    for vector in (given.embedding, *given.views):
        _check(vector, embeddings.dimension)
    repository.lock(session, embedding_space(given.fingerprint))
    repository.put(session, embeddings.name, [_entry(tenant_id, given.item_id, given.embedding)])
    seen = [_entry(tenant_id, view_id(given.item_id, at), each) for at, each in enumerate(given.views)]
    repository.put(session, copy_space_of(given.copy_fingerprint), seen)
    after_commit(session, vectors.catch_up)


def _check(vector: NDArray[np.float32], dimension: int) -> None:
    if vector.shape != (dimension,) or not np.isfinite(vector).all():
        raise VectorsUnusable(f"A vector is not {dimension} finite numbers.")
    if abs(float(np.linalg.norm(vector)) - 1) > _OFF:
        raise VectorsUnusable("A vector is not of length 1.")


def _entry(tenant_id: str, item_id: str, vector: NDArray[np.float32]) -> Entry:
    item = Item(item_id, tenant_id, Library.SHARED, Modality.PHOTO, _NO_BRAND, vector)
    return Entry(item, _NO_PICTURE)


def _bytes(vector: NDArray[np.float32]) -> bytes:
    return vector.astype("<f4").tobytes()
