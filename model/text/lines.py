"""A line of text in a picture, and where it stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Polygon = tuple[tuple[float, float], ...]
"""Corners in pixels of the picture, x right and y down; for a line of text from its top left, in reading direction."""


@dataclass(frozen=True)
class TextLine:
    text: str
    confidence: float
    """Mean probability of the characters, 0 to 1."""
    polygon: Polygon
    letters: float | None = None
    """Height of the letters in pixels, where it is not that of the polygon."""

    @property
    def height(self) -> float:
        """Of the letters, in pixels."""
        return min(sides(self.polygon)) if self.letters is None else self.letters

    @property
    def area(self) -> float:
        """Square pixels."""
        return area(self.polygon)

    def part(self, start: int, end: int) -> Polygon:
        """Where characters `start` to `end` stand, if all are equally wide."""
        return part_of(self.polygon, start / max(1, len(self.text)), end / max(1, len(self.text)))


def part_of(polygon: Polygon, start: float, end: float) -> Polygon:
    """The piece of a four-cornered line between two shares of its length, 0 to 1."""
    top_left, top_right, bottom_right, bottom_left = (np.array(corner) for corner in polygon)
    return _corners(
        np.stack(
            [
                top_left + (top_right - top_left) * start,
                top_left + (top_right - top_left) * end,
                bottom_left + (bottom_right - bottom_left) * end,
                bottom_left + (bottom_right - bottom_left) * start,
            ]
        )
    )


def band_of(polygon: Polygon, top: float, bottom: float) -> Polygon:
    """The piece of a four-cornered line between two shares of its height, 0 to 1."""
    left, right, low_right, low_left = polygon
    turned = part_of((left, low_left, low_right, right), top, bottom)
    return turned[0], turned[3], turned[2], turned[1]


def around(polygons: list[Polygon]) -> Polygon:
    """The upright box around several."""
    every = np.concatenate([np.array(polygon) for polygon in polygons])
    (left, top), (right, bottom) = every.min(axis=0), every.max(axis=0)
    return _corners(np.array([[left, top], [right, top], [right, bottom], [left, bottom]]))


def sides(polygon: Polygon) -> tuple[float, float]:
    """Mean lengths along and across the line, in pixels."""
    corners = np.array(polygon)
    lengths = np.linalg.norm(np.roll(corners, -1, axis=0) - corners, axis=1)
    return float(lengths[0] + lengths[2]) / 2, float(lengths[1] + lengths[3]) / 2


def area(polygon: Polygon) -> float:
    """By the shoelace formula, in square pixels."""
    x, y = np.array(polygon).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _corners(points: NDArray[np.float64]) -> Polygon:
    return tuple((float(x), float(y)) for x, y in points)
