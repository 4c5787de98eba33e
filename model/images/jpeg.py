"""JPEG pixels, by a libjpeg-turbo whose warnings are heard: half a picture is no picture.

Pillow's decoder fills what is missing with grey and keeps silent about it.
"""

from __future__ import annotations

import numpy as np
import simplejpeg
from PIL import Image

from model.images.errors import TruncatedPicture

_CUT = ("premature end", "found marker 0xd9 instead")
_HARMLESS = (
    "extraneous bytes before marker 0xd9",
    "Invalid SOS parameters for sequential JPEG",
    "Unknown Adobe color transform code",
    "unknown JFIF revision number",
)
"""libjpeg's warnings, in its words, after which every pixel is still as it was stored."""


def read_jpeg(body: bytes, size: tuple[int, int], wanted: tuple[int, int]) -> Image.Image:
    """Decode to mode L, RGB or CMYK.

    Args:
        body: as `model.images.containers` leaves it.
        size: width and height as stored.
        wanted: width and height that suffice; the picture is halved up to three times while it keeps them.

    Raises:
        TruncatedPicture: the data of a scan end before its last block, whatever marker follows.
        ValueError: the data break the format's rules.
    """
    try:
        return _decoded(body, _halved(size, wanted), strict=True)
    except ValueError as warning:
        if any(each in str(warning) for each in _CUT):
            raise TruncatedPicture from warning
        if not any(each in str(warning) for each in _HARMLESS):
            raise
    return _decoded(body, _halved(size, wanted), strict=False)


def _halved(size: tuple[int, int], wanted: tuple[int, int]) -> tuple[int, int]:
    """Give the smallest of the sizes that the inverse transform reaches fast: whole, 1/2, 1/4, 1/8."""
    factor = max(each for each in (1, 2, 4, 8) if each == 1 or wanted[0] * each <= size[0])
    return -(-size[0] // factor), -(-size[1] // factor)


def _decoded(body: bytes, least: tuple[int, int], *, strict: bool) -> Image.Image:
    stored = simplejpeg.decode_jpeg_header(body, strict=False)[2].upper()
    space = {"GRAY": "GRAY", "CMYK": "CMYK", "YCCK": "CMYK"}.get(stored, "RGB")
    samples = simplejpeg.decode_jpeg(body, space, min_width=least[0], min_height=least[1], strict=strict)
    if space == "CMYK":
        # As Adobe writes it, and everybody after Adobe: 255 is no ink.
        return Image.frombytes("CMYK", samples.shape[1::-1], np.subtract(255, samples).tobytes())
    return Image.fromarray(samples[..., 0] if space == "GRAY" else samples)
