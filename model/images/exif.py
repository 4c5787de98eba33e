"""How a camera was held: the orientation tag of EXIF, read without trusting the rest of it."""

from __future__ import annotations

import struct
from typing import Literal

from PIL import Image

UPRIGHT = 1

_ORIENTATION_TAG = 0x0112
_SHORT = 3
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def orientation(exif: bytes) -> int:
    """Read tag 274 of the first directory (EXIF 3.0, 4.6.5.1.6).

    Returns:
        1 to 8; 1 where the block says nothing usable, since the pixels are sound without it.
    """
    block = exif.removeprefix(b"Exif\x00\x00")
    order = _byte_order(block)
    if order is None:
        return UPRIGHT
    try:
        (directory,) = struct.unpack_from(order + "I", block, 4)
        (entries,) = struct.unpack_from(order + "H", block, directory)
        for entry in range(directory + 2, directory + 2 + 12 * entries, 12):
            tag, kind, _, value = struct.unpack_from(order + "HHIH", block, entry)
            if tag == _ORIENTATION_TAG:
                return value if kind == _SHORT and 1 <= value <= 8 else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT


def turn(image: Image.Image, held: int) -> Image.Image:
    """Turn a picture upright that was stored with orientation `held`."""
    return image.transpose(_TURNS[held]) if held in _TURNS else image


def swaps_sides(held: int) -> bool:
    return held >= 5


def _byte_order(block: bytes) -> Literal["<", ">"] | None:
    if block.startswith(b"II*\x00"):
        return "<"
    return ">" if block.startswith(b"MM\x00*") else None
