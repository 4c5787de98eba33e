"""Where a photo throws the light back: patches so bright that what is printed under them is lost.

White paper is as bright. It is told from glare by its edge: paper ends within a pixel or two, light fades. Bars come
from drawn patches of light on the photos of the kit, see `tests/model/test_glare.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB

WORKING_SIDE = 512
LEAST_SHARE = 0.004
"""Of the picture; a smaller patch hides next to nothing."""
_SATURATED = 250
_NEAR, _FAR = 5, 31
"""Widths of the two rings around a patch, in pixels of the working copy."""
_FADES_FROM, _FADES_TO = 195, 246
"""Mean brightness of the near ring: paper drops below, a white ground stays above."""
_LEAST_FALL = 6
"""By how much the far ring is darker than the near one."""
_MOST = 5


@dataclass(frozen=True)
class Glare:
    left: float
    top: float
    right: float
    bottom: float
    """In shares of the picture's sides."""
    share: float
    """Of the picture's area."""


def find_glare(pixels: RGB) -> tuple[Glare, ...]:
    """Patches of glare, largest first, at most five."""
    brightness = _working(pixels).min(axis=2)
    saturated = (brightness >= _SATURATED).astype(np.uint8)
    saturated = np.asarray(cv2.morphologyEx(saturated, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(saturated, connectivity=8)
    least = LEAST_SHARE * saturated.size
    large = [at for at in range(1, count) if stats[at, cv2.CC_STAT_AREA] >= least]
    large.sort(key=lambda at: -int(stats[at, cv2.CC_STAT_AREA]))
    found = [
        _patch(stats[at], brightness.shape) for at in large[: 2 * _MOST] if _fades(labels == at, brightness)
    ]
    return tuple(found[:_MOST])


def _working(pixels: RGB) -> RGB:
    scale = WORKING_SIDE / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _fades(patch: NDArray[np.bool_], brightness: NDArray[np.uint8]) -> bool:
    near = _grown(patch, _NEAR)
    first, second = near & ~patch, _grown(patch, _FAR) & ~near
    if not first.any() or not second.any():
        return False
    inner, outer = float(brightness[first].mean()), float(brightness[second].mean())
    return _FADES_FROM <= inner <= _FADES_TO and inner - outer >= _LEAST_FALL


def _grown(patch: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
    return np.asarray(cv2.dilate(patch.astype(np.uint8), kernel), np.uint8) > 0


def _patch(stats: NDArray[np.int32], shape: tuple[int, ...]) -> Glare:
    height, width = shape
    left, top, across, down, area = (int(each) for each in stats[:5])
    return Glare(
        left / width, top / height, (left + across) / width, (top + down) / height, area / (width * height)
    )
