"""Where else in a capture does one of its things lie, turned any way, under or over others?

A place is taken for another one where the attenuation follows the pattern of the thing (normalised correlation within
its outline) and there is as much of it as the thing has, after all that was found before is taken away.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.xray.attenuation import Plane

_TURNS = 24
_CANDIDATES = 400


@dataclass(frozen=True)
class MatchLimits:
    correlation: float = 0.60
    """Of the pattern, where a place is looked at."""
    contained: float = 0.80
    """Share of the thing that must be there."""


@dataclass(frozen=True, eq=False)
class Match:
    x: float
    """Of its middle, in pixels of the plane."""
    y: float
    correlation: float


def find_again(plane: Plane, thing: Plane, limits: MatchLimits, most: int = 60) -> list[Match]:
    """All places of a thing, itself among them, surest first.

    Args:
        plane: attenuation above its ground, shape (height, width).
        thing: attenuation of the thing alone, 0 outside its outline; smaller than the plane.
    """
    turned = [_turned(thing, 360.0 * at / _TURNS) for at in range(_TURNS)]
    candidates = sorted(
        (each for number, one in enumerate(turned) for each in _peaks(plane, one, number, limits)),
        key=lambda each: -each[0],
    )
    left, apart, found = plane.copy(), 0.45 * min(thing.shape), list[Match]()
    for correlation, left_edge, top, number in candidates[:_CANDIDATES]:
        one = turned[number]
        window = left[top : top + one.shape[0], left_edge : left_edge + one.shape[1]]
        x, y = left_edge + one.shape[1] / 2, top + one.shape[0] / 2
        if any(np.hypot(x - each.x, y - each.y) < apart for each in found):
            continue
        if float(np.minimum(window, one).sum()) < limits.contained * float(one.sum()):
            continue
        np.maximum(window - one, 0.0, out=window)
        found.append(Match(x, y, correlation))
        if len(found) == most:
            break
    return found


def _peaks(plane: Plane, thing: Plane, number: int, limits: MatchLimits) -> list[tuple[float, int, int, int]]:
    if thing.shape[0] > plane.shape[0] or thing.shape[1] > plane.shape[1]:
        return []
    mask = cv2.dilate((thing > 0).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    scores = cv2.matchTemplate(plane, thing, cv2.TM_CCOEFF_NORMED, mask=mask)
    scores = np.nan_to_num(scores, nan=-1.0, posinf=-1.0, neginf=-1.0)
    best = cv2.dilate(scores, np.ones((5, 5), np.uint8))
    rows, columns = np.nonzero((scores >= limits.correlation) & (scores == best) & (scores <= 1.001))
    return [
        (float(scores[row, column]), int(column), int(row), number)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
    ]


def _turned(thing: Plane, degrees: float) -> Plane:
    height, width = thing.shape
    side = int(np.ceil(np.hypot(height, width))) + 2
    move = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    move[:, 2] += side / 2 - np.array([width / 2, height / 2])
    turned = cv2.warpAffine(thing, move, (side, side))
    inside = turned > 0.02
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return thing
    cut: NDArray[np.float32] = turned[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return np.ascontiguousarray(cut)
