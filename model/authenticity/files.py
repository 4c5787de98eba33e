"""What a file tells without its picture: the second control, since sellers of one kind share sites and cameras."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FILE_PROPERTIES = ("bytes", "width", "height", "aspect", "bytes_per_pixel", "jpeg_quality", "is_jpeg", "exif")
_MEAN_OF_STANDARD_TABLE = 57.625
"""Mean of the luminance quantisation table at quality 50, ITU-T T.81, table K.1."""


def file_properties(data: bytes) -> NDArray[np.float32]:
    """The properties named in `FILE_PROPERTIES`, as one row of shape (1, 8); amounts as logarithms.

    Args:
        data: a picture that has been decoded without an error.
    """
    with Image.open(io.BytesIO(data)) as opened:
        width, height = opened.size
        tables: dict[int, list[int]] = getattr(opened, "quantization", None) or {}
        has_exif = bool(opened.info.get("exif"))
    pixels = width * height
    row = [
        np.log(len(data)),
        np.log(width),
        np.log(height),
        np.log(width / height),
        np.log(len(data) / pixels),
        _quality(tables),
        float(bool(tables)),
        float(has_exif),
    ]
    return np.array([row], dtype=np.float32)


def _quality(tables: dict[int, list[int]]) -> float:
    """The quality, 1 to 100, at which libjpeg scales the standard table to that mean; 100 where there is no table."""
    if not tables:
        return 100.0
    scale = float(np.mean(tables[min(tables)])) / _MEAN_OF_STANDARD_TABLE * 100
    return float(np.clip(5000 / scale if scale > 100 else 100 - scale / 2, 1, 100))
