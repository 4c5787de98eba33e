"""Seeded JPEG files of any size, about as hard to decode as photos."""

from __future__ import annotations

from io import BytesIO

import cv2
import numpy as np
from PIL import Image

from model.encoders.probe import textured_pictures
from service.benchmarks.load import NUMBER

_GRAIN = 5.0
"""Standard deviation of noise, so that a pixel takes the 0.2 to 0.4 bytes of a photo."""
_QUALITY = 88
_START, _COMMENT = b"\xff\xd8", b"\xff\xfe"


def jpeg(width: int, height: int, seed: int) -> bytes:
    """One picture of texture, shapes and letters."""
    random = np.random.default_rng(seed)
    large = cv2.resize(textured_pictures(1, seed)[0], (width, height), interpolation=cv2.INTER_CUBIC)
    grain = random.normal(0, _GRAIN, (height, width, 1)).astype(np.float32)
    buffer = BytesIO()
    Image.fromarray(np.clip(large + grain, 0, 255).astype(np.uint8)).save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()


def numbered(data: bytes) -> bytes:
    """The same JPEG with a comment that differs in every request, so that no check knows its bytes already."""
    return _START + _COMMENT + (len(NUMBER) + 2).to_bytes(2, "big") + NUMBER + data[len(_START) :]
