"""The newest rows of a partition: appended to, scanned in full, emptied by sealing and compaction."""

from __future__ import annotations

from dataclasses import dataclass

from index.faiss.columns import Columns, Mask, Rows, empty_columns, write_rows
from index.faiss.questions import Questions
from index.faiss.scan import nearest
from index.faiss.tombstones import Living

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
        write_rows(buffer, self.rows, columns)
        return FreshPart(buffer, rows)

    def without_first(self, rows: int) -> FreshPart:
        """The rows after those, in memory of their own."""
        rest = self.columns[rows:]
        return empty_fresh_part(self.buffer.vectors.shape[1]).with_rows(rest)

    def count(self, alive: Living | None, brands: Mask | None) -> int:
        chosen = self._chosen(alive, brands)
        return self.rows if chosen is None else int(chosen.sum())

    def nearest(self, questions: Questions, k: int, alive: Living | None, brands: Mask | None) -> list[Rows]:
        """For each query the rows that surely hold its k best."""
        return nearest(self.columns.vectors, questions.vectors, k, self._chosen(alive, brands))

    def _chosen(self, alive: Living | None, brands: Mask | None) -> Mask | None:
        if brands is None:
            return None if alive is None else alive.mask
        wanted: Mask = brands[self.columns.brands]
        return wanted if alive is None else wanted & alive.mask

    def _grown(self, rows: int) -> Columns:
        dimension = self.buffer.vectors.shape[1]
        grown = empty_columns(max(rows, 2 * self.rows, _FIRST_CAPACITY), dimension)
        write_rows(grown, 0, self.columns)
        return grown


def empty_fresh_part(dimension: int) -> FreshPart:
    return FreshPart(empty_columns(0, dimension))
