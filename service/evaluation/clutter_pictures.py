"""Seeded pictures whose small products are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import numpy as np

from model.evaluation.kit import KitProduct
from model.regions.scenes import Scene, scene
from service.evaluation.clutter_photos import photo

SHARES = (0.08, 0.15)
"""Of the picture's area, that one product fills."""


class Kind(StrEnum):
    SINGLE = "single"
    """One product that is enrolled."""
    SEVERAL = "several"
    """Two to four of them."""
    FOREIGN = "foreign"
    """One product of a brand that is not enrolled."""
    PLAIN = "plain"
    """The photo as it is."""


def pictures(
    kind: Kind, paths: Sequence[Path], products: Sequence[KitProduct], count: int, rng: np.random.Generator
) -> Iterator[Scene]:
    """Photos in the order of a shuffle, again from the start when all were used, with products drawn at random."""
    order = rng.permutation(len(paths))
    for number in range(count):
        background = photo(paths[int(order[number % len(order)])])
        if kind is Kind.PLAIN:
            yield Scene(background, np.empty((0, 4)), ())
            continue
        shown = int(rng.integers(2, 5)) if kind is Kind.SEVERAL else 1
        drawn = rng.choice(len(products), shown, replace=False)
        yield scene(background, [products[int(at)] for at in drawn], rng, SHARES)
