"""Moves to another encoder while the old one serves: every stored picture gets a second vector, then all switch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from model.copies import reference_views
from model.encoders.base import Encoder, EncoderInfo, FingerprintMismatch, Vectors
from model.images import PictureLimits
from service.blobs import BlobStore
from service.database import Database
from service.decoding import stored_pixels
from service.vectors import repository
from service.vectors.models import Space
from service.vectors.repository import Entry
from service.vectors.spaces import Kind, active_spaces, copy_space, embedding_space, ensure_spaces
from service.vectors.views import view_id, view_ids

AT_ONCE = 32

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Move:
    """The spaces of the encoder moved to; items are those of the active embeddings."""

    database: Database
    blobs: BlobStore
    limits: PictureLimits
    encoder: Encoder

    @property
    def info(self) -> EncoderInfo:
        return self.encoder.info

    @property
    def embeddings(self) -> str:
        return embedding_space(self.info.fingerprint)

    @property
    def copies(self) -> str:
        return copy_space(self.encoder)


def reindex(
    database: Database, blobs: BlobStore, limits: PictureLimits, encoder: Encoder, progress: Progress
) -> int:
    """Embed what the encoder has not embedded yet, then make it the one that serves.

    Can be killed and begun again at any moment. References that are enrolled meanwhile are embedded before the
    switch, which happens in one transaction that finds nothing missing. With the encoder that serves already, the
    views of pictures that were enrolled before there were any are made.

    Args:
        progress: told how many of how many are embedded.

    Returns:
        How many pictures were embedded by this call.

    Raises:
        BlobMissing, BlobDamaged: a picture is not there as it was stored; restore it and begin again.
    """
    move = _Move(database, blobs, limits, encoder)
    with database.write() as session:
        ensure_spaces(session, encoder, active=False)
    made = 0
    while True:
        with database.read() as session:
            source = _active(session).name
            missing, total = _missing(session, move, source), repository.count(session, source)
        progress(total - len(missing), total)
        if not missing and _switched(move, source):
            return made
        for at in range(0, len(missing), AT_ONCE):
            made += _embed(move, source, missing[at : at + AT_ONCE])
            progress(total - len(missing) + at + AT_ONCE, total)


def _missing(session: Session, move: _Move, source: str, limit: int | None = None) -> Sequence[str]:
    """Ids without their embedding or without their views."""
    embedded = repository.missing_from(session, move.embeddings, source, limit)
    unseen = repository.missing_views(session, move.copies, source, limit)
    return sorted({*embedded, *unseen})


def _embed(move: _Move, source: str, ids: Sequence[str]) -> int:
    """Those removed since are left out under the write lock, so that none comes back."""
    with move.database.read() as session:
        entries = repository.entries(session, source, ids)
    pictures = [stored_pixels(move.blobs, entry.blob, move.limits) for entry in entries]
    vectors, views = move.encoder.encode(pictures), reference_views(move.encoder, pictures)
    with move.database.write() as session:
        repository.lock(session, source)
        held = {entry.item.id: entry.blob for entry in repository.entries(session, source, ids)}
        fresh = [at for at, entry in enumerate(entries) if held.get(entry.item.id) == entry.blob]
        repository.put(session, move.embeddings, [_entry(entries[at], vectors[at]) for at in fresh])
        repository.put(
            session, move.copies, [view for at in fresh for view in _views(entries[at], views[at])]
        )
    return len(fresh)


def _entry(entry: Entry, vector: NDArray[np.float32]) -> Entry:
    return Entry(entry.item.with_vector(vector), entry.blob)


def _views(entry: Entry, vectors: Vectors) -> list[Entry]:
    return [
        Entry(replace(entry.item, id=view_id(entry.item.id, number), vector=vector), entry.blob)
        for number, vector in enumerate(vectors)
    ]


def _switched(move: _Move, source: str) -> bool:
    """Whether nothing was missing when both spaces were locked; enrolment waits for that lock."""
    with move.database.write() as session:
        old, new = repository.lock(session, source), repository.lock(session, move.embeddings)
        copies = repository.lock(session, move.copies)
        if old is None or new is None or copies is None or not old.active:
            raise FingerprintMismatch(source, move.embeddings)
        if _missing(session, move, source, limit=1):
            return False
        _drop_what_was_removed(session, move, source)
        for space in active_spaces(session).values():
            space.active = space.kind == Kind.HASH
        new.active = copies.active = True
        return True


def _drop_what_was_removed(session: Session, move: _Move, source: str) -> None:
    repository.drop(session, move.embeddings, repository.missing_from(session, source, move.embeddings))
    gone = repository.views_of_none(session, move.copies, source)
    repository.drop(session, move.copies, [view for item in gone for view in view_ids(item)])


def _active(session: Session) -> Space:
    space = active_spaces(session).get(Kind.EMBEDDING)
    if space is None:
        raise LookupError(
            "Nothing has been enrolled yet: set MIZUGIWA_ENCODER and start, there is nothing to move."
        )
    return space
