"""Attacks that put something over a picture: words, stickers, a watermark, a price."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from model.encoders.base import RGB
from model.evaluation.attacks.edited import Colour, Edited, picked
from model.evaluation.kit.fonts import TextFace, Typeface, font
from model.evaluation.kit.paint import disc, rectangle, shape, text

_WORDS = (
    "送料無料",
    "新品未使用",
    "即購入OK",
    "早い者勝ち",
    "SALE 70% OFF",
    "FREE SHIPPING",
    "NEW WITH TAGS",
    "sold by kumo",
)
_BRIGHT: tuple[Colour, ...] = ((206, 32, 44), (30, 90, 190), (34, 34, 34), (250, 200, 20), (20, 140, 80))
_PALE: Colour = (255, 255, 255)


def words(edited: Edited, rng: np.random.Generator) -> Edited:
    """Two or three lines, one of them on a bar of colour."""
    canvas = Image.fromarray(edited.pixels)
    lines = int(rng.integers(2, 4))
    for at, row in enumerate(rng.permutation(5)[:lines]):
        height = picked(rng, 0.08, 0.16)
        colour = _colour(rng)
        top = int(row) * 0.2 + 0.02
        if at == 0:
            rectangle(canvas, (0, top, 1, top + height), colour)
        ink = _PALE if at == 0 else colour
        text(canvas, (0.05, top + 0.01, 0.95, top + height - 0.01), _phrase(rng), TextFace.JAPANESE, ink)
    return edited.painted(_array(canvas), lines=lines)


def stickers(edited: Edited, rng: np.random.Generator) -> Edited:
    """Discs, stars and hearts in flat colours, over about a tenth of the picture."""
    canvas = Image.fromarray(edited.pixels)
    count = int(rng.integers(4, 9))
    for _ in range(count):
        centre = float(rng.uniform(0.08, 0.92)), float(rng.uniform(0.08, 0.92))
        size = float(rng.uniform(0.05, 0.11))
        _STICKERS[int(rng.integers(len(_STICKERS)))](canvas, centre, size, _colour(rng))
    return edited.painted(_array(canvas), stickers=count)


def watermark(edited: Edited, rng: np.random.Generator) -> Edited:
    """One faint name, slanted, again and again over all of it."""
    width, height = edited.size
    side = int(np.hypot(width, height)) + 1
    size = max(10, round(max(width, height) * picked(rng, 0.05, 0.09)))
    mask = Image.new("L", (side, side))
    name, face = (
        ("MIKAN STORE", "shop-kumo.example", "© HARU")[int(rng.integers(3))],
        font(TextFace.BOLD, size),
    )
    step = round(face.getlength(name) * 1.4)
    for row, top in enumerate(range(0, side, size * 3)):
        for left in range(-step * (row % 2) // 2, side, step):
            ImageDraw.Draw(mask).text((left, top), name, fill=255, font=face)
    turned = np.asarray(mask.rotate(picked(rng, 20, 40), Image.Resampling.BILINEAR), np.float32)
    opacity = picked(rng, 0.25, 0.5)
    top, left = (side - height) // 2, (side - width) // 2
    share = turned[top : top + height, left : left + width, None] / 255 * opacity
    pixels = edited.pixels * (1 - share) + 255 * share
    return edited.painted(np.round(pixels).astype(np.uint8), opacity=opacity)


def price_badge(edited: Edited, rng: np.random.Generator) -> Edited:
    """A large round price in a corner, and a ribbon along the foot."""
    canvas = Image.fromarray(edited.pixels)
    width, height = edited.size
    radius = picked(rng, 0.15, 0.22)
    reach = radius * min(width, height) / width, radius * min(width, height) / height
    x = reach[0] + 0.02 if rng.random() < 0.5 else 0.98 - reach[0]
    y = reach[1] + 0.02
    disc(canvas, (x, y), radius, _BRIGHT[0])
    price = f"¥{int(rng.integers(9, 200)) * 100 - 20:,}"
    box = (x - reach[0] * 0.8, y - reach[1] * 0.35, x + reach[0] * 0.8, y + reach[1] * 0.35)
    text(canvas, box, price, Typeface.RUSSO, _PALE)
    rectangle(canvas, (0, 0.9, 1, 1), _colour(rng))
    text(canvas, (0.05, 0.91, 0.95, 0.99), _phrase(rng), TextFace.JAPANESE, _PALE)
    return edited.painted(_array(canvas), radius=radius)


def _star(canvas: Image.Image, centre: tuple[float, float], size: float, colour: Colour) -> None:
    turns = np.linspace(0, 2 * np.pi, 10, endpoint=False) - np.pi / 2
    reach = np.where(np.arange(10) % 2, 0.45, 1.0) * size * 1.2
    _figure(canvas, centre, np.column_stack([np.cos(turns), np.sin(turns)]) * reach[:, None], colour)


def _heart(canvas: Image.Image, centre: tuple[float, float], size: float, colour: Colour) -> None:
    t = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    x = 16 * np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    _figure(canvas, centre, np.column_stack([x, y]) / 16 * size, colour)


def _figure(canvas: Image.Image, centre: tuple[float, float], points: np.ndarray, colour: Colour) -> None:
    """Points around the origin, in shares of the shorter side."""
    shape(canvas, points * min(canvas.size) / np.array(canvas.size) + centre, colour)


_STICKERS = (disc, _star, _heart)


def _phrase(rng: np.random.Generator) -> str:
    return _WORDS[int(rng.integers(len(_WORDS)))]


def _colour(rng: np.random.Generator) -> Colour:
    return _BRIGHT[int(rng.integers(len(_BRIGHT)))]


def _array(canvas: Image.Image) -> RGB:
    return np.asarray(canvas).copy()
