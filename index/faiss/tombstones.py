"""Which rows of a partition are removed but still lie there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from index.faiss.columns import Mask


def _none() -> Mask:
    return np.zeros(0, np.bool_)


_LONG, _SPANS = 16_384, 32


@dataclass(frozen=True, eq=False)
class Living:
    """Which rows of a span are alive, or chosen among those, in the forms that searches need."""

    mask: Mask

    @cached_property
    def count(self) -> int:
        return int(np.count_nonzero(self.mask))

    @cached_property
    def bits(self) -> NDArray[np.uint8]:
        """Eight rows a byte, the lowest row in the lowest bit."""
        return np.packbits(self.mask, bitorder="little")


@dataclass(frozen=True, eq=False)
class Tombstones:
    """Immutable, so that a search under way keeps the ones it started with."""

    dead: Mask = field(default_factory=_none)
    """True where a row is removed. Rows past its end are alive: appending never copies it."""
    count: int = 0
    _known: dict[tuple[int, int], Living | None] = field(default_factory=dict, repr=False)
    """Of long spans, so that searches between two removals share them."""

    def with_rows(self, rows: Sequence[int]) -> Tombstones:
        """Bury rows that are alive and distinct."""
        if not rows:
            return self
        dead = np.zeros(max(len(self.dead), max(rows) + 1), np.bool_)
        dead[: len(self.dead)] = self.dead
        dead[np.asarray(rows, np.int64)] = True
        return Tombstones(dead, self.count + len(rows))

    def alive(self, start: int, stop: int) -> Living | None:
        """Truth for rows start … stop-1; None when all of them are alive."""
        if stop - start < _LONG:
            return self._alive(start, stop)
        try:
            return self._known[start, stop]
        except KeyError:
            living = self._alive(start, stop)
        if len(self._known) >= _SPANS:
            self._known.clear()  # a fresh part that grows makes a new span with every call
        self._known[start, stop] = living
        return living

    def _alive(self, start: int, stop: int) -> Living | None:
        dead = self.dead[start:stop]
        if not dead.any():
            return None
        alive = np.ones(stop - start, np.bool_)
        alive[: len(dead)] = ~dead
        return Living(alive)
