"""The homography under which matched keypoints agree, by MAGSAC++ (Barath et al., CVPR 2020), OpenCV's USAC."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

FEWEST = 5
"""Matches under which no homography is looked for: four fit always, and so say nothing."""


@dataclass(frozen=True, eq=False)
class Alignment:
    """A plane seen in both pictures."""

    homography: NDArray[np.float64]
    """Shape (3, 3), from pixels of the query's working picture to those of the reference's; [2, 2] is 1."""
    inliers: NDArray[np.bool_]
    """Shape (M,), which of the matches agree."""

    @property
    def support(self) -> int:
        return int(self.inliers.sum())


def align(
    query: NDArray[np.float32], reference: NDArray[np.float32], threshold: float = 4.0, trials: int = 1000
) -> Alignment | None:
    """The homography that most of (M, 2) and (M, 2) matched points agree on; None where none does.

    Args:
        threshold: the largest distance in pixels that may still count as agreement.
        trials: most samples drawn; the draw is seeded, so the same matches give the same answer.
    """
    if len(query) < FEWEST:
        return None
    matrix, kept = cv2.findHomography(
        query, reference, cv2.USAC_MAGSAC, threshold, maxIters=trials, confidence=0.999
    )
    if matrix is None or not np.isfinite(matrix).all() or abs(matrix[2, 2]) < 1e-12:
        return None
    return Alignment(matrix / matrix[2, 2], kept.ravel().astype(bool))


def is_sane(homography: NDArray[np.float64], width: int, height: int, most_scaled: float = 12.0) -> bool:
    """Could a camera, or an editor, have done this to a picture of `width` × `height`?

    Its corners must stay in front of the viewer and in their order (either way round), the quadrilateral convex,
    and neither its sides nor its area scaled more than `most_scaled` (squared) times or less than the inverse.
    """
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    flat = np.c_[corners, np.ones(4)] @ homography.T
    if not ((flat[:, 2] > 1e-6).all() or (flat[:, 2] < -1e-6).all()):
        return False
    moved = flat[:, :2] / flat[:, 2:]
    sides = np.roll(moved, -1, axis=0) - moved
    following = np.roll(sides, -1, axis=0)
    turns = sides[:, 0] * following[:, 1] - sides[:, 1] * following[:, 0]
    if not ((turns > 0).all() or (turns < 0).all()):
        return False
    area = abs(moved[:, 0] @ np.roll(moved[:, 1], -1) - moved[:, 1] @ np.roll(moved[:, 0], -1)) / 2
    if not most_scaled**-2 < area / (width * height) < most_scaled**2:
        return False
    lengths = np.linalg.norm(sides, axis=1) / np.array([width, height, width, height])
    return bool(lengths.min() > 1 / most_scaled and lengths.max() < most_scaled)


def carried(points: NDArray[np.floating], homography: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 2) points carried over by a homography."""
    flat = np.c_[np.asarray(points, np.float64), np.ones(len(points))] @ homography.T
    return np.asarray(flat[:, :2] / flat[:, 2:], np.float64)


def inverse(homography: NDArray[np.float64]) -> NDArray[np.float64]:
    """The way back; of a sane homography there always is one."""
    return np.asarray(np.linalg.inv(homography), np.float64)
