"""The embedded engine: exact, in memory, in one process."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from index.base import Hit, IndexClosed, Item, Scope
from index.faiss import intake
from index.faiss.columns import Columns, Mask
from index.faiss.intake import Key, key_of
from index.faiss.partition import Partition, empty_partition
from model.encoders.base import Vectors


class _Place(NamedTuple):
    key: Key
    row: int


@dataclass(frozen=True, eq=False)
class _State:
    """All that a reader needs; swapped as one reference, never changed."""

    partitions: dict[Key, Partition] = field(default_factory=dict)
    revision: int = 0


class FaissIndex:
    """`VectorIndex` over one partition per tenant, library and modality.

    Writers take turns and publish a new state as one reference; readers take the state they find and
    need no lock, so that searches neither wait for writers nor see half a call.
    """

    def __init__(self, dimension: int) -> None:
        if dimension < 1:
            raise ValueError(f"A vector has at least one dimension; got {dimension}.")
        self._dimension = dimension
        self._state: _State | None = _State()
        self._places: dict[str, _Place] = {}
        self._brand_codes: dict[str, int] = {}
        self._writing = threading.Lock()

    @property
    def dimension(self) -> int:
        return self._dimension

    def upsert(self, items: Sequence[Item], revision: int | None = None) -> None:
        items = intake.distinct(items)
        vectors = intake.stacked(items, self._dimension)
        with self._writing:
            change = _Change(self._read(), self._places, self._dimension)
            change.bury(item.id for item in items)
            for key, rows in _rows_by_key(items).items():
                change.append(key, self._columns([items[row] for row in rows], vectors[rows]))
            self._publish(change, revision)

    def remove(self, ids: Iterable[str], revision: int | None = None) -> int:
        wanted = set(ids)
        with self._writing:
            change = _Change(self._read(), self._places, self._dimension)
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

    def close(self) -> None:
        with self._writing:
            self._state = None
            self._places = {}

    def _read(self) -> _State:
        state = self._state
        if state is None:
            raise IndexClosed("This index was closed; open it again.")
        return state

    def _publish(self, change: _Change, revision: int | None) -> None:
        change.settle()
        for id_, place in change.places.items():
            if place is None:
                self._places.pop(id_, None)
            else:
                self._places[id_] = place
        before = self._read().revision
        self._state = _State(change.partitions, before if revision is None else revision)

    def _columns(self, items: Sequence[Item], vectors: Vectors) -> Columns:
        ids = np.empty(len(items), np.object_)
        ids[:] = [item.id for item in items]
        codes = [self._brand_codes.setdefault(item.brand, len(self._brand_codes)) for item in items]
        return Columns(vectors, ids, np.array(codes, np.int32))

    def _brand_table(self, scope: Scope) -> Mask | None:
        """Truth for each brand code; taken after the state, so that it covers every code in it."""
        if scope.brands is None:
            return None
        table = np.zeros(len(self._brand_codes), np.bool_)
        codes = [self._brand_codes[brand] for brand in scope.brands if brand in self._brand_codes]
        table[[code for code in codes if code < len(table)]] = True
        return table


class _Change:
    """One call in the making: nothing of it shows until it is published."""

    def __init__(self, state: _State, held: dict[str, _Place], dimension: int) -> None:
        self.partitions = dict(state.partitions)
        self.places: dict[str, _Place | None] = {}
        self._held = held
        self._dimension = dimension
        self._touched: set[Key] = set()

    def bury(self, ids: Iterable[str]) -> int:
        """Remove the ids that are held; says how many were."""
        rows: dict[Key, list[int]] = {}
        for id_ in ids:
            if place := self._held.get(id_):
                rows.setdefault(place.key, []).append(place.row)
                self.places[id_] = None
        for key, buried in rows.items():
            self.partitions[key] = self.partitions[key].without_rows(buried)
        self._touched |= rows.keys()
        return sum(map(len, rows.values()))

    def append(self, key: Key, columns: Columns) -> None:
        partition = self.partitions.get(key) or empty_partition(self._dimension)
        self._place(key, columns, partition.rows)
        self.partitions[key] = partition.with_rows(columns)
        self._touched.add(key)

    def settle(self) -> None:
        """Drop partitions that hold nothing, and compact those that carry too much ballast."""
        for key in self._touched:
            partition = self.partitions[key]
            if partition.alive == 0:
                del self.partitions[key]
            elif partition.wants_compaction():
                self.partitions[key] = partition.compacted()
                self._place(key, self.partitions[key].main.columns, 0)

    def _place(self, key: Key, columns: Columns, first: int) -> None:
        self.places.update({id_: _Place(key, first + row) for row, id_ in enumerate(columns.ids)})


def _rows_by_key(items: Sequence[Item]) -> dict[Key, list[int]]:
    rows: dict[Key, list[int]] = {}
    for row, item in enumerate(items):
        rows.setdefault(key_of(item), []).append(row)
    return rows
