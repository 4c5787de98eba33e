"""Rows of vectors with what belongs to each, column by column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import Vectors

Rows = NDArray[np.int64]
"""Row numbers, any order."""

Mask = NDArray[np.bool_]
"""One truth for each row."""

Ids = NDArray[Any]
"""Strings of ours, as Python objects."""


@dataclass(frozen=True, eq=False)
class Columns:
    vectors: Vectors
    """Shape (N, D)."""
    ids: Ids
    """Shape (N,)."""
    brands: NDArray[np.int32]
    """Shape (N,), codes of the index's brand table."""

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, rows: Rows | Mask | slice) -> Columns:
        return Columns(self.vectors[rows], self.ids[rows], self.brands[rows])


def empty_columns(rows: int, dimension: int) -> Columns:
    """Room for that many rows, not written yet."""
    return Columns(
        np.empty((rows, dimension), np.float32), np.empty(rows, np.object_), np.empty(rows, np.int32)
    )


def joined(parts: list[Columns]) -> Columns:
    """Copy the rows of all parts, in their order, into fresh memory."""
    return Columns(
        np.concatenate([part.vectors for part in parts]),
        np.concatenate([part.ids for part in parts]),
        np.concatenate([part.brands for part in parts]),
    )
