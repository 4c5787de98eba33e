"""What exact search would answer, gathered while the vectors pass by, so that they need not be kept."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index.base import Hit
from model.encoders.base import Vectors


class ExactTruth:
    """The k nearest rows of each query among all that were shown, by float32 products."""

    def __init__(self, queries: Vectors, k: int) -> None:
        self._queries, self._k = queries, k
        self._scores = np.full((len(queries), k), -2, np.float32)
        self._rows = np.full((len(queries), k), -1, np.int64)

    def show(self, vectors: Vectors, numbers: NDArray[np.int64]) -> None:
        """Rows that were not shown before, with their numbers."""
        scores = np.concatenate([self._scores, self._queries @ vectors.T], axis=1)
        rows = np.concatenate([self._rows, np.broadcast_to(numbers, (len(self._queries), len(numbers)))], 1)
        best = np.argpartition(-scores, self._k - 1, axis=1)[:, : self._k]
        self._scores, self._rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)

    def recall(self, found: list[list[Hit]]) -> float:
        """Mean share of the true k that was found, where an id ends in its row's number."""
        shares = [
            len({int(hit.id.rpartition("-")[2]) for hit in hits} & set(rows)) / self._k
            for hits, rows in zip(found, self._rows.tolist(), strict=True)
        ]
        return float(np.mean(shares))
