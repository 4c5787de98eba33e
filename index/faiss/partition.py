"""The vectors of one tenant, library and modality: what a search looks at, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from index.base import Hit
from index.faiss.columns import Columns, Mask, Rows, joined
from index.faiss.fresh_part import FreshPart, empty_fresh_part
from index.faiss.lists import Lists
from index.faiss.questions import Questions
from index.faiss.scan import exact_cosines
from index.faiss.segment import Segment
from index.faiss.tombstones import Tombstones
from index.faiss.training import Refusal
from model.encoders.base import Vectors

_SCORED_AT_ONCE = 4_096
_COPIED_AT_ONCE = 16_384


@dataclass(frozen=True, eq=False)
class Partition:
    """Immutable: every change returns a successor, so that a search never sees half of one.

    Rows are numbered through all parts: those of the segments, the first of which is the main part, then
    the fresh ones.
    """

    segments: tuple[Segment, ...]
    """Of all segments with lists the quantiser is the same."""
    fresh: FreshPart
    tombstones: Tombstones = field(default_factory=Tombstones)
    compacted_at: float | None = None
    """When removed rows were last dropped; seconds since 1970."""
    refusal: Refusal | None = None
    """Why it has no lists although it is large."""

    @property
    def settled_rows(self) -> int:
        return sum(segment.rows for segment in self.segments)

    @property
    def rows(self) -> int:
        return self.settled_rows + self.fresh.rows

    @property
    def alive(self) -> int:
        return self.rows - self.tombstones.count

    @property
    def dimension(self) -> int:
        return int(self.fresh.buffer.vectors.shape[1])

    @property
    def lists(self) -> Lists | None:
        """Of the main part."""
        return self.segments[0].lists if self.segments else None

    def with_rows(self, columns: Columns) -> Partition:
        return replace(self, fresh=self.fresh.with_rows(columns))

    def without(self, serials: Sequence[int]) -> Partition:
        """Bury the rows of those serials, all of them alive here."""
        wanted, rows = np.array(sorted(serials), np.int64), list[int]()
        for part, start, _ in self.parts():
            held = part.columns.serials
            places = np.searchsorted(held, wanted)
            inside = places < len(held)
            inside[inside] = held[places[inside]] == wanted[inside]
            rows += (start + places[inside]).tolist()
        return replace(self, tombstones=self.tombstones.with_rows(rows))

    def count(self, brands: Mask | None) -> int:
        """Living rows, of the brands marked true in the table of brand codes if one is given."""
        if brands is None:
            return self.alive
        return sum(
            part.count(self.tombstones.alive(start, stop), brands) for part, start, stop in self.parts()
        )

    def search(self, queries: Vectors, k: int, brands: Mask | None, min_score: float) -> list[list[Hit]]:
        """For each query up to k hits, best first, ties by id, none under `min_score`."""
        questions, hits = Questions(queries), [list[Hit]() for _ in queries]
        for part, start, stop in self.parts():
            candidates = part.nearest(questions, k, self.tombstones.alive(start, stop), brands)
            for query, rows, found in zip(queries, candidates, hits, strict=True):
                found.extend(_scored(part.columns, query, rows, min_score))
        return [sorted(found, key=lambda hit: (-hit.score, hit.id))[:k] for found in hits]

    def parts(self) -> Iterator[tuple[Segment | FreshPart, int, int]]:
        """The parts that hold rows, with the first row's number and the one after the last's."""
        start = 0
        parts: tuple[Segment | FreshPart, ...] = (*self.segments, self.fresh)
        for part in parts:
            if part.rows:
                yield part, start, start + part.rows
            start += part.rows

    def living_pieces(self) -> Iterator[Columns]:
        """The rows that are not removed, in order, piece by piece, so that nobody waits for one long copy."""
        for part, first, last in self.parts():
            for start in range(first, last, _COPIED_AT_ONCE):
                stop = min(start + _COPIED_AT_ONCE, last)
                piece = part.columns[start - first : stop - first]
                alive = self.tombstones.alive(start, stop)
                yield piece if alive is None else piece[alive.mask]

    def living(self) -> Columns:
        return joined(self.living_pieces(), self.alive, self.dimension)


def settled(columns: Columns, exact_rows: int, lists: Lists | None = None) -> Partition:
    """A partition of these rows, all alive, all in the main part."""
    segments = (Segment(columns, lists, exact_rows),) if len(columns) else ()
    return Partition(segments, empty_fresh_part(columns.vectors.shape[1]))


def empty_partition(dimension: int) -> Partition:
    return Partition((), empty_fresh_part(dimension))


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
