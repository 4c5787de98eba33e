"""Catalogue pictures stand on an even ground that belongs to the studio, not to the product: it is cut away."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB

WHOLE = (0.0, 0.0, 1.0, 1.0)
_DIFFERENT = 12
"""Levels of any channel by which a pixel must differ from the ground."""
_EVEN = 0.6
"""Least share of the border that must be ground; a photo taken in a room has none."""
_SMALLEST = 0.25
"""Least share of a side that must remain; less is taken for a mistake."""


def product_box(pixels: RGB) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what is not ground in an (H, W, 3) picture, as shares of its sides.

    The whole picture where its border is no even ground.
    """
    different = _differs(pixels)
    border = _border(different)
    if 1 - border.mean() < _EVEN:
        return WHOLE
    kept = cv2.morphologyEx(different.astype(np.uint8), cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    rows, columns = np.flatnonzero(kept.any(axis=1)), np.flatnonzero(kept.any(axis=0))
    height, width = kept.shape
    if len(rows) < _SMALLEST * height or len(columns) < _SMALLEST * width:
        return WHOLE
    return (
        float(columns[0] / width),
        float(rows[0] / height),
        float((columns[-1] + 1) / width),
        float((rows[-1] + 1) / height),
    )


def _differs(pixels: RGB) -> NDArray[np.bool_]:
    ground = np.median(_border(pixels), axis=0).astype(np.int16)
    return np.asarray((np.abs(pixels.astype(np.int16) - ground) > _DIFFERENT).any(axis=2))


def _border(picture: NDArray[Any]) -> NDArray[Any]:
    return np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
