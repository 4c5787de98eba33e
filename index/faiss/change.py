"""One call to an index in the making."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from index.faiss.columns import Columns
from index.faiss.intake import Key
from index.faiss.partition import Partition, empty_partition


class Place(NamedTuple):
    key: Key
    row: int


class Change:
    """Successors of the partitions that a call touches: nothing shows until the index publishes them."""

    def __init__(
        self, partitions: Mapping[Key, Partition], held: Mapping[str, Place], dimension: int
    ) -> None:
        self.partitions = dict(partitions)
        self.places: dict[str, Place | None] = {}
        """Where ids are afterwards; None for those removed."""
        self._held = held
        self._dimension = dimension
        self._touched: set[Key] = set()

    def bury(self, ids: Iterable[str]) -> int:
        """Remove the distinct ids that are held; says how many were."""
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
        self.places.update(places_of(key, columns, partition.rows))
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
                self.places.update(places_of(key, self.partitions[key].main.columns, 0))


def places_of(key: Key, columns: Columns, first: int) -> dict[str, Place]:
    return {id_: Place(key, first + row) for row, id_ in enumerate(columns.ids.tolist())}
