"""A first look at every candidate, without geometry, so that only some need a close one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.products.planes import STRICT, UNLIKE, Comparison

NAMES = ("cosine", "matches", "votes")


def first_look(
    compared: Sequence[Comparison], cosines: NDArray[np.float64], central: NDArray[np.float32]
) -> NDArray[np.float64]:
    """What speaks for each of C references at first sight, shape (C, 3), as NAMES says.

    Args:
        cosines: shape (C,), of the whole pictures.
        central: shape (K,), what each query keypoint counts.
    """
    distance = np.minimum([each.distance for each in compared], UNLIKE)
    usual = np.partition(distance, 1, axis=0)[1] if len(compared) > 1 else UNLIKE
    matches = np.log1p([float(central[each.mutual & (each.ratio < STRICT)].sum()) for each in compared])
    votes = np.log1p(3 * (central * np.maximum(0, usual - distance)).sum(axis=1))
    return np.stack([cosines, matches, votes], axis=1)
