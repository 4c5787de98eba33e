"""Brushes for flat artwork: text fitted into a box, filled outlines, masks. Canvases are Pillow images in RGB."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.evaluation.kit.brands import Colour
from model.evaluation.kit.fonts import TextFace, Typeface, font

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in shares of the canvas."""

Points = Sequence[tuple[float, float]] | NDArray[np.floating]
"""Outline in shares of the canvas."""

_SUBPIXEL = 4


def text(
    canvas: Image.Image,
    box: Box,
    words: str,
    face: Typeface | TextFace,
    colour: Colour,
    *,
    align: float = 0.5,
    stretch: tuple[float, float] = (1.0, 1.0),
) -> None:
    """Set words as large as the box allows, on one line.

    Args:
        align: 0 flush left, 0.5 centred, 1 flush right.
        stretch: factors on width and height after fitting.
    """
    left, top, right, bottom = pixels(canvas, box)
    if not words or right - left < 4 or bottom - top < 4:
        return
    mask = _words(words, face, right - left, bottom - top)
    if stretch != (1.0, 1.0):
        mask = mask.resize((max(1, round(mask.width * stretch[0])), max(1, round(mask.height * stretch[1]))))
    at = (round(left + (right - left - mask.width) * align), (top + bottom - mask.height) // 2)
    canvas.paste(colour, at, mask)


def lines(canvas: Image.Image, box: Box, rows: Sequence[str], face: TextFace, colour: Colour) -> None:
    """Set rows of small print flush left, all in the one size that lets the longest fit."""
    left, top, right, bottom = pixels(canvas, box)
    pitch = (bottom - top) / max(1, len(rows))
    widest = max(rows, key=lambda row: font(face, 40).getlength(row))
    size = int(min(pitch * 0.78, 40 * (right - left) / max(1.0, font(face, 40).getlength(widest))))
    if size < 4:
        return
    draw = ImageDraw.Draw(canvas)
    for at, row in enumerate(rows):
        draw.text((left, round(top + at * pitch)), row, fill=colour, font=font(face, size))


def rectangle(canvas: Image.Image, box: Box, colour: Colour) -> None:
    canvas.paste(colour, pixels(canvas, box))


def outline(canvas: Image.Image, box: Box, colour: Colour, width: int) -> None:
    left, top, right, bottom = pixels(canvas, box)
    ImageDraw.Draw(canvas).rectangle((left, top, right - 1, bottom - 1), outline=colour, width=width)


def shape(canvas: Image.Image, points: Points, colour: Colour) -> None:
    """Fill a smooth-edged outline."""
    outer = np.asarray(points, float) * canvas.size
    left, top = np.maximum(np.floor(outer.min(axis=0)).astype(int) - 1, 0)
    right, bottom = np.minimum(np.ceil(outer.max(axis=0)).astype(int) + 2, canvas.size)
    if right <= left or bottom <= top:
        return
    mask = np.zeros((bottom - top, right - left), np.uint8)
    fill(mask, outer - (left, top), 255)
    canvas.paste(colour, (int(left), int(top)), Image.fromarray(mask))


def disc(canvas: Image.Image, centre: tuple[float, float], radius: float, colour: Colour) -> None:
    """Fill a circle; `radius` in shares of the canvas's shorter side."""
    size = min(canvas.size) * radius
    turns = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    ring = np.column_stack([np.cos(turns), np.sin(turns)]) * size
    shape(canvas, (ring + np.array(centre) * canvas.size) / canvas.size, colour)


def fill(mask: NDArray[np.uint8], points: NDArray[np.floating], value: int) -> None:
    """Fill an outline given in pixels, anti-aliased."""
    fixed = np.round(np.asarray(points, float) * (1 << _SUBPIXEL)).astype(np.int32)
    cv2.fillPoly(mask, [fixed], value, cv2.LINE_AA, _SUBPIXEL)


def pixels(canvas: Image.Image, box: Box) -> tuple[int, int, int, int]:
    return (
        round(box[0] * canvas.width),
        round(box[1] * canvas.height),
        round(box[2] * canvas.width),
        round(box[3] * canvas.height),
    )


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of the other colour, the rest of the one."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def brightness(colour: Colour) -> float:
    """Luma after Rec. 601, 0 to 1."""
    return (0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]) / 255


def _words(words: str, face: Typeface | TextFace, width: int, height: int) -> Image.Image:
    left, top, right, bottom = font(face, 100).getbbox(words)
    size = max(4, int(100 * min(width / max(1, right - left), height / max(1, bottom - top))))
    left, top, right, bottom = (int(edge) for edge in font(face, size).getbbox(words))
    mask = Image.new("L", (max(1, right - left), max(1, bottom - top)))
    ImageDraw.Draw(mask).text((-left, -top), words, fill=255, font=font(face, size))
    return mask
