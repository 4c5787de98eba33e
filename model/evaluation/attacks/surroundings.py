"""Attacks that put a picture into something larger: borders, a telephone's screen, another photo, a collage."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from model.encoders.base import RGB
from model.evaluation.attacks.edited import Colour, Edited, affine, picked, resized
from model.evaluation.kit.fonts import TextFace
from model.evaluation.kit.paint import disc, rectangle, text

PASTED_SIDE = (0.3, 0.6)
"""Of the other photo's side, whichever limits first."""
_FRAMES: tuple[Colour, ...] = ((255, 255, 255), (0, 0, 0), (206, 32, 44), (30, 90, 190), (250, 200, 20))


def border(edited: Edited, rng: np.random.Generator) -> Edited:
    """A frame of one colour on all four sides."""
    width, height = edited.size
    edge = round(min(width, height) * picked(rng, 0.06, 0.2))
    canvas = _canvas(width + 2 * edge, height + 2 * edge, _FRAMES[int(rng.integers(len(_FRAMES)))])
    return _placed(edited, canvas, edge, edge, width, height, edge=edge)


def letterbox(edited: Edited, rng: np.random.Generator) -> Edited:
    """Filled up to another shape with plain bars, or with the picture itself, blurred."""
    width, height = edited.size
    longer = round(max(width, height) * picked(rng, 1.0, 1.25))
    size = (longer, height) if height >= width else (width, longer)
    if rng.random() < 0.4:
        canvas = cv2.GaussianBlur(resized(edited.pixels, *size), (0, 0), max(size) / 25)
        canvas = np.asarray(canvas, np.uint8)
    else:
        canvas = _canvas(*size, _FRAMES[int(rng.integers(2))])
    return _placed(edited, canvas, (size[0] - width) // 2, (size[1] - height) // 2, width, height)


def screenshot(edited: Edited, rng: np.random.Generator, others: Sequence[RGB]) -> Edited:
    """A marketplace's page on a telephone: bars, the picture over the full width, price, buttons, smaller pictures."""
    width = 480
    dark = rng.random() < 0.3
    paper, ink = ((24, 24, 28), (235, 235, 235)) if dark else ((255, 255, 255), (30, 30, 30))
    shown = resized(edited.pixels, width, round(edited.size[1] * width / edited.size[0]))
    height = max(int(width * 2), shown.shape[0] + 300)
    top = int(rng.integers(70, 120))
    canvas = Image.fromarray(_canvas(width, height, paper))
    _page(canvas, top, top + shown.shape[0], ink, rng)
    pixels = np.asarray(canvas).copy()
    _row_of_others(pixels, others, height - 160)
    return _placed(edited, pixels, 0, top, width, shown.shape[0], dark=int(dark))


def pasted(edited: Edited, rng: np.random.Generator, others: Sequence[RGB]) -> Edited:
    """Laid somewhere on another photo, at 30 to 60 % of its side."""
    other = others[0]
    rows, columns = other.shape[:2]
    side = picked(rng, *PASTED_SIDE)
    width, height = edited.size
    scale = side * min(columns / width, rows / height)
    wide, high = max(8, round(width * scale)), max(8, round(height * scale))
    left, top = int(rng.integers(columns - wide + 1)), int(rng.integers(rows - high + 1))
    return _placed(edited, other.copy(), left, top, wide, high, side=side)


def collage(edited: Edited, rng: np.random.Generator, others: Sequence[RGB]) -> Edited:
    """One of four tiles, or one of two side by side; every tile shows the middle of its picture."""
    tiles = 4 if rng.random() < 0.6 else 2
    edge, gap = 300, int(rng.integers(0, 9))
    rows, columns = tiles // 2, 2
    high = edge if tiles == 4 else round(edge * 1.4)
    canvas = _canvas(columns * (edge + gap) + gap, rows * (high + gap) + gap, _FRAMES[int(rng.integers(2))])
    own = int(rng.integers(tiles))
    corners = [(gap + (at % 2) * (edge + gap), gap + (at // 2) * (high + gap)) for at in range(tiles)]
    for at, (left, top) in enumerate(corners):
        if at != own:
            canvas[top : top + high, left : left + edge] = _filling(
                Edited(others[at % len(others)]), edge, high
            ).pixels
    filling = _filling(edited, edge, high)
    return _placed(filling, canvas, *corners[own], edge, high, tiles=tiles)


def _filling(edited: Edited, width: int, height: int) -> Edited:
    """The middle of the picture in the shape of a tile."""
    columns, rows = edited.size
    scale = min(columns / width, rows / height)
    across, down = max(1, round(width * scale)), max(1, round(height * scale))
    x, y = (columns - across) // 2, (rows - down) // 2
    window = resized(np.ascontiguousarray(edited.pixels[y : y + down, x : x + across]), width, height)
    return edited.moved(window, affine(columns / across, rows / down, -x / across, -y / down))


def _page(canvas: Image.Image, top: int, foot: int, ink: Colour, rng: np.random.Generator) -> None:
    height = canvas.height

    def box(left: float, upper: float, right: float, lower: float) -> tuple[float, float, float, float]:
        return left, upper / height, right, lower / height

    text(
        canvas,
        box(0.05, 8, 0.2, 24),
        f"{int(rng.integers(1, 24))}:{int(rng.integers(10, 60))}",
        TextFace.BOLD,
        ink,
    )
    text(canvas, box(0.82, 8, 0.96, 24), "5G 84%", TextFace.REGULAR, ink)
    text(canvas, box(0.1, 36, 0.6, 60), "フリマ市場", TextFace.JAPANESE, ink)
    text(canvas, box(0.05, foot + 14, 0.9, foot + 40), "ほぼ新品 人気モデル", TextFace.JAPANESE, ink)
    price = f"¥{int(rng.integers(5, 90)) * 100:,}"
    text(canvas, box(0.05, foot + 50, 0.4, foot + 84), price, TextFace.BLACK, ink)
    rectangle(canvas, box(0.55, foot + 50, 0.95, foot + 88), (224, 60, 70))
    text(canvas, box(0.6, foot + 58, 0.9, foot + 80), "購入手続きへ", TextFace.JAPANESE, (255, 255, 255))
    for at in range(4):
        disc(canvas, (0.14 + 0.24 * at, 1 - 24 / height), 0.025, ink)


def _row_of_others(pixels: RGB, others: Sequence[RGB], top: int) -> None:
    """Three small pictures of other listings."""
    for at, other in enumerate(others[:3]):
        left = 16 + at * 155
        pixels[top : top + 100, left : left + 140] = _filling(Edited(other), 140, 100).pixels


def _canvas(width: int, height: int, colour: Colour) -> RGB:
    return np.full((height, width, 3), colour, np.uint8)


def _placed(
    edited: Edited, canvas: RGB, left: int, top: int, width: int, height: int, **parameters: float | int | str
) -> Edited:
    """Laid over the canvas, which this writes to."""
    canvas[top : top + height, left : left + width] = resized(edited.pixels, width, height)
    rows, columns = canvas.shape[:2]
    form = affine(width / columns, height / rows, left / columns, top / rows)
    return edited.moved(canvas, form, **parameters)
