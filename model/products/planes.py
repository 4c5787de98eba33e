"""Which keypoints of a query are found in a reference, and the plane of the product that carries them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from model.keypoints import Keypoints, align, is_sane
from model.keypoints.geometry import carried
from model.products.view import ProductView

UNLIKE = 0.8
"""Distance of two RootSIFT descriptors from which on they have nothing in common; unrelated ones lie beyond it."""
_RATIO = 0.88
LOOSE = 0.9
STRICT = 0.85
_NEAR = 0.65
"""Least cosine of a match; the distance ratio is asked of nothing less alike."""
_ALIKE = 0.72
"""Least cosine of keypoints that count once the plane is known; 0.75 in distance."""
_FEWEST = 5


@dataclass(frozen=True, eq=False)
class Comparison:
    """What each of K query keypoints finds in one reference, wherever it lies."""

    likeness: NDArray[np.float32]
    """Shape (K, L), cosines of RootSIFT descriptors."""
    nearest: NDArray[np.intp]
    """Shape (K,), the most alike keypoint of the reference."""
    distance: NDArray[np.float32]
    """Shape (K,), to it, in [0, √2]."""
    ratio: NDArray[np.float32]
    """Shape (K,), that distance over the one to the second nearest; 1 where the nearest is too far to count."""

    @cached_property
    def mutual(self) -> NDArray[np.bool_]:
        """Shape (K,), whether it is the nearest from there too; looked up only where the ratio is good."""
        good = np.flatnonzero(self.ratio < LOOSE)
        found = np.zeros(len(self.ratio), np.bool_)
        if len(good):
            found[good] = self.likeness[:, self.nearest[good]].argmax(axis=0) == good
        return found


@dataclass(frozen=True, eq=False)
class Plane:
    """A side of the product, seen in both pictures."""

    homography: NDArray[np.float64]
    """Shape (3, 3), from the query's working picture to the product's frame in the reference's."""
    inliers: NDArray[np.intp]
    """Shape (I,), query keypoints on which it was found."""
    inliers_at: NDArray[np.intp]
    """Shape (I,), the reference's."""
    held: NDArray[np.intp]
    """Query keypoints, G of them, that find their like where the plane puts them."""
    held_distance: NDArray[np.float32]
    """Shape (G,)."""
    held_at: NDArray[np.intp]
    """Shape (G,), the reference's keypoints."""
    covered: int
    """How many query keypoints the plane puts inside the product."""


def compare(roots: NDArray[np.float32], others: NDArray[np.float32]) -> Comparison:
    """Find each of (K, 128) query descriptors among (L, 128); nothing is found among fewer than two."""
    if len(roots) == 0 or len(others) < 2:
        return _nothing(len(roots), len(others))
    likeness = roots @ others.T
    nearest = likeness.argmax(axis=1)
    most = likeness[np.arange(len(roots)), nearest]
    distance = _distance(most)
    near = np.flatnonzero(most > _NEAR)
    ratio = np.ones(len(roots), np.float32)
    ratio[near] = distance[near] / np.maximum(_distance(_second(likeness[near], nearest[near])), 1e-6)
    return Comparison(likeness, nearest, distance, ratio)


def _nothing(keypoints: int, others: int) -> Comparison:
    return Comparison(
        likeness=np.zeros((keypoints, others), np.float32),
        nearest=np.zeros(keypoints, np.intp),
        distance=np.full(keypoints, np.sqrt(2), np.float32),
        ratio=np.ones(keypoints, np.float32),
    )


def lay(points: Keypoints, view: ProductView, compared: Comparison) -> Plane | None:
    """The plane on which most of the distinctive matches agree; None where there is none that a camera could see."""
    likely = np.flatnonzero((compared.ratio < _RATIO) & compared.mutual)
    likely = likely[np.argsort(compared.ratio[likely], kind="stable")]
    found = _agreed(points.xy[likely], view.xy[compared.nearest[likely]], view)
    if found is None:
        return None
    homography, agreeing = found
    return _held(points, view, compared, homography, likely[agreeing])


def _agreed(
    query: NDArray[np.float32], reference: NDArray[np.float32], view: ProductView
) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
    """A homography, or where none is sane an affine map: of a few matches it makes less nonsense."""
    if len(query) < _FEWEST:
        return None
    threshold = 0.02 * max(view.frame) + 1
    found = align(query, reference, threshold)
    if found is not None and _is_sane(found.homography, view):
        return found.homography, found.inliers
    affine, kept = cv2.estimateAffine2D(
        query,
        reference,
        method=cv2.USAC_MAGSAC,
        ransacReprojThreshold=threshold,
        maxIters=1000,
        confidence=0.999,
    )
    if affine is None or int(kept.sum()) < _FEWEST:
        return None
    homography = np.vstack([affine, [0, 0, 1]])
    return (homography, kept.ravel().astype(bool)) if _is_sane(homography, view) else None


def _is_sane(homography: NDArray[np.float64], view: ProductView) -> bool:
    """Asked of the product laid into the query: how the rest of the query would be carried does not matter."""
    if abs(np.linalg.det(homography)) < 1e-9:
        return False
    width, height = view.frame
    back = np.asarray(np.linalg.inv(homography), np.float64)
    return is_sane(back, round(width), round(height))


def _held(
    points: Keypoints,
    view: ProductView,
    compared: Comparison,
    homography: NDArray[np.float64],
    inliers: NDArray[np.intp],
) -> Plane | None:
    width, height = view.frame
    at = carried(points.xy, homography).astype(np.float32)
    inside = ((at > -5) & (at < (width + 5, height + 5))).all(axis=1)
    if int(inside.sum()) < _FEWEST:
        return None
    possible = np.flatnonzero(inside & (compared.distance < _distance(np.float32(_ALIKE))))
    reach = 0.025 * max(width, height) + 1
    near = (np.abs(at[possible, None, 0] - view.xy[:, 0]) < reach) & (
        np.abs(at[possible, None, 1] - view.xy[:, 1]) < reach
    )
    alike = np.where(near, compared.likeness[possible], -1)
    best = alike.argmax(axis=1)
    most = alike[np.arange(len(possible)), best]
    kept = most > _ALIKE
    return Plane(
        homography,
        inliers,
        compared.nearest[inliers],
        possible[kept],
        _distance(most[kept]),
        best[kept],
        covered=int(inside.sum()),
    )


def _second(likeness: NDArray[np.float32], nearest: NDArray[np.intp]) -> NDArray[np.float32]:
    """The second largest of each row; overwrites the largest."""
    likeness[np.arange(len(likeness)), nearest] = -1
    return np.asarray(likeness.max(axis=1), np.float32)


def _distance(likeness: NDArray[np.float32] | np.float32) -> NDArray[np.float32]:
    return np.asarray(np.sqrt(np.maximum(2 - 2 * likeness, 0)), np.float32)
