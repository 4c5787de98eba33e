"""The vectors of one tenant, library and modality: what a search looks at, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from index.base import Hit
from index.faiss.columns import Columns, Mask, Rows, empty_columns, joined
from index.faiss.fresh_part import FreshPart, empty_fresh_part
from index.faiss.main_part import MainPart
from index.faiss.scan import exact_cosines
from index.faiss.tombstones import Tombstones
from model.encoders.base import Vectors

_DEAD_SHARE = 0.25
_DEAD_AT_LEAST = 256
_FRESH_SHARE = 0.5
_FRESH_AT_LEAST = 4_096
_SCORED_AT_ONCE = 4_096


@dataclass(frozen=True, eq=False)
class Partition:
    """Immutable: every change returns a successor, so that a search never sees half of one.

    Rows are numbered through both parts, the main part's first.
    """

    main: MainPart
    fresh: FreshPart
    tombstones: Tombstones

    @property
    def rows(self) -> int:
        return len(self.main.columns) + self.fresh.rows

    @property
    def alive(self) -> int:
        return self.rows - self.tombstones.count

    def with_rows(self, columns: Columns) -> Partition:
        return replace(self, fresh=self.fresh.with_rows(columns))

    def without_rows(self, rows: Sequence[int]) -> Partition:
        return replace(self, tombstones=self.tombstones.with_rows(rows))

    def count(self, brands: Mask | None) -> int:
        """Living rows, of the brands marked true in the table of brand codes if one is given."""
        if brands is None:
            return self.alive
        return sum(
            len(part.columns) if chosen is None else int(np.count_nonzero(chosen))
            for part, chosen in self._parts(brands)
        )

    def search(self, queries: Vectors, k: int, brands: Mask | None, min_score: float) -> list[list[Hit]]:
        """For each query up to k hits, best first, ties by id, none under `min_score`."""
        hits: list[list[Hit]] = [[] for _ in queries]
        for part, chosen in self._parts(brands):
            candidates = part.nearest(queries, k, chosen)
            for query, rows, found in zip(queries, candidates, hits, strict=True):
                found.extend(_scored(part.columns, query, rows, min_score))
        return [sorted(found, key=lambda hit: (-hit.score, hit.id))[:k] for found in hits]

    def living(self) -> Columns:
        """The rows that are not removed, in order; no copy when the main part is all there is."""
        parts = [
            part.columns if chosen is None else part.columns[chosen] for part, chosen in self._parts(None)
        ]
        return parts[0] if len(parts) == 1 else joined(parts)

    def wants_compaction(self) -> bool:
        """Whether removed rows or fresh ones have outgrown their share, so that cost stays amortised."""
        too_dead = self.tombstones.count > max(_DEAD_AT_LEAST, _DEAD_SHARE * self.rows)
        too_fresh = self.fresh.rows > max(_FRESH_AT_LEAST, _FRESH_SHARE * len(self.main.columns))
        return too_dead or too_fresh

    def compacted(self) -> Partition:
        """The same living rows, renumbered, all in the main part."""
        return settled(self.living())

    def _parts(self, brands: Mask | None) -> list[tuple[MainPart | FreshPart, Mask | None]]:
        """The parts that hold rows, each with the rows to look at (None for all of them)."""
        border = len(self.main.columns)
        spans: list[tuple[MainPart | FreshPart, int, int]] = [
            (self.main, 0, border),
            (self.fresh, border, self.rows),
        ]
        return [
            (part, _both(self.tombstones.alive(start, stop), _of_brands(part.columns, brands)))
            for part, start, stop in spans
            if stop > start or part is self.main
        ]


def settled(columns: Columns) -> Partition:
    """A partition of these rows, all alive, all in the main part."""
    dimension = columns.vectors.shape[1]
    return Partition(MainPart(columns), empty_fresh_part(dimension), Tombstones())


def empty_partition(dimension: int) -> Partition:
    return settled(empty_columns(0, dimension))


def _of_brands(columns: Columns, brands: Mask | None) -> Mask | None:
    return None if brands is None else brands[columns.brands]


def _both(one: Mask | None, other: Mask | None) -> Mask | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _scored(columns: Columns, query: Vectors, rows: Rows, min_score: float) -> list[Hit]:
    hits: list[Hit] = []
    for start in range(0, len(rows), _SCORED_AT_ONCE):
        piece = rows[start : start + _SCORED_AT_ONCE]
        scores = exact_cosines(columns.vectors[piece], query).tolist()
        hits += [
            Hit(score, id_)
            for score, id_ in zip(scores, columns.ids[piece], strict=True)
            if score >= min_score
        ]
    return hits
