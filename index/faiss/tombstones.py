"""Which rows of a partition are removed but still lie there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from index.faiss.columns import Mask


def _none() -> Mask:
    return np.zeros(0, np.bool_)


@dataclass(frozen=True, eq=False)
class Tombstones:
    """Immutable, so that a search under way keeps the ones it started with."""

    dead: Mask = field(default_factory=_none)
    """True where a row is removed. Rows past its end are alive: appending never copies it."""
    count: int = 0

    def with_rows(self, rows: Sequence[int]) -> Tombstones:
        """Bury rows that are alive and distinct."""
        if not rows:
            return self
        dead = np.zeros(max(len(self.dead), max(rows) + 1), np.bool_)
        dead[: len(self.dead)] = self.dead
        dead[np.asarray(rows, np.int64)] = True
        return Tombstones(dead, self.count + len(rows))

    def alive(self, start: int, stop: int) -> Mask | None:
        """Truth for rows start … stop-1; None when all of them are alive."""
        dead = self.dead[start:stop]
        if not dead.any():
            return None
        alive = np.ones(stop - start, np.bool_)
        alive[: len(dead)] = ~dead
        return alive
