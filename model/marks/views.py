"""What a mark may look like through a camera: turned, slanted, small, soft, in any colours, from its layers."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.marks.cells import LENGTH, SIDE, cells
from model.marks.layers import Layers

FILL = 20.0 / 24.0
"""Share of a window's side that a tile of a mark fills."""
TURNS = (-16.0, 0.0, 16.0)
"""Degrees; each is the middle of one view of a tile."""
_SUPER = 3
_APART = 40.0
"""Grey levels that two neighbouring tones must differ by, one at least."""


@dataclass(frozen=True)
class Tile:
    """A square part of a mark, in shares of the mark's width and height; it may reach past the mark."""

    left: float
    top: float
    width: float
    height: float


def tiles(aspect: float) -> tuple[Tile, ...]:
    """The whole of a mark that is about square; squares in a row along one that is long.

    Args:
        aspect: width over height.
    """
    if 1 / 1.6 <= aspect <= 1.6:
        width, height = max(1.0, 1 / aspect), max(1.0, aspect)
        return (Tile((1 - width) / 2, (1 - height) / 2, width, height),)
    wide = aspect > 1
    share = 1 / aspect if wide else aspect
    count = min(6, max(2, round(1 / share * 0.9)))
    starts = np.linspace(0, 1 - share, count)
    return tuple(
        Tile(float(at), 0.0, share, 1.0) if wide else Tile(0.0, float(at), 1.0, share) for at in starts
    )


def seen(
    layers: Layers, tile: Tile, turn: float, count: int, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Cells of windows that show the tile about `turn` degrees askew; shape (count, LENGTH)."""
    stack = _around(layers, tile)
    found = np.empty((count, LENGTH), np.float32)
    for at in range(count):
        found[at] = cells(_window(stack, turn, rng)).reshape(-1)
    return found


def _around(layers: Layers, tile: Tile) -> NDArray[np.float32]:
    """The tile upright with as much again around it, shape (2 * side, 2 * side, L), 0 to 1."""
    stack = np.moveaxis(layers.masks, 0, -1).astype(np.float32) / 255
    height, width = stack.shape[:2]
    across, down = tile.width * width, tile.height * height
    side = SIDE * _SUPER * FILL
    soft = cv2.GaussianBlur(stack, (0, 0), max(0.3, 0.4 * max(across, down) / side))
    middle = np.array([(tile.left + tile.width / 2) * width, (tile.top + tile.height / 2) * height])
    linear = np.diag([side / across, side / down])
    whole = round(2 * side)
    drawn = cv2.warpAffine(soft, np.c_[linear, whole / 2 - linear @ middle], (whole, whole))
    return np.asarray(drawn.reshape(whole, whole, -1), np.float32)


def _window(stack: NDArray[np.float32], turn: float, rng: np.random.Generator) -> NDArray[np.uint8]:
    side = SIDE * _SUPER
    linear = _askew(turn, rng)
    shift = rng.uniform(-1.6, 1.6, 2) * _SUPER + side / 2 - linear @ (np.array(stack.shape[:2]) / 2)
    drawn = cv2.warpAffine(stack, np.c_[linear, shift], (side, side), flags=cv2.INTER_LINEAR)
    picture = _printed(drawn.reshape(side, side, -1), rng)
    small = cv2.resize(picture, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), float(rng.uniform(0.3, 1.0)))
    small += rng.normal(0, rng.uniform(0.5, 4.0), small.shape)
    return np.asarray(np.clip(small, 0, 255), np.uint8)


def _askew(turn: float, rng: np.random.Generator) -> NDArray[np.float64]:
    angle = np.deg2rad(turn + rng.uniform(-9, 9))
    slant = rng.uniform(-0.12, 0.12)
    stretch = np.exp(rng.uniform(-0.1, 0.1))
    scale = np.exp(rng.uniform(-0.13, 0.13))
    turned = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return np.asarray(scale * turned @ np.array([[stretch, slant], [0, 1 / stretch]]), np.float64)


def _printed(drawn: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """In tones that differ from ink to ink; the first ink stands out from the ground, others may look like it."""
    ground = rng.uniform(10, 245)
    tones: list[float] = []
    for at in range(drawn.shape[2]):
        others = [ground] if at == 0 else tones
        offered = rng.uniform(10, 245, 12)
        apart = np.abs(offered[:, None] - np.array(others)).min(axis=1)
        good = apart >= _APART
        tones.append(float(offered[good.argmax() if good.any() else apart.argmax()]))
    return np.asarray(ground + drawn @ (np.array(tones) - ground), np.float32)
