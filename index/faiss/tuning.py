"""When a partition is searched exactly, and what it must hold once it is not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Tuning:
    exact_numbers: int = 2**24
    """Numbers (rows times dimensions) that one search reads in full; 32,768 rows of 512 (README, Threshold)."""
    seal_rows: int = 4_096
    """Fresh rows that a search of a large partition reads in full before they are settled."""
    target_recall: float = 0.99
    """At 10, in (0, 1]; what trained search must surely hold when it is measured."""
    dead_share: float = 0.25
    """Removed rows, of all, above which they are dropped."""
    growth: float = 2.0
    """Factor over the rows at the last training above which it is done again."""

    def exact_rows(self, dimension: int) -> int:
        return max(1, self.exact_numbers // dimension)
