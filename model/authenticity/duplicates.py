"""Groups that share a picture are one group: otherwise a copy of a training picture would be tested."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from model.copies.hashes import MATCH_DISTANCE, MIN_QUALITY, PerceptualHash


def joined_groups(groups: Sequence[str], hashes: Sequence[PerceptualHash]) -> NDArray[np.int64]:
    """Number the groups, one number for all that are linked by pictures at most 31 bits apart.

    Returns:
        shape (N,), from 0, one for each picture. Featureless pictures, whose hash means nothing, link nobody.
    """
    _, numbers = np.unique(np.asarray(groups), return_inverse=True)
    parents = np.arange(numbers.max(initial=-1) + 1)
    for one, other in _alike(hashes):
        first, second = _root(parents, numbers[one]), _root(parents, numbers[other])
        parents[max(first, second)] = min(first, second)
    roots = np.array([_root(parents, number) for number in numbers], dtype=np.int64)
    return np.unique(roots, return_inverse=True)[1].astype(np.int64)


def _alike(hashes: Sequence[PerceptualHash]) -> NDArray[np.int64]:
    """Pairs of pictures, shape (M, 2)."""
    usable = np.array([each.quality >= MIN_QUALITY for each in hashes], dtype=bool)
    bits = np.array([np.unpackbits(np.frombuffer(each.bits, np.uint8)) for each in hashes], np.float32)
    signs = bits * 2 - 1
    distances = (signs.shape[1] - signs @ signs.T) / 2
    pairs = (distances <= MATCH_DISTANCE) & usable[:, None] & usable[None, :]
    return np.argwhere(np.triu(pairs, 1)).astype(np.int64)


def _root(parents: NDArray[np.int64], number: int) -> int:
    while parents[number] != number:
        number = int(parents[number])
    return int(number)
