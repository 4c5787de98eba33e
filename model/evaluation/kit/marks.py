"""Draws the brands' marks: two masks a mark, one for each colour it is printed in."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from model.evaluation.kit.brands import Colour, KitBrand, MarkStyle
from model.evaluation.kit.fonts import font
from model.evaluation.kit.paint import fill

Mask = NDArray[np.uint8]
_Layers = tuple[Mask, Mask]
_SUPER = 512
"""Side of the square on which marks are drawn before they are scaled down."""


def paste_mark(
    canvas: Image.Image, brand: KitBrand, box: tuple[int, int, int, int], colours: tuple[Colour, Colour]
) -> None:
    """Print the brand's mark into a box of pixels, stretched to it.

    Args:
        colours: of the body and of what lies on it.
    """
    left, top, right, bottom = box
    if right - left < 4 or bottom - top < 4:
        return
    for layer, colour in zip(mark_layers(brand), colours, strict=True):
        scaled = cv2.resize(layer, (right - left, bottom - top), interpolation=cv2.INTER_AREA)
        canvas.paste(colour, (left, top), Image.fromarray(scaled))


@lru_cache(maxsize=256)
def mark_layers(brand: KitBrand) -> _Layers:
    """Body and overlay, each of shape (512, 512), 0 where nothing is printed and 255 where all is."""
    body, overlay = np.zeros((_SUPER, _SUPER), np.uint8), np.zeros((_SUPER, _SUPER), np.uint8)
    rng = np.random.default_rng([brand.art_seed, 7])
    if brand.mark_style is MarkStyle.MONOGRAM:
        _monogram(body, overlay, brand)
    else:
        _STYLES[brand.mark_style](body, overlay, rng)
    body.flags.writeable = overlay.flags.writeable = False
    return body, overlay


def _put(mask: Mask, points: NDArray[np.floating], value: int = 255) -> None:
    fill(mask, (np.asarray(points, float) * 0.48 + 0.5) * _SUPER, value)


def _circle(radius: float, x: float = 0.0, y: float = 0.0) -> NDArray[np.floating]:
    turns = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    return np.column_stack([np.cos(turns) * radius + x, np.sin(turns) * radius + y])


def _turned(points: NDArray[np.floating], angle: float) -> NDArray[np.floating]:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.asarray(points @ np.array([[cos, sin], [-sin, cos]]), np.float64)


def _petal(length: float, width: float, start: float = 0.0) -> NDArray[np.floating]:
    along = np.linspace(0, 1, 24)
    bulge = np.sin(np.pi * along) ** 0.8 * width
    there = np.column_stack([bulge, -(start + along * (length - start))])
    return np.vstack([there, (there * [-1, 1])[::-1]])


def _sun(body: Mask, overlay: Mask, rng: np.random.Generator) -> None:
    rays = int(rng.integers(9, 18))
    for at in range(rays):
        _put(body, _turned(np.array([[-0.09, -0.55], [0.09, -0.55], [0.0, -1.0]]), 2 * np.pi * at / rays))
    _put(body, _circle(0.5))
    _put(overlay, _circle(0.36))


def _flower(body: Mask, overlay: Mask, rng: np.random.Generator) -> None:
    petals = int(rng.integers(5, 9))
    for at in range(petals):
        _put(body, _turned(_petal(1.0, 0.9 / petals + 0.14), 2 * np.pi * at / petals))
    for at in range(petals):
        _put(overlay, _turned(_petal(0.66, 0.03, 0.2), 2 * np.pi * at / petals))
    _put(overlay, _circle(0.17))


def _peak(body: Mask, overlay: Mask, rng: np.random.Generator) -> None:
    _put(body, _circle(1.0))
    lean = float(rng.uniform(-0.2, 0.2))
    _put(overlay, np.array([[-0.8, 0.5], [lean - 0.1, -0.55], [0.3, 0.02], [0.45, -0.15], [0.82, 0.5]]))
    _put(
        body, np.array([[lean - 0.1, -0.55], [lean - 0.32, -0.2], [lean - 0.12, -0.28], [lean + 0.1, -0.14]])
    )
    _put(overlay, np.array([[-0.62, 0.6], [0.62, 0.6], [0.5, 0.7], [-0.5, 0.7]]))


def _wave(body: Mask, overlay: Mask, rng: np.random.Generator) -> None:
    _put(body, _circle(1.0))
    across = np.linspace(-1, 1, 80)
    periods = float(rng.uniform(1.3, 2.2))
    for at in range(3):
        crest = -0.25 + at * 0.38 + 0.13 * np.sin(np.pi * periods * across + at)
        band = np.vstack([np.column_stack([across, crest]), np.column_stack([across, crest + 0.17])[::-1]])
        _put(overlay, band)
    np.minimum(overlay, body, out=overlay)


def _shield(body: Mask, overlay: Mask, rng: np.random.Generator) -> None:
    side = np.linspace(0, 1, 30)
    right = np.column_stack([0.8 * np.cos(side * np.pi / 2) ** 0.7, -0.1 + 1.1 * side])
    _put(body, np.vstack([[[-0.8, -0.95], [0.0, -0.8], [0.8, -0.95]], right, (right * [-1, 1])[::-1]]))
    if rng.random() < 0.5:
        _put(
            overlay, np.array([[-0.8, 0.2], [0, -0.45], [0.8, 0.2], [0.8, -0.12], [0, -0.75], [-0.8, -0.12]])
        )
        _put(overlay, _circle(0.17, 0, 0.28))
    else:
        _put(overlay, np.array([[-0.8, -0.3], [-0.8, -0.62], [0.72, 0.3], [0.52, 0.55]]))
    np.minimum(overlay, body, out=overlay)


def _bird(body: Mask, overlay: Mask, rng: np.random.Generator) -> None:
    lift = float(rng.uniform(0.0, 0.25))
    wing = [[0.0, 0.2], [-0.45, -0.45 - lift], [-1.0, -0.6 - lift], [-0.72, -0.1], [-0.3, 0.35]]
    _put(body, np.array(wing))
    _put(body, np.array(wing) * [-1, 1])
    _put(body, _turned(_petal(0.75, 0.2, -0.85), np.pi))
    _put(overlay, np.array([[0.0, 0.1], [-0.5, -0.22 - lift], [-0.8, -0.3 - lift], [-0.3, 0.15]]))
    _put(overlay, np.array([[0.0, 0.1], [0.5, -0.22 - lift], [0.8, -0.3 - lift], [0.3, 0.15]]))


def _moon(body: Mask, overlay: Mask, rng: np.random.Generator) -> None:
    _put(body, _circle(0.98))
    _put(body, _circle(0.78, 0.36, -0.14), 0)
    points = int(rng.integers(5, 8))
    star = np.vstack([_turned(np.array([[0, -r]]), np.pi * at / points)
                      for at, r in enumerate([0.4, 0.16] * points)])  # fmt: skip
    _put(overlay, star + np.array([0.42, -0.08]))


def _knot(body: Mask, overlay: Mask, rng: np.random.Generator) -> None:
    sides = int(rng.choice([4, 6, 8]))
    ring = _turned(np.array([[0.0, -1.0]]), 0)
    ring = np.vstack([_turned(ring, 2 * np.pi * at / sides) for at in range(sides)])
    _put(body, ring)
    for at in range(sides):
        bar = np.array([[-0.08, -0.9], [0.08, -0.9], [0.3, 0.25], [0.14, 0.3]])
        _put(overlay, _turned(bar * 0.82, 2 * np.pi * at / sides))
    _put(body, _circle(0.2))


def _leaves(body: Mask, overlay: Mask, rng: np.random.Generator) -> None:
    spread = float(rng.uniform(0.5, 0.9))
    for angle, size in ((-spread, 0.95), (spread, 0.95), (0.0, 1.1)):
        leaf = _petal(size, 0.27)
        _put(body, _turned(leaf, angle) * 0.95 + [0, 0.5])
        _put(overlay, _turned(_petal(size * 0.8, 0.025, 0.1), angle) * 0.95 + [0, 0.5])
    _put(body, np.array([[-0.05, 0.4], [0.05, 0.4], [0.09, 0.98], [-0.05, 0.98]]))


def _crown(body: Mask, overlay: Mask, rng: np.random.Generator) -> None:
    points = int(rng.choice([3, 5]))
    rim = np.linspace(-0.9, 0.9, 2 * points + 1)
    top = [[x, 0.1 if at % 2 == 0 else -0.6] for at, x in enumerate(rim)]
    top[0][1] = top[-1][1] = -0.35
    _put(body, np.array([*top, [0.75, 0.55], [-0.75, 0.55]]))
    for x, y in top[1::2]:
        _put(body, _circle(0.12, x, y - 0.13))
    _put(overlay, np.array([[-0.77, 0.3], [0.77, 0.3], [0.75, 0.42], [-0.75, 0.42]]))
    _put(body, np.array([[-0.75, 0.66], [0.75, 0.66], [0.72, 0.82], [-0.72, 0.82]]))


def _comet(body: Mask, overlay: Mask, rng: np.random.Generator) -> None:
    angle = float(rng.uniform(-0.5, 0.5))
    for at in range(3):
        width = 0.3 - 0.08 * at
        swoosh = np.array([[-1.0, 0.75 - 0.42 * at], [0.45, -0.42 - width * 0.6], [0.55, -0.3 + width * 0.3]])
        _put(body, _turned(swoosh, angle))
    _put(body, _turned(_circle(0.42, 0.42, -0.36), angle))
    _put(overlay, _turned(_circle(0.22, 0.42, -0.36), angle))


def _monogram(body: Mask, overlay: Mask, brand: KitBrand) -> None:
    _put(body, np.array([[0, -1], [1, 0], [0, 1], [-1, 0]]))
    _put(overlay, np.array([[0, -0.88], [0.88, 0], [0, 0.88], [-0.88, 0]]))
    _put(overlay, np.array([[0, -0.8], [0.8, 0], [0, 0.8], [-0.8, 0]]), 0)
    letter = font(brand.typeface, 230)
    left, top, right, bottom = letter.getbbox(brand.name[0])
    canvas = Image.fromarray(overlay)
    stamp = Image.new("L", canvas.size)
    ImageDraw.Draw(stamp).text(
        ((_SUPER - right - left) / 2, (_SUPER - bottom - top) / 2), brand.name[0], fill=255, font=letter
    )
    np.maximum(overlay, np.asarray(stamp), out=overlay)


_STYLES: dict[MarkStyle, Callable[[Mask, Mask, np.random.Generator], None]] = {
    MarkStyle.SUN: _sun,
    MarkStyle.FLOWER: _flower,
    MarkStyle.PEAK: _peak,
    MarkStyle.WAVE: _wave,
    MarkStyle.SHIELD: _shield,
    MarkStyle.BIRD: _bird,
    MarkStyle.MOON: _moon,
    MarkStyle.KNOT: _knot,
    MarkStyle.LEAVES: _leaves,
    MarkStyle.CROWN: _crown,
    MarkStyle.COMET: _comet,
}
