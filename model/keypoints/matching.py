"""Which keypoints of two pictures look the same.

RootSIFT: Arandjelović and Zisserman, "Three things everyone should know to improve object retrieval", CVPR 2012.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from model.keypoints.detection import Keypoints

RATIO = 0.85
"""A match must be this much nearer than the second nearest (Lowe's test), in Euclidean distance."""

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
    likeness = query @ reference.T
    nearest = likeness.argmax(axis=1)
    every = np.arange(len(query))
    first = _distance(likeness[every, nearest])
    back = likeness.argmax(axis=0)
    likeness[every, nearest] = -1
    second = _distance(likeness.max(axis=1))
    ratios = first / np.maximum(second, 1e-6)
    good = ratios < ratio
    if mutual:
        good &= back[nearest] == every
    kept = np.flatnonzero(good)
    kept = kept[np.argsort(ratios[kept], kind="stable")]
    return Matches(kept, nearest[kept], ratios[kept].astype(np.float32))


def mirrored(keypoints: Keypoints) -> Keypoints:
    """What SIFT would have found in the mirrored picture, without looking at it again.

    Mirroring keeps each keypoint's direction axis and turns over the axis across it: rows of the descriptor
    change places and its directions run the other way round.
    """
    rows, columns, directions = _LAYOUT
    grid = keypoints.descriptors.reshape(-1, rows, columns, directions)
    turned = grid[:, ::-1, :, (-np.arange(directions)) % directions]
    xy = keypoints.xy.copy()
    xy[:, 0] = keypoints.width - 1 - xy[:, 0]
    return replace(
        keypoints,
        xy=xy,
        angle=(180 - keypoints.angle) % 360,
        descriptors=np.ascontiguousarray(turned.reshape(-1, rows * columns * directions)),
    )


def _distance(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.sqrt(np.maximum(2 - 2 * likeness, 0))


def _no_matches() -> Matches:
    nowhere = np.empty(0, np.intp)
    return Matches(nowhere, nowhere, np.empty(0, np.float32))
