"""Which part of two pictures a homography lays over each other, in fractions of their width and height."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.keypoints.geometry import carried, inverse

Polygon = tuple[tuple[float, float], ...]
"""Corners in order, each (x, y) in fractions of the picture's width and height."""

FRAME = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float64)
"""The whole picture."""
MIRROR = np.array([[-1.0, 0, 1], [0, 1, 0], [0, 0, 1]])
"""Left and right changed, in fractions."""


SMALLEST_AREA = 1e-4
"""Share of the reference; what covers less is no overlap."""


@dataclass(frozen=True, eq=False)
class Overlap:
    """What both pictures show, were the homography true."""

    query: NDArray[np.float64]
    """Shape (N, 2), corners of a convex polygon in fractions of the query."""
    reference: NDArray[np.float64]
    """Shape (N, 2), the same corners in fractions of the reference."""

    @property
    def query_share(self) -> float:
        return area(self.query)

    @property
    def reference_share(self) -> float:
        return area(self.reference)


def overlap(homography: NDArray[np.float64]) -> Overlap | None:
    """Of a sane homography from fractions of the query to fractions of the reference; None where they do not meet."""
    on_reference = _within_frame(carried(FRAME, homography))
    if len(on_reference) < 3 or area(on_reference) < SMALLEST_AREA:
        return None
    on_query = carried(on_reference, inverse(homography))
    return Overlap(np.clip(on_query, 0, 1), on_reference)


def area(polygon: NDArray[np.float64]) -> float:
    """Of (N, 2) corners in order, by the shoelace formula."""
    x, y = polygon[:, 0], polygon[:, 1]
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def _within_frame(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """The part of a convex polygon inside the frame: one side of the frame cut after another.

    Sutherland and Hodgman, "Reentrant Polygon Clipping", CACM 17 (1974). OpenCV's intersection of convex polygons
    goes wrong where edges lie upon each other, and of a copy they do.
    """
    for axis, limit, sign in ((0, 0.0, 1), (0, 1.0, -1), (1, 0.0, 1), (1, 1.0, -1)):
        inside = sign * (corners[:, axis] - limit)
        kept: list[NDArray[np.float64]] = []
        for at in range(len(corners)):
            here, there = inside[at - 1], inside[at]
            if here * there < 0:
                kept.append(corners[at - 1] + here / (here - there) * (corners[at] - corners[at - 1]))
            if there >= 0:
                kept.append(corners[at])
        corners = np.array(kept).reshape(-1, 2)
        if len(corners) < 3:
            break
    return corners


def to_fractions(width: int, height: int) -> NDArray[np.float64]:
    """Shape (3, 3): from pixels, whose centres are whole numbers, to fractions of the picture's extent."""
    return np.array([[1 / width, 0, 0.5 / width], [0, 1 / height, 0.5 / height], [0, 0, 1]])


def as_polygon(corners: NDArray[np.float64]) -> Polygon:
    return tuple((round(float(x), 4), round(float(y), 4)) for x, y in np.clip(corners, 0, 1))
