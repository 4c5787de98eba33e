"""Settled rows of a partition: never written again, replaced as a whole by sealing and compaction."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from index.faiss.brand_rows import BrandRows, brand_rows
from index.faiss.columns import Columns, Mask, Rows
from index.faiss.lists import Lists
from index.faiss.questions import Questions
from index.faiss.scan import nearest, nearest_among
from index.faiss.tombstones import Living

_SCATTERED = 2
"""Rows that lie here and there cost about so many times what rows in a line cost."""


@dataclass(frozen=True, eq=False)
class Segment:
    columns: Columns
    lists: Lists | None
    """None where every search reads every row."""
    exact_rows: int
    """Up to so many rows are read in full even if there are lists."""

    @property
    def rows(self) -> int:
        return len(self.columns)

    @cached_property
    def by_brand(self) -> BrandRows:
        return brand_rows(self.columns.brands)

    def count(self, alive: Living | None, brands: Mask | None) -> int:
        if brands is not None:
            return len(self._rows_of(brands, alive))
        return self.rows if alive is None else alive.count

    def nearest(self, questions: Questions, k: int, alive: Living | None, brands: Mask | None) -> list[Rows]:
        """For each query rows that hold its k best: surely where they are read in full, else as measured."""
        vectors = self.columns.vectors
        if brands is not None:
            rows = self._rows_of(brands, alive)
            if self.lists is None or _SCATTERED * len(rows) <= self.exact_rows:
                return nearest_among(vectors, questions.vectors, k, rows)
            mask = np.zeros(self.rows, np.bool_)
            mask[rows] = True
            alive = Living(mask)
        if self.lists is None:
            return nearest(vectors, questions.vectors, k, None if alive is None else alive.mask)
        return self.lists.nearest(vectors, questions, k, alive)

    def _rows_of(self, brands: Mask, alive: Living | None) -> Rows:
        rows = self.by_brand.rows(brands)
        return rows if alive is None else rows[alive.mask[rows]]
