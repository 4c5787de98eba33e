"""The settled rows of a partition: never written again, replaced as a whole by compaction."""

from __future__ import annotations

from dataclasses import dataclass

from index.faiss.columns import Columns, Mask, Rows
from index.faiss.scan import nearest
from model.encoders.base import Vectors


@dataclass(frozen=True, eq=False)
class MainPart:
    """Flat and exact. A trained structure takes this place when partitions grow past a scan."""

    columns: Columns

    def nearest(self, queries: Vectors, k: int, chosen: Mask | None) -> list[Rows]:
        """Rows that surely hold each query's k best, as `index.faiss.scan.nearest` says."""
        return nearest(self.columns.vectors, queries, k, chosen)
