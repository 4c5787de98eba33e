"""Which part of a studio picture is the goods: what is not its even ground and the soft shadow on it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB

Mask = NDArray[np.bool_]

_RING = 6
_EVEN = 12
"""Grey levels within which the picture's rim is one ground."""
_LEAST_EVEN = 0.995
"""Share of the rim: what reaches the rim is no single thing on a ground, but a print that goes on."""
_SOFT = 5.0
"""Grey levels a pixel: steeper than any shadow on a studio's ground."""
_DARKEST_SHADOW = 0.55
_NEUTRAL = 10
"""Grey levels by which a shadow's colour may differ from the ground's."""
_OPENED = 7
_HOLE = 9
_WHITE = 250
_LEAST_SHARE = 0.1
_LEAST_SOLID = 0.8
_MOST_BESIDE = 0.1


def goods(reference: RGB) -> Mask | None:
    """Shape (H, W); None where the picture has no even ground all along its rim, so that nothing tells them apart."""
    ring = _ring(reference)
    ground = np.median(ring, axis=0)
    if (np.abs(ring - ground).max(axis=1) <= _EVEN).mean() < _LEAST_EVEN:
        return None
    found = _largest(~_reached_from_rim(_could_be_ground(reference, ground)), white=ground.min() >= _WHITE)
    if found is None:
        return None
    return np.asarray(found & ~_holes(reference, ground), np.bool_)


def rim(found: Mask) -> Mask:
    """The strip along the goods' own edge: what lies over it comes in from outside."""
    inner = cv2.erode(
        found.astype(np.uint8), np.ones((19, 19), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=1
    )
    return np.asarray(found & (inner == 0), np.bool_)


def _ring(pixels: RGB) -> NDArray[np.int16]:
    sides = (pixels[:_RING], pixels[-_RING:], pixels[:, :_RING], pixels[:, -_RING:])
    return np.concatenate([side.reshape(-1, 3) for side in sides]).astype(np.int16)


def _could_be_ground(reference: RGB, ground: NDArray[np.floating]) -> NDArray[np.uint8]:
    smooth = cv2.GaussianBlur(reference, (0, 0), 1.0)
    grey = smooth.mean(axis=2).astype(np.float32)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, x, 1 - x, ksize=3) / 8 for x in (1, 0))
    spread = smooth.max(axis=2).astype(np.int16) - smooth.min(axis=2)
    neutral = np.abs(spread - float(np.ptp(ground))) <= _NEUTRAL
    light = grey > _DARKEST_SHADOW * ground.mean()
    return np.asarray(neutral & light & (np.hypot(across, down) < _SOFT), np.uint8)


def _reached_from_rim(could_be: NDArray[np.uint8]) -> Mask:
    _, labels = cv2.connectedComponents(could_be, connectivity=4)
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    return np.asarray(np.isin(labels, edge[edge > 0]), np.bool_)


def _largest(found: Mask, *, white: bool) -> Mask | None:
    """Opened, with what it encloses; on white, whose goods may be white in part, all within their outline."""
    opened = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_OPEN, np.ones((_OPENED, _OPENED), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    if count < 2:
        return None
    largest = labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    outside = cv2.copyMakeBorder((~largest).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=1)
    _, labels = cv2.connectedComponents(outside)
    filled = np.asarray((labels != labels[0, 0])[1:-1, 1:-1], np.bool_)
    if _is_one_thing(filled, opened):
        return filled
    return _outline(opened) if white and opened.mean() >= _LEAST_SHARE else None


def _outline(opened: NDArray[np.uint8]) -> Mask:
    covered = np.zeros(opened.shape, np.uint8)
    cv2.fillConvexPoly(covered, cv2.convexHull(cv2.findNonZero(opened)), 1)
    return covered > 0


def _is_one_thing(filled: Mask, found: NDArray[np.uint8]) -> bool:
    """Large, without deep bays, and hardly anything beside it: else the even ground is part of the print itself."""
    places = cv2.findNonZero(filled.astype(np.uint8))
    around = cv2.contourArea(cv2.convexHull(places))
    beside = int(found.sum()) - int((found.astype(bool) & filled).sum())
    area = int(filled.sum())
    return area >= max(_LEAST_SHARE * filled.size, _LEAST_SOLID * around) and beside <= _MOST_BESIDE * area


def _holes(reference: RGB, ground: NDArray[np.floating]) -> Mask:
    """Where the very ground shows through, as in the loop of a tag."""
    same = (np.abs(reference.astype(np.int16) - ground).max(axis=2) <= 2).astype(np.uint8)
    opened = cv2.morphologyEx(same, cv2.MORPH_OPEN, np.ones((_HOLE, _HOLE), np.uint8))
    return np.asarray(cv2.dilate(opened, np.ones((7, 7), np.uint8)) > 0, np.bool_)
