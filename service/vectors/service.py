"""Keeps the indexes of this process level with the vectors that the database records."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from index.base import VectorIndex
from index.faiss import FaissIndex, SnapshotBusy
from model.encoders import BatchingEncoder
from model.encoders.base import Encoder, EncoderInfo, FingerprintMismatch
from model.scoring.identity import IdentityCalibration
from service.database import Database, after_commit
from service.errors import Unavailable
from service.vectors import repository
from service.vectors.models import Space
from service.vectors.serving import NewItem, Serving
from service.vectors.spaces import (
    HASH_SPACE,
    Kind,
    active_embedding_space,
    active_spaces,
    copy_space,
    copy_space_of,
    embedding_space,
    ensure_spaces,
)
from service.vectors.views import view_ids

_log = logging.getLogger(__name__)
_CHANGES_AT_ONCE = 5_000
_FORGOTTEN_AT_ONCE = 500
SNAPSHOT_EVERY = 10_000
"""Changes after which the index is saved while it serves, so that a start after a kill replays no more than these."""


class IndexNotReady(Unavailable):
    slug = "index-not-ready"
    title = "The index of references is still being made ready"


class VectorSpaces:
    """The encoder in use, its index, and how both follow the database."""

    def __init__(
        self,
        database: Database,
        directory: Path,
        load_encoder: Callable[[str], Encoder],
        load_calibration: Callable[[EncoderInfo], IdentityCalibration],
    ) -> None:
        self._database = database
        self._directory = directory
        self._load_encoder = load_encoder
        self._load_calibration = load_calibration
        self._lock = Lock()
        self._serving: Serving | None = None
        self._unsaved = 0
        self._saver = ThreadPoolExecutor(1, thread_name_prefix="snapshot")
        self._encoders: list[Encoder] = []
        """All that ever served here: a check that began with one may still be using it."""

    def stored_encoder(self) -> str | None:
        """Name of the encoder that the stored vectors were made with; None while there are none."""
        with self._database.read() as session:
            space = active_embedding_space(session)
            return space.encoder if space and repository.count(session, space.name) else None

    def open(self, encoder: Encoder) -> None:
        """Make ready to serve with this encoder.

        Raises:
            FingerprintMismatch: the stored vectors were made with another one.
        """
        with self._database.write() as session:
            active = active_spaces(session)
            space = active.get(Kind.EMBEDDING)
            if space is not None and repository.count(session, space.name) == 0:
                _deactivate(active)
            elif space is not None and space.fingerprint != encoder.info.fingerprint:
                raise FingerprintMismatch(space.fingerprint, encoder.info.fingerprint)
            spaces = ensure_spaces(session, encoder, active=True)
            if repository.missing_views(
                session, spaces[Kind.COPY].name, spaces[Kind.EMBEDDING].name, limit=1
            ):
                _log.warning(
                    "some pictures have no views yet, so edited copies of them may go unseen; run "
                    "`mizugiwa reindex --encoder %s`",
                    encoder.info.name,
                )
        self._switch_to(encoder)
        self.catch_up()

    def serving(self) -> Serving:
        """The current pair of encoder and indexes, level with everything committed before this call."""
        self.catch_up()
        if self._serving is None:
            raise IndexNotReady("The index of references is not ready yet.")
        return self._serving

    def record(self, session: Session, items: Sequence[NewItem]) -> None:
        """Store the vectors within the caller's transaction; searchable before its request is answered.

        Raises:
            FingerprintMismatch: the encoder was changed since the features were made; make them again.
        """
        if not items:
            return
        fingerprint = items[0].features.fingerprint
        space = repository.lock(session, embedding_space(fingerprint))
        if space is None or not space.active:
            active = active_embedding_space(session)
            raise FingerprintMismatch(active.fingerprint if active else "none", fingerprint)
        repository.put(session, space.name, [item.embedding_entry() for item in items])
        repository.put(session, HASH_SPACE, [item.hash_entry() for item in items])
        copies = [entry for item in items for entry in item.copy_entries()]
        repository.put(session, copy_space_of(items[0].features.copy_fingerprint), copies)
        after_commit(session, self.catch_up)

    def forget(self, session: Session, item_ids: Sequence[str]) -> None:
        """Take the items out of every space, within the caller's transaction."""
        for space in repository.spaces(session):
            of_views = space.kind == Kind.COPY
            for at in range(0, len(item_ids), _FORGOTTEN_AT_ONCE):
                some = item_ids[at : at + _FORGOTTEN_AT_ONCE]
                ids = [view for item in some for view in view_ids(item)] if of_views else some
                repository.drop(session, space.name, ids)
        after_commit(session, self.catch_up)

    def catch_up(self) -> None:
        """Apply what was committed since, from whichever process; switch when another encoder was made active."""
        if self._serving is None:
            return
        with self._lock, self._database.read() as session:
            active = active_spaces(session)
            if active[Kind.EMBEDDING].fingerprint != self._serving.fingerprint:
                _log.info("switching to encoder %s", active[Kind.EMBEDDING].encoder)
                self._switch_to(self._load_encoder(active[Kind.EMBEDDING].encoder))
            self._unsaved += sum(
                _follow(session, self._own(session, active, kind), index)
                for kind, index in self._serving.indexes.items()
            )
            if self._unsaved >= SNAPSHOT_EVERY:
                self._unsaved = 0
                self._saver.submit(self._save_in_background)

    def _own(self, session: Session, active: Mapping[Kind, Space], kind: Kind) -> Space:
        """Views may be of a newer version in another process; this one follows those that it understands."""
        if kind is not Kind.COPY or self._serving is None:
            return active[kind]
        return repository.space(session, copy_space(self._serving.encoder)) or active[kind]

    def save_snapshots(self) -> None:
        if self._serving is not None:
            for index in self._serving.indexes.values():
                if isinstance(index, FaissIndex):
                    index.save_snapshot()

    def close(self) -> None:
        self._saver.shutdown(wait=True)
        if self._serving is not None:
            self.save_snapshots()
            for index in self._serving.indexes.values():
                index.close()
            self._serving = None
        for encoder in self._encoders:
            if isinstance(encoder, BatchingEncoder):
                encoder.close()

    def _save_in_background(self) -> None:
        """A snapshot that cannot be written costs time at the next start, and nothing else: it is logged."""
        try:
            self.save_snapshots()
        except (OSError, SnapshotBusy):
            _log.exception("the index was not saved; earlier snapshots still stand")

    def _switch_to(self, encoder: Encoder) -> None:
        self._encoders.append(encoder)
        fingerprint = encoder.info.fingerprint
        with self._database.read() as session:
            embeddings = self._open_index(session, embedding_space(fingerprint))
            copies = self._open_index(session, copy_space(encoder))
            hashes = self._serving.hashes if self._serving else self._open_index(session, HASH_SPACE)
        calibration = self._load_calibration(encoder.info)
        self._serving = Serving(encoder, calibration, embeddings, hashes, copies)

    def _open_index(self, session: Session, name: str) -> VectorIndex:
        space = repository.space(session, name)
        if space is None:
            raise LookupError(f"The database has no space {name}.")
        return FaissIndex.open(*index_place(self._directory, space))


