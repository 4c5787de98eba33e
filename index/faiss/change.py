"""One call to an index in the making."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from index.faiss.columns import Columns
from index.faiss.intake import Key
from index.faiss.partition import Partition, empty_partition, settled
from index.faiss.tuning import Tuning
from index.faiss.upkeep import is_large

_DEAD_SHARE = 0.25
_DEAD_AT_LEAST = 256
_FRESH_SHARE = 0.5
_FRESH_AT_LEAST = 4_096


class Place(NamedTuple):
    """Where an id is: stays right when rows are renumbered."""

    key: Key
    serial: int


class Change:
    """Successors of the partitions that a call touches: nothing shows until the index publishes them."""

    def __init__(
        self, partitions: Mapping[Key, Partition], held: Mapping[str, Place], dimension: int, tuning: Tuning
    ) -> None:
        self.partitions = dict(partitions)
        self.places: dict[str, Place | None] = {}
        """Where ids are afterwards; None for those removed."""
        self._held = held
        self._dimension = dimension
        self._tuning = tuning
        self.touched: set[Key] = set()

    def bury(self, ids: Iterable[str]) -> int:
        """Remove the distinct ids that are held; says how many were."""
        serials: dict[Key, list[int]] = {}
        for id_ in ids:
            if place := self._held.get(id_):
                serials.setdefault(place.key, []).append(place.serial)
                self.places[id_] = None
        for key, buried in serials.items():
            self.partitions[key] = self.partitions[key].without(buried)
        self.touched |= serials.keys()
        return sum(map(len, serials.values()))

    def append(self, key: Key, columns: Columns) -> None:
        partition = self.partitions.get(key) or empty_partition(self._dimension)
        self.places.update(places_of(key, columns))
        self.partitions[key] = partition.with_rows(columns)
        self.touched.add(key)

    def settle(self) -> None:
        """Drop partitions that hold nothing, and compact small ones that carry too much ballast."""
        for key in self.touched:
            partition = self.partitions[key]
            if partition.alive == 0:
                del self.partitions[key]
            elif not is_large(partition, self._tuning) and _wants_compaction(partition):
                columns = partition.living()
                small = settled(columns, self._tuning.exact_rows(self._dimension))
                self.partitions[key] = replace(small, compacted_at=time.time())


def places_of(key: Key, columns: Columns) -> dict[str, Place]:
    return {
        id_: Place(key, serial)
        for id_, serial in zip(columns.ids.tolist(), columns.serials.tolist(), strict=True)
    }


def _wants_compaction(partition: Partition) -> bool:
    """Whether removed rows or fresh ones have outgrown their share, so that cost stays amortised."""
    too_dead = partition.tombstones.count > max(_DEAD_AT_LEAST, _DEAD_SHARE * partition.rows)
    too_fresh = partition.fresh.rows > max(_FRESH_AT_LEAST, _FRESH_SHARE * partition.settled_rows)
    return too_dead or too_fresh
