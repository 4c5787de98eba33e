"""Writes across a picture whom it was shown to, so that a copy says where it came from."""

from __future__ import annotations

import io
from functools import cache

from PIL import Image, ImageDraw, ImageFont
from pylopdf_fonts_jp import sans_path

from model.encoders.base import RGB

_ANGLE = 30
_STRENGTH = 110
"""Of 255: the goods stay visible, and the writing too on light and dark ground."""
_LINES_PER_SIDE = 9
_QUALITY = 85


def watermarked(pixels: RGB, words: str) -> bytes:
    """JPEG of the picture with the words repeated all over it, aslant; nothing of the original file is left.

    Args:
        pixels: (height, width, 3), 8 bits.
        words: one line; characters that the font lacks show as boxes.
    """
    picture = Image.fromarray(pixels).convert("RGBA")
    marked = Image.alpha_composite(picture, _veil(picture.size, words)).convert("RGB")
    file = io.BytesIO()
    marked.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _veil(size: tuple[int, int], words: str) -> Image.Image:
    """The words in rows over a square that covers the picture however it is turned."""
    side = int((size[0] ** 2 + size[1] ** 2) ** 0.5) + 1
    height = max(12, side // (_LINES_PER_SIDE * 3))
    font = _font(height)
    square = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    draw = ImageDraw.Draw(square)
    line = f"{words}   "
    width = max(1, round(draw.textlength(line, font=font)))
    for row, y in enumerate(range(0, side, height * 3)):
        for x in range(-(row % 2) * width // 2, side, width):
            draw.text(
                (x, y),
                line,
                font=font,
                fill=(255, 255, 255, _STRENGTH),
                stroke_width=1,
                stroke_fill=(0, 0, 0, _STRENGTH),
            )
    turned = square.rotate(_ANGLE)
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    return turned.crop((left, top, left + size[0], top + size[1]))


@cache
def _font(height: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(sans_path()), height)