def index_place(directory: Path, space: Space) -> tuple[Path, int, str]:
    """Folder, dimension and fingerprint of the space's index, under the folder of all of them."""
    return directory / space.name.replace(":", "-"), space.dimension, f"{space.name}:{space.incarnation}"


def stored_embeddings(
    session: Session, serving: Serving, item_ids: Sequence[str]
) -> dict[str, NDArray[np.float32]]:
    """What the encoder that serves made of these items, by id; those are left out of which nothing is stored."""
    found = repository.entries(session, embedding_space(serving.fingerprint), item_ids)
    return {each.item.id: each.item.vector for each in found}


def _deactivate(active: Mapping[Kind, Space]) -> None:
    """So that an encoder of nothing makes way for another."""
    for kind in (Kind.EMBEDDING, Kind.COPY):
        if kind in active:
            active[kind].active = False


def _follow(session: Session, space: Space, index: VectorIndex) -> int:
    """Bring the index level with the space, and say how many changes that took."""
    if index.revision() > space.revision:
        raise IndexNotReady(
            f"The snapshot of {space.name} is ahead of the database, as after restoring an older backup. "
            "Stop the service, run `mizugiwa index rebuild` and start it again."
        )
    behind = space.revision - index.revision()
    while index.revision() < space.revision:
        changes = repository.changes_after(session, space.name, index.revision(), _CHANGES_AT_ONCE)
        if changes.removed:
            index.remove(changes.removed)
        index.upsert(changes.upserted, changes.revision)
    return behind
