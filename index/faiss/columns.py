"""Rows of vectors with what belongs to each, column by column."""

from __future__ import annotations

from collections.abc import Iterable
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
    serials: NDArray[np.int64]
    """Shape (N,), ascending: names of the rows that outlive renumbering, unique in the index."""

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, rows: Rows | Mask | slice) -> Columns:
        return Columns(self.vectors[rows], self.ids[rows], self.brands[rows], self.serials[rows])


def empty_columns(rows: int, dimension: int) -> Columns:
    """Room for that many rows, not written yet."""
    return Columns(
        np.empty((rows, dimension), np.float32),
        np.empty(rows, np.object_),
        np.empty(rows, np.int32),
        np.empty(rows, np.int64),
    )


def write_rows(target: Columns, start: int, source: Columns) -> None:
    """Copy all rows of the source to the target's rows from `start` on."""
    stop = start + len(source)
    target.vectors[start:stop] = source.vectors
    target.ids[start:stop] = source.ids
    target.brands[start:stop] = source.brands
    target.serials[start:stop] = source.serials


def joined(pieces: Iterable[Columns], rows: int, dimension: int) -> Columns:
    """Copy the pieces, of so many rows together, into fresh memory, one after another."""
    whole, start = empty_columns(rows, dimension), 0
    for piece in pieces:
        write_rows(whole, start, piece)
        start += len(piece)
    return whole
