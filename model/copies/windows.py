"""Parts of a picture, and what one feature map says of each of them.

Pooling is the generalised mean (F. Radenović et al., "Fine-tuning CNN image retrieval with no human annotation", 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import Vectors

_LEAST = 1e-6


@dataclass(frozen=True)
class Window:
    """A part of a picture in fractions of its width and height."""

    left: float
    top: float
    width: float
    height: float

    def cells(self, rows: int, columns: int) -> tuple[slice, slice]:
        """The nearest whole cells of a grid over the picture; at least one."""
        return _nearest(self.top, self.height, rows), _nearest(self.left, self.width, columns)


WHOLE = Window(0, 0, 1, 1)


def grid(across: int, side: float) -> tuple[Window, ...]:
    """`across` by `across` windows of one size, evenly spread, row by row."""
    starts = [float(at) for at in np.linspace(0, 1 - side, across)]
    return tuple(Window(left, top, side, side) for top in starts for left in starts)


def pooled(features: NDArray[np.float32], windows: Sequence[Window], power: float) -> Vectors:
    """One unit vector for each window of a (rows, columns, D) map; shape (windows, D)."""
    powered = np.maximum(features, _LEAST) ** np.float32(power)
    sums = np.zeros((features.shape[0] + 1, features.shape[1] + 1, features.shape[2]), np.float64)
    sums[1:, 1:] = powered.cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    found = np.stack([_sum(sums, *window.cells(*features.shape[:2])) for window in windows])
    vectors = np.maximum(found, 0) ** (1 / power)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _nearest(start: float, length: float, cells: int) -> slice:
    first = min(round(start * cells), cells - 1)
    return slice(first, max(first + 1, min(round((start + length) * cells), cells)))


def _sum(sums: NDArray[np.float64], rows: slice, columns: slice) -> NDArray[np.float64]:
    (top, foot), (left, right) = (rows.start, rows.stop), (columns.start, columns.stop)
    found: NDArray[np.float64] = sums[foot, right] - sums[top, right] - sums[foot, left] + sums[top, left]
    return found
