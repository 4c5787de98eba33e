"""Moves to another encoder while the old one serves: every stored picture gets a second vector, then all switch."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from model.encoders.base import Encoder, FingerprintMismatch
from model.images import PictureLimits
from service.blobs import BlobStore
from service.database import Database
from service.decoding import stored_pixels
from service.vectors import repository
from service.vectors.models import Space
from service.vectors.repository import Entry
from service.vectors.service import active_embedding_space, ensure_space
from service.vectors.serving import embedding_space

AT_ONCE = 32

Progress = Callable[[int, int], None]


def reindex(
    database: Database, blobs: BlobStore, limits: PictureLimits, encoder: Encoder, progress: Progress
) -> int:
    """Embed what the encoder has not embedded yet, then make it the one that serves.

    Can be killed and begun again at any moment. References that are enrolled meanwhile are embedded before the
    switch, which happens in one transaction that finds nothing missing.

    Args:
        progress: told how many of how many are embedded.

    Returns:
        How many vectors were made by this call.

    Raises:
        BlobMissing, BlobDamaged: a picture is not there as it was stored; restore it and begin again.
    """
    target = embedding_space(encoder.info.fingerprint)
    with database.write() as session:
        ensure_space(session, encoder.info, active=False)
    made = 0
    while True:
        source, missing, total = _missing(database, target)
        progress(total - len(missing), total)
        if not missing and _switched(database, source, target):
            return made
        for at in range(0, len(missing), AT_ONCE):
            made += _embed(database, blobs, limits, encoder, source, target, missing[at : at + AT_ONCE])
            progress(total - len(missing) + at + AT_ONCE, total)


def _missing(database: Database, target: str) -> tuple[str, Sequence[str], int]:
    with database.read() as session:
        source = _active(active_embedding_space(session)).name
        if source == target:
            return source, [], repository.count(session, target)
        return source, repository.missing_from(session, target, source), repository.count(session, source)


def _embed(
    database: Database,
    blobs: BlobStore,
    limits: PictureLimits,
    encoder: Encoder,
    source: str,
    target: str,
    ids: Sequence[str],
) -> int:
    """Those removed since are left out under the write lock, so that none comes back."""
    with database.read() as session:
        entries = repository.entries(session, source, ids)
    vectors = encoder.encode([stored_pixels(blobs, entry.blob, limits) for entry in entries])
    with database.write() as session:
        repository.lock(session, source)
        held = {entry.item.id: entry for entry in repository.entries(session, source, ids)}
        fresh = [
            Entry(entry.item.with_vector(vector), entry.blob)
            for entry, vector in zip(entries, vectors, strict=True)
            if held.get(entry.item.id) is not None and held[entry.item.id].blob == entry.blob
        ]
        repository.put(session, target, fresh)
    return len(fresh)


def _switched(database: Database, source: str, target: str) -> bool:
    """Whether nothing was missing when both spaces were locked; enrolment waits for that lock."""
    if source == target:
        return True
    with database.write() as session:
        old, new = repository.lock(session, source), repository.lock(session, target)
        if old is None or new is None or not old.active:
            raise FingerprintMismatch(source, target)
        if repository.missing_from(session, target, source, limit=1):
            return False
        repository.drop(session, target, repository.missing_from(session, source, target))
        old.active, new.active = False, True
        return True


def _active(space: Space | None) -> Space:
    if space is None:
        raise LookupError(
            "Nothing has been enrolled yet: set MIZUGIWA_ENCODER and start, there is nothing to move."
        )
    return space
