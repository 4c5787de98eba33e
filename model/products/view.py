"""A reference, prepared for being compared with many queries: its product without the studio's ground."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.keypoints import LocalPicture
from model.products.trimming import product_box

MOST = 600
"""Keypoints of a reference that are compared, the strongest; time grows with them."""
TONE_SIDE = 112
"""Pixels of the longer side at which tones are compared."""


@dataclass(frozen=True, eq=False)
class ProductView:
    """Made of what is kept at enrolment; nothing more need be stored. Keep it as long as the reference is in use."""

    local: LocalPicture

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the product in the picture, as shares of its sides."""
        return product_box(self.local.thumbnail)

    @cached_property
    def frame(self) -> tuple[float, float]:
        """Width and height of the product in pixels of the working picture."""
        left, top, right, bottom = self.box
        points = self.local.keypoints
        return (right - left) * points.width, (bottom - top) * points.height

    @cached_property
    def xy(self) -> NDArray[np.float32]:
        """Keypoints in pixels from the product's top left corner, shape (K, 2)."""
        left, top = self.box[:2]
        points = self.local.keypoints
        return points.xy[:MOST] - np.array([left * points.width, top * points.height], np.float32)

    @cached_property
    def roots(self) -> NDArray[np.float32]:
        """RootSIFT descriptors, shape (K, 128)."""
        return self.local.roots[:MOST]

    @cached_property
    def tones(self) -> NDArray[np.float32]:
        """The product small, in CIELAB: shape (h, w, 3), longer side at most `TONE_SIDE`."""
        height, width = self.local.thumbnail.shape[:2]
        left, top, right, bottom = (
            round(share * side) for share, side in zip(self.box, (width, height) * 2, strict=True)
        )
        return as_tones(self.local.thumbnail[top:bottom, left:right], TONE_SIDE)


def as_tones(pixels: RGB, side: int) -> NDArray[np.float32]:
    """An (H, W, 3) picture reduced to `side` and in CIELAB: lightness 0 to 100, two axes of colour about 0."""
    height, width = pixels.shape[:2]
    factor = min(1.0, side / max(height, width))
    size = max(1, round(width * factor)), max(1, round(height * factor))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), np.float32)
