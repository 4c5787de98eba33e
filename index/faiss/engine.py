"""The embedded engine: in memory, in one process, exact while small and trained when large."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import numpy as np

from index.base import Hit, IndexClosed, Item, Scope
from index.faiss import intake, snapshot_store
from index.faiss.background import Background
from index.faiss.change import Change, Place, places_of
from index.faiss.columns import Columns, Mask
from index.faiss.contents import Contents
from index.faiss.intake import Key, key_of
from index.faiss.manifest import Identity
from index.faiss.partition import Partition
from index.faiss.snapshot_store import Refused
from index.faiss.status import PartStatus, status_of
from index.faiss.tuning import Tuning
from index.faiss.upkeep import Work, done, is_large, wanted
from model.encoders.base import Vectors

_log = logging.getLogger(__name__)


class NoDirectory(RuntimeError):
    """A snapshot was asked of an index that has nowhere to put one."""


@dataclass(frozen=True, eq=False)
class _State:
    """All that a reader needs; swapped as one reference, never changed."""

    partitions: dict[Key, Partition] = field(default_factory=dict)
    revision: int = 0


class FaissIndex:
    """`VectorIndex` over one partition per tenant, library and modality.

    Writers take turns and publish a new state as one reference; readers take the state they find and
    need no lock, so that searches neither wait for writers nor see half a call. Large partitions are
    settled, trained and compacted on a thread of the index's own, which publishes as a writer does.
    """

    def __init__(
        self,
        dimension: int,
        directory: Path | None = None,
        fingerprint: str = "",
        tuning: Tuning | None = None,
    ) -> None:
        """Start empty, at revision 0, whatever snapshots lie in the directory; `open` looks at them.

        Args:
            dimension: of every vector, at least 1.
            directory: where `save_snapshot` writes; it belongs to this index alone.
            fingerprint: of what made the vectors; a snapshot is loaded under the same one only.
            tuning: from when on partitions are trained and to which recall; as measured if not given.
        """
        if dimension < 1:
            raise ValueError(f"A vector has at least one dimension; got {dimension}.")
        self._dimension = dimension
        self._directory = directory
        self._identity = Identity(fingerprint, dimension)
        self._tuning = tuning or Tuning()
        self._state: _State | None = _State()
        self._places: dict[str, Place] = {}
        self._brand_codes: dict[str, int] = {}
        self._refused: tuple[Refused, ...] = ()
        self._saved: tuple[_State, Path] | None = None
        self._writing = threading.Lock()
        self._saving = threading.Lock()
        self._working = threading.Lock()
        self._next_serial = 0
        self._background = Background(self._keep_up)

    @classmethod
    def open(cls, directory: Path, dimension: int, fingerprint: str, tuning: Tuning | None = None) -> Self:
        """Start from the newest intact snapshot of that fingerprint and dimension, else empty.

        Replay the changes after `revision()` into it. `refused` says which snapshots were not trusted.
        """
        index = cls(dimension, directory, fingerprint, tuning)
        contents, index._refused = snapshot_store.newest_intact(
            directory, index._identity, index._tuning.exact_rows(dimension)
        )
        for refused in index._refused:
            _log.warning(
                "snapshot %s in %s not used: %s: %s", refused.name, directory, refused.why, refused.detail
            )
        if contents is not None:
            index._restore(contents)
        return index

    @property
    def refused(self) -> tuple[Refused, ...]:
        """Snapshots that `open` found and did not trust, newest first."""
        return self._refused

    @property
    def dimension(self) -> int:
        return self._dimension

    def upsert(self, items: Sequence[Item], revision: int | None = None) -> None:
        items = intake.distinct(items)
        vectors = intake.stacked(items, self._dimension)
        with self._writing:
            change = self._change()
            change.bury(item.id for item in items)
            for key, rows in _rows_by_key(items).items():
                change.append(key, self._columns([items[row] for row in rows], vectors[rows]))
            self._publish(change, revision)

    def remove(self, ids: Iterable[str], revision: int | None = None) -> int:
        wanted = set(ids)
        with self._writing:
            change = self._change()
            removed = change.bury(wanted)
            self._publish(change, revision)
        return removed

    def search(self, vectors: Vectors, k: int, scope: Scope, min_score: float = -1.0) -> list[list[Hit]]:
        if k < 1:
            raise ValueError(f"k says how many hits are wanted, at least 1; got {k}.")
        state = self._read()
        queries = intake.queries(vectors, self._dimension)
        partition = state.partitions.get(key_of(scope))
        if partition is None or len(queries) == 0:
            return [[] for _ in queries]
        return partition.search(queries, k, self._brand_table(scope), min_score)

    def count(self, scope: Scope | None = None) -> int:
        state = self._read()
        if scope is None:
            return sum(partition.alive for partition in state.partitions.values())
        partition = state.partitions.get(key_of(scope))
        return 0 if partition is None else partition.count(self._brand_table(scope))

    def revision(self) -> int:
        return self._read().revision

    def status(self) -> list[PartStatus]:
        """Kind, size and measured recall of each partition, for operators."""
        return [status_of(key, partition) for key, partition in self._read().partitions.items()]

    def settle(self) -> None:
        """Return when nothing is left to do in the background; without writes meanwhile, it stays so.

        Raises:
            UpkeepFailed: some of it broke off.
        """
        self._background.wait()

    def compact(self) -> None:
        """Drop removed rows and settle fresh ones of all partitions now; searches and writes go on."""
        for key in self._read().partitions:
            self._do(key, Work.COMPACT)

    def save_snapshot(self) -> Path:
        """Write the current state aside, durably, and let it take its place; searches and writes go on.

        Returns:
            The snapshot's directory; of the last one, when nothing changed since.

        Raises:
            NoDirectory: the index was made without one.
            SnapshotBusy: another process has been saving here for 30 s.
            OSError: the disk is full or fails; earlier snapshots still stand.
        """
        if self._directory is None:
            raise NoDirectory("Give FaissIndex a directory to save snapshots in.")
        with self._saving:
            state = self._read()
            if self._saved is not None and self._saved[0] is state and self._saved[1].is_dir():
                return self._saved[1]
            contents = Contents(state.revision, tuple(self._brand_codes), state.partitions)
            refused = frozenset(refused.name for refused in self._refused)
            path = snapshot_store.save(self._directory, contents, self._identity, refused)
            self._saved = (state, path)
        return path

    def close(self) -> None:
        self._background.stop()
        with self._writing:
            self._state = None
            self._places = {}

    def _read(self) -> _State:
        state = self._state
        if state is None:
            raise IndexClosed("This index was closed; open it again.")
        return state

    def _restore(self, contents: Contents) -> None:
        self._brand_codes = {brand: code for code, brand in enumerate(contents.brands)}
        for key, partition in contents.partitions.items():
            for part, _, _ in partition.parts():
                self._places.update(places_of(key, part.columns))
        self._next_serial = len(self._places)
        self._state = _State(contents.partitions, contents.revision)
        self._ask_for_upkeep(contents.partitions)

    def _change(self) -> Change:
        return Change(self._read().partitions, self._places, self._dimension, self._tuning)

    def _publish(self, change: Change, revision: int | None) -> None:
        change.settle()
        for id_, place in change.places.items():
            if place is None:
                self._places.pop(id_, None)
            else:
                self._places[id_] = place
        before = self._read().revision
        self._state = _State(change.partitions, before if revision is None else revision)
        self._ask_for_upkeep(change.touched)

    def _ask_for_upkeep(self, keys: Iterable[Key]) -> None:
        for key in keys:
            if self._wanted(key):
                self._background.ask(key)

    def _wanted(self, key: Key) -> Work | None:
        partition = self._read().partitions.get(key)
        large = partition is not None and is_large(partition, self._tuning)
        return wanted(partition, self._tuning) if partition is not None and large else None

    def _keep_up(self, key: Key) -> None:
        """What the partition needs, until it needs nothing; runs in the background."""
        while work := self._wanted(key):
            self._background.checkpoint()
            self._do(key, work)

    def _do(self, key: Key, work: Work) -> None:
        """One at a time, beside searches and writes."""
        with self._working:
            partition = self._read().partitions.get(key)
            if partition is None:
                return
            outcome = done(partition, work, self._tuning, self._background.checkpoint)
            with self._writing:
                state = self._read()
                current = state.partitions.get(key)
                successor = outcome.onto(current) if current else None
                if successor is not None:
                    self._state = replace(state, partitions={**state.partitions, key: successor})

    def _columns(self, items: Sequence[Item], vectors: Vectors) -> Columns:
        ids = np.empty(len(items), np.object_)
        ids[:] = [item.id for item in items]
        codes = [self._brand_codes.setdefault(item.brand, len(self._brand_codes)) for item in items]
        first, self._next_serial = self._next_serial, self._next_serial + len(items)
        serials = np.arange(first, self._next_serial, dtype=np.int64)
        return Columns(vectors, ids, np.array(codes, np.int32), serials)

    def _brand_table(self, scope: Scope) -> Mask | None:
        """Truth for each brand code; taken after the state, so that it covers every code in it."""
        if scope.brands is None:
            return None
        table = np.zeros(len(self._brand_codes), np.bool_)
        codes = [self._brand_codes[brand] for brand in scope.brands if brand in self._brand_codes]
        table[[code for code in codes if code < len(table)]] = True
        return table


def saved_status(directory: Path, dimension: int, fingerprint: str) -> list[PartStatus] | Refused | None:
    """What the newest snapshot says of its partitions, without loading it; None if there is none."""
    return snapshot_store.newest_status(directory, Identity(fingerprint, dimension))


def _rows_by_key(items: Sequence[Item]) -> dict[Key, list[int]]:
    rows: dict[Key, list[int]] = {}
    for row, item in enumerate(items):
        rows.setdefault(key_of(item), []).append(row)
    return rows
