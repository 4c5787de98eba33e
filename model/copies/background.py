"""A likeness counts for as much as it stands out from how alike everyday pictures are.

Score normalisation as in the image similarity challenge: M. Douze et al., "The 2021 Image Similarity Dataset and
Challenge", 2021, section 5.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 3
"""Nearest views of everyday pictures whose mean likeness is taken off."""

Owner = TypeVar("Owner", bound=Hashable)


def everyday(background: NDArray[np.floating]) -> NDArray[np.float32]:
    """How alike everyday pictures are to each tile.

    Args:
        background: (T, B) cosines of T tiles with their nearest views of everyday pictures, in any order; B at least
            `NEIGHBOURS`. Without everyday pictures B is 0, and nothing is taken off.

    Returns:
        Shape (T,).
    """
    tiles, count = background.shape
    if count == 0:
        return np.zeros(tiles, np.float32)
    nearest = np.partition(background, -min(NEIGHBOURS, count), axis=1)[:, -min(NEIGHBOURS, count) :]
    return np.asarray(nearest.mean(axis=1), np.float32)


def normalised(cosines: NDArray[np.floating], background: NDArray[np.floating]) -> NDArray[np.float32]:
    """Cosines (T, N) of tiles and views, less what everyday pictures reach with each tile; in [-2, 2]."""
    return np.asarray(cosines - everyday(background)[:, None], np.float32)


def best_by_owner(
    hits: Sequence[Sequence[tuple[Owner, float]]], background: NDArray[np.floating]
) -> dict[Owner, float]:
    """The best normalised score of each picture over all its views and all tiles, best first.

    Args:
        hits: for each tile the views that a search found, as owner and cosine.
        background: as in `everyday`.
    """
    best: dict[Owner, float] = {}
    for found, usual in zip(hits, everyday(background), strict=True):
        for owner, cosine in found:
            best[owner] = max(best.get(owner, -np.inf), cosine - float(usual))
    return dict(sorted(best.items(), key=lambda each: -each[1]))
