"""From the cells of a window to a few numbers in which marks differ most, fitted once on invented marks."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.marks.cells import DIRECTIONS, LENGTH, WINDOW, window_rows

SHIPPED = Path(__file__).with_name("projection.npz")

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Projection:
    """Linear discriminants: apart for different marks, alike for views of one, null for everyday pictures."""

    mean: Floats
    """Shape (LENGTH,), of windows of everyday pictures."""
    axes: Floats
    """Shape (LENGTH, D)."""

    @classmethod
    def load(cls, path: Path) -> Projection:
        with np.load(path, allow_pickle=False) as held:
            found = cls(held["mean"].astype(np.float32), held["axes"].astype(np.float32))
        if found.mean.shape != (LENGTH,) or found.axes.shape[0] != LENGTH:
            raise ValueError(f"{path} holds no projection of {LENGTH} numbers; fit it again.")
        return found

    def save(self, path: Path) -> None:
        np.savez_compressed(path, mean=self.mean.astype(np.float16), axes=self.axes.astype(np.float16))

    @property
    def dim(self) -> int:
        return int(self.axes.shape[1])

    @cached_property
    def fingerprint(self) -> str:
        """Descriptors of two fingerprints are not comparable."""
        return hashlib.sha256(self.mean.tobytes() + self.axes.tobytes()).hexdigest()[:16]

    def of_windows(self, windows: Floats) -> Floats:
        """Unit vectors, shape (N, D), of (N, LENGTH) windows."""
        return _unit(windows @ self.axes - self._offset)

    def of_cells(self, counted: Floats, chosen: NDArray[np.bool_]) -> Floats:
        """Unit vectors of the chosen windows of a picture's cells, row by row; shape (N, D).

        Args:
            chosen: shape `window_count(counted)`.
        """
        found = np.zeros((int(chosen.sum()), self.dim), np.float32)
        for row in range(WINDOW if len(found) else 0):
            found += window_rows(counted, row)[chosen] @ self._by_row[row]
        found -= self._offset
        return _unit(found)

    @cached_property
    def _by_row(self) -> Floats:
        return np.ascontiguousarray(self.axes.reshape(WINDOW, WINDOW * DIRECTIONS, -1))

    @cached_property
    def _offset(self) -> Floats:
        return self.mean @ self.axes


@cache
def shipped() -> Projection:
    return Projection.load(SHIPPED)


def _unit(vectors: Floats) -> Floats:
    vectors /= np.sqrt(np.einsum("nd,nd->n", vectors, vectors))[:, None] + np.float32(1e-6)
    return vectors
