"""Whether a mark that was found is the one that was registered, and where not."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.marks.alignment import Canvas, Fit, Floats

Area = tuple[float, float, float, float]
"""Left, top, right, bottom, as shares of the mark's own width and height."""

_SOFT = 0.06
"""Of the longer side: over how much differences are averaged."""
_FEWEST_PIXELS = 12
_QUIET = 4.0


@dataclass(frozen=True)
class Shape:
    """What is measured of an aligned mark."""

    stretch: float
    """How much wider than registered against its height; 1 if not at all."""
    worst: float
    """Share of unexplained variance at the worst place, against what the mark explains on average."""
    areas: tuple[Area, ...]
    """Where that share lies over the tolerance it was measured with."""


def shape_of(found: Fit, canvas: Canvas, tolerance: float) -> Shape:
    """Compare an aligned mark with what was registered.

    Args:
        tolerance: share of unexplained variance that light, weave and blur may leave anywhere.
    """
    share = _unexplained(found, canvas)
    return Shape(_stretch(found, canvas), float(share.max()), _areas(share, canvas, tolerance))


def _unexplained(found: Fit, canvas: Canvas) -> Floats:
    """Shape (h, w): local variance of the residual over the mean variance of the model."""
    sigma = max(1.0, _SOFT * float(np.sqrt(canvas.size[0] * canvas.size[1])))
    within = _within(canvas)
    left = cv2.GaussianBlur(found.residual**2, (0, 0), sigma)
    usual = float((found.model[within] ** 2).mean()) + _QUIET
    return np.asarray(np.where(within, left / usual, 0), np.float32)


def _within(canvas: Canvas) -> NDArray[np.bool_]:
    """Without the ground around the mark, where neighbours may stand."""
    inside = np.zeros(canvas.shape, bool)
    left, top = (round(edge) for edge in canvas.origin)
    inside[top : round(top + canvas.size[1]), left : round(left + canvas.size[0])] = True
    return inside


def _stretch(found: Fit, canvas: Canvas) -> float:
    top_left, top_right, bottom_right, bottom_left = canvas.corners(found.homography)
    across = np.linalg.norm(top_right - top_left) + np.linalg.norm(bottom_right - bottom_left)
    down = np.linalg.norm(bottom_left - top_left) + np.linalg.norm(bottom_right - top_right)
    return float(across) / max(float(down), 1e-6) / (canvas.size[0] / canvas.size[1])


def _areas(share: Floats, canvas: Canvas, tolerance: float) -> tuple[Area, ...]:
    over = (share > tolerance).astype(np.uint8)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(over)
    left, top = canvas.origin
    width, height = canvas.size
    found: list[Area] = []
    for box in boxes[1:count]:
        x, y, across, down, pixels = (int(each) for each in box)
        if pixels < _FEWEST_PIXELS:
            continue
        found.append(
            (
                _share(x - left, width),
                _share(y - top, height),
                _share(x + across - left, width),
                _share(y + down - top, height),
            )
        )
    return tuple(found)


def _share(place: float, extent: float) -> float:
    return min(1.0, max(0.0, place / extent))
