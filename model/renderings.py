"""A picture as it might as well have been sent: mirrored, cut a little, saved anew. What it shows stays the same."""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np

from model.encoders.base import RGB

MARGIN = 0.04
"""Share of each side that the cut drops on either end; 0.85 of the area stays."""
JPEG_QUALITY = 60
"""At which marketplaces save thumbnails; blocks begin to show."""


class Rendering(StrEnum):
    MIRRORED = "mirrored"
    CROPPED = "cropped"
    ENCODED = "encoded"


def renderings(rgb: RGB) -> dict[Rendering, RGB]:
    """Every rendering of a picture, each as contiguous RGB.

    Args:
        rgb: shape (height, width, 3).
    """
    down, across = (round(side * MARGIN) for side in rgb.shape[:2])
    cut = rgb[down : rgb.shape[0] - down, across : rgb.shape[1] - across]
    return {
        Rendering.MIRRORED: np.ascontiguousarray(rgb[:, ::-1]),
        Rendering.CROPPED: np.ascontiguousarray(cut),
        Rendering.ENCODED: _encoded(rgb),
    }


def _encoded(rgb: RGB) -> RGB:
    """Through JPEG and back; a picture that cannot be encoded is a fault of ours."""
    ok, data = cv2.imencode(".jpg", rgb[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not ok:
        raise RuntimeError("OpenCV could not encode a picture as JPEG.")
    decoded = np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(decoded[:, :, ::-1])
