"""Which keypoints of two pictures look the same.

RootSIFT: Arandjelović and Zisserman, "Three things everyone should know to improve object retrieval", CVPR 2012.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from model.keypoints.detection import Keypoints

RATIO = 0.85
"""A match must be this much nearer than the second nearest (Lowe's test), in Euclidean distance."""

_BLOCK = 100
"""Rows of the likeness that are looked at together."""
_STRONGER = 500
"""Keypoints of the query that are asked first; a multiple of `_BLOCK`."""

_Number = TypeVar("_Number", bound=np.generic)

_LAYOUT = (4, 4, 8)
"""SIFT's rows, columns and directions."""


@dataclass(frozen=True, eq=False)
class Matches:
    """M pairs of keypoints, nearest first."""

    query: NDArray[np.intp]
    """Shape (M,), places in the query's keypoints."""
    reference: NDArray[np.intp]
    """Shape (M,), places in the reference's."""
    ratio: NDArray[np.float32]
    """Shape (M,), distance to the nearest over distance to the second nearest; small is distinctive."""

    def __len__(self) -> int:
        return len(self.query)


def rooted(descriptors: NDArray[np.uint8]) -> NDArray[np.float32]:
    """RootSIFT of (K, 128) SIFT descriptors: unit vectors whose dot product is Bhattacharyya's coefficient."""
    found = descriptors.astype(np.float32)
    found /= np.maximum(found.sum(axis=1, keepdims=True), 1e-9)
    return np.sqrt(found, out=found)


def match(
    query: NDArray[np.float32], reference: NDArray[np.float32], ratio: float = RATIO, *, mutual: bool = True
) -> Matches:
    """Pairs of (K, 128) and (L, 128) RootSIFT descriptors that are each other's nearest and pass the ratio test."""
    if len(query) == 0 or len(reference) < 2:
        return _no_matches()
    nearest = _Nearest.among(len(reference))
    for at in range(0, len(query), _BLOCK):
        nearest.see(query[at : at + _BLOCK] @ reference.T)
    return nearest.matches(ratio, mutual=mutual)


def match_both_senses(
    query: NDArray[np.float32], reference: NDArray[np.float32], ratio: float = RATIO, plenty: int = 60
) -> tuple[Matches, Matches]:
    """Mutual matches of the query as it is and of the query `mirrored`, at about the price of one.

    Mirroring only exchanges numbers of a descriptor, so every descriptor is the sum of a part that mirroring keeps
    and a part whose sign it turns. The dot products of these parts, added, are those of the picture as it is;
    subtracted, those of the mirrored picture. Where the stronger keypoints of the query match in plenty, its
    weaker ones are not asked: they would say the same.

    Args:
        query: (K, 128) `folded` RootSIFT descriptors, strongest keypoint first.
        reference: (L, 128) of the same kind.
        plenty: matches of the stronger keypoints that make the others needless.
    """
    if len(query) == 0 or len(reference) < 2:
        return _no_matches(), _no_matches()
    half = query.shape[1] // 2
    plain, mirror = _Nearest.among(len(reference)), _Nearest.among(len(reference))
    kept, turned = reference[:, :half], reference[:, half:]
    for at in range(0, len(query), _BLOCK):
        if at == _STRONGER:
            found = plain.matches(ratio, mutual=True), mirror.matches(ratio, mutual=True)
            if max(map(len, found)) >= plenty:
                return found
        one = query[at : at + _BLOCK, :half] @ kept.T
        other = query[at : at + _BLOCK, half:] @ turned.T
        plain.see(one + other)
        mirror.see(np.subtract(one, other, out=one))
    return plain.matches(ratio, mutual=True), mirror.matches(ratio, mutual=True)


def folded(roots: NDArray[np.float32]) -> NDArray[np.float32]:
    """(K, 128) RootSIFT in another orthonormal basis: 64 numbers that mirroring keeps, 64 whose sign it turns."""
    swapped = _swapped(roots)
    half = roots.shape[1] // 2  # the upper two rows of cells; mirroring puts them below
    kept, turned = roots[:, :half] + swapped[:, :half], roots[:, :half] - swapped[:, :half]
    return np.ascontiguousarray(np.hstack([kept, turned]) * np.float32(np.sqrt(0.5)))


@dataclass
class _Nearest:
    """What a pass over blocks of rows of the likeness finds; a block stays in the processor's cache."""

    column_best: NDArray[np.float32]
    nearest: list[NDArray[np.intp]]
    first: list[NDArray[np.float32]]
    second: list[NDArray[np.float32]]

    @classmethod
    def among(cls, references: int) -> _Nearest:
        return cls(np.full(references, -1, np.float32), [], [], [])

    def see(self, likeness: NDArray[np.float32]) -> None:
        """Take in the next rows; overwrites them."""
        nearest = likeness.argmax(axis=1)
        every = np.arange(len(likeness))
        np.maximum(self.column_best, likeness.max(axis=0), out=self.column_best)
        self.nearest.append(nearest)
        self.first.append(likeness[every, nearest])
        likeness[every, nearest] = -1
        self.second.append(likeness.max(axis=1))

    def matches(self, ratio: float, *, mutual: bool) -> Matches:
        nearest, likeness = np.concatenate(self.nearest), np.concatenate(self.first)
        ratios = _distance(likeness) / np.maximum(_distance(np.concatenate(self.second)), 1e-6)
        good = ratios < ratio
        if mutual:
            good &= likeness >= self.column_best[nearest]
        kept = np.flatnonzero(good)
        kept = kept[np.argsort(ratios[kept], kind="stable")]
        return Matches(kept, nearest[kept], ratios[kept].astype(np.float32))


def mirrored(keypoints: Keypoints) -> Keypoints:
    """What SIFT would have found in the mirrored picture, without looking at it again.

    Mirroring keeps each keypoint's direction axis and turns over the axis across it: rows of the descriptor
    change places and its directions run the other way round.
    """
    return replace(
        keypoints,
        xy=mirrored_xy(keypoints),
        angle=(180 - keypoints.angle) % 360,
        descriptors=_swapped(keypoints.descriptors),
    )


def mirrored_xy(keypoints: Keypoints) -> NDArray[np.float32]:
    """Where the keypoints lie in the mirrored picture; shape (K, 2)."""
    xy = keypoints.xy.copy()
    xy[:, 0] = keypoints.width - 1 - xy[:, 0]
    return xy


def _swapped(descriptors: NDArray[_Number]) -> NDArray[_Number]:
    rows, columns, directions = _LAYOUT
    grid = descriptors.reshape(-1, rows, columns, directions)
    turned = grid[:, ::-1, :, (-np.arange(directions)) % directions]
    return np.ascontiguousarray(turned.reshape(-1, rows * columns * directions))


def _distance(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.sqrt(np.maximum(2 - 2 * likeness, 0))


def _no_matches() -> Matches:
    nowhere = np.empty(0, np.intp)
    return Matches(nowhere, nowhere, np.empty(0, np.float32))
