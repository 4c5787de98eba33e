"""The newest rows of a partition: appended to, scanned in full, emptied by compaction."""

from __future__ import annotations

from dataclasses import dataclass

from index.faiss.columns import Columns, Mask, Rows, empty_columns
from index.faiss.scan import nearest
from model.encoders.base import Vectors

_FIRST_CAPACITY = 16


@dataclass(frozen=True, eq=False)
class FreshPart:
    """A length over a buffer that successors share.

    Appending writes past this part's length and returns a longer part over the same buffer, so that
    readers of this one see nothing of it. Only the newest part may be appended to.
    """

    buffer: Columns
    rows: int = 0

    @property
    def columns(self) -> Columns:
        return self.buffer[: self.rows]

    def with_rows(self, columns: Columns) -> FreshPart:
        rows = self.rows + len(columns)
        buffer = self.buffer if rows <= len(self.buffer) else self._grown(rows)
        buffer.vectors[self.rows : rows] = columns.vectors
        buffer.ids[self.rows : rows] = columns.ids
        buffer.brands[self.rows : rows] = columns.brands
        return FreshPart(buffer, rows)

    def nearest(self, queries: Vectors, k: int, chosen: Mask | None) -> list[Rows]:
        """Rows that surely hold each query's k best, as `index.faiss.scan.nearest` says."""
        return nearest(self.columns.vectors, queries, k, chosen)

    def _grown(self, rows: int) -> Columns:
        dimension = self.buffer.vectors.shape[1]
        grown = empty_columns(max(rows, 2 * self.rows, _FIRST_CAPACITY), dimension)
        grown.vectors[: self.rows] = self.buffer.vectors[: self.rows]
        grown.ids[: self.rows] = self.buffer.ids[: self.rows]
        grown.brands[: self.rows] = self.buffer.brands[: self.rows]
        return grown


def empty_fresh_part(dimension: int) -> FreshPart:
    return FreshPart(empty_columns(0, dimension))
