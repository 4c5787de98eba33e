"""Pictures as phones can fetch them: small, upright, seen by nobody else."""

from __future__ import annotations

import cv2
import numpy as np
from fastapi import Response
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.images import PictureLimits, decode
from service.references.endpoints import picture_answer

_QUALITY = 85


def small_jpeg(data: bytes, limits: PictureLimits, side: int) -> bytes:
    """Raises: PictureError: the bytes are not a picture that can be judged."""
    return jpeg(decode(data, limits, max_side=side).pixels)


def jpeg(pixels: RGB) -> bytes:
    ok, data = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    if not ok:
        raise RuntimeError("OpenCV could not encode a picture as JPEG.")
    return data.tobytes()


def red_layer(strength: NDArray[np.float32]) -> bytes:
    """A see-through PNG, red where something differs.

    Args:
        strength: shape (H, W), 0 to 1.
    """
    layer = np.zeros((*strength.shape, 4), np.uint8)
    layer[..., 2], layer[..., 0], layer[..., 1] = 255, 30, 30
    layer[..., 3] = np.round(np.clip(strength, 0, 1) * 200)
    ok, data = cv2.imencode(".png", layer)
    if not ok:
        raise RuntimeError("OpenCV could not encode a heat map as PNG.")
    return data.tobytes()


def jpeg_answer(data: bytes) -> Response:
    return picture_answer(data, "jpeg")
