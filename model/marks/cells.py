"""Directions of edges, counted in cells of a few pixels: what a flat mark looks like in whatever colours.

After the histograms of oriented gradients of Dalal and Triggs (CVPR 2005), without sign, so that a light mark on a
dark ground is the same as a dark one on a light ground.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

CELL = 4
"""Pixels."""
WINDOW = 6
"""Cells along a side of the square that is looked at together."""
DIRECTIONS = 6
SIDE = CELL * WINDOW
"""Pixels of a window's side."""
LENGTH = WINDOW * WINDOW * DIRECTIONS

_FLOOR = 6.0
"""Gradient, grey levels a pixel, that counts as no edge."""
_NARROW = 0.7
"""Cosine between an edge and a direction under which it does not count for it."""
_TURNS = np.arange(DIRECTIONS) * np.pi / DIRECTIONS


@dataclass(frozen=True, eq=False)
class Cells:
    """A picture in cells of `CELL` pixels."""

    counted: NDArray[np.float32]
    """Shape (H // 4, W // 4, 6), 0 to about 1, each cell against the contrast around it."""
    strength: NDArray[np.float32]
    """Shape (H // 4, W // 4), mean gradient, grey levels a pixel."""


def cells(grey: NDArray[np.uint8]) -> NDArray[np.float32]:
    """`Cells.counted` of an (H, W) picture."""
    return cells_of(grey).counted


def cells_of(grey: NDArray[np.uint8]) -> Cells:
    """Args: grey: shape (H, W)."""
    height, width = grey.shape[0] // CELL, grey.shape[1] // CELL
    cut = grey[: height * CELL, : width * CELL]
    across = cv2.Sobel(cut, cv2.CV_32F, 1, 0, ksize=3, scale=0.25)
    down = cv2.Sobel(cut, cv2.CV_32F, 0, 1, ksize=3, scale=0.25)
    strength = cv2.magnitude(across, down)
    least = strength * np.float32(_NARROW)
    counted = np.empty((height, width, DIRECTIONS), np.float32)
    for at, turn in enumerate(_TURNS):
        along = cv2.addWeighted(across, float(np.cos(turn)), down, float(np.sin(turn)), 0.0)
        along = cv2.max(cv2.subtract(cv2.absdiff(along, 0.0), least), 0.0)
        counted[:, :, at] = cv2.resize(along, (width, height), interpolation=cv2.INTER_AREA)
    mean = np.asarray(cv2.resize(strength, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    counted /= (cv2.blur(mean, (5, 5)) + np.float32(_FLOOR))[:, :, None]
    return Cells(np.sqrt(counted, out=counted), mean)


def telling(strength: NDArray[np.float32], least: float) -> NDArray[np.bool_]:
    """Which windows have edges at all, shape `window_count`: the rest of a picture is walls and plain cloth.

    Args:
        strength: of `Cells`.
        least: mean gradient over a window, grey levels a pixel.
    """
    down, across = window_count(strength)
    mean = cv2.blur(strength, (WINDOW, WINDOW), anchor=(0, 0), borderType=cv2.BORDER_REPLICATE)
    return np.asarray(mean[:down, :across] >= least)


def window_rows(counted: NDArray[np.float32], row: int) -> NDArray[np.float32]:
    """Row `row` of every window's cells, shape (rows, columns, WINDOW * DIRECTIONS)."""
    height, width = counted.shape[:2]
    down, across = height - WINDOW + 1, width - WINDOW + 1
    part = counted[row : row + down]
    strides = part.strides[0], part.strides[1], part.strides[2]
    return np.lib.stride_tricks.as_strided(
        part, (down, across, WINDOW * DIRECTIONS), strides, writeable=False
    )


def window_count(counted: NDArray[np.float32]) -> tuple[int, int]:
    """Rows and columns of windows, one a cell; perhaps (0, 0)."""
    height, width = counted.shape[:2]
    if min(height, width) < WINDOW:
        return 0, 0
    return height - WINDOW + 1, width - WINDOW + 1
