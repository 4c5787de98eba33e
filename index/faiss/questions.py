"""The queries of one search, and what its segments share in answering them."""

from __future__ import annotations

from index.faiss.quantiser import Quantiser, Seen
from model.encoders.base import Vectors


class Questions:
    """Belongs to one call of search and to its thread."""

    def __init__(self, vectors: Vectors) -> None:
        """Shape (N, D), unit vectors, C-contiguous."""
        self.vectors = vectors
        self._quantiser: Quantiser | None = None
        self._seen: list[Seen] = []

    def seen_by(self, quantiser: Quantiser) -> list[Seen]:
        """Each query as lists of that quantiser see it: made once for all segments that share it."""
        if self._quantiser is not quantiser:
            self._quantiser, self._seen = quantiser, [quantiser.seen(vector) for vector in self.vectors]
        return self._seen
