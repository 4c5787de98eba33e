"""Attacks on what is seen of a picture and how it stands: crops, mirror, rotation, perspective, size."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.evaluation.attacks.edited import Colour, Edited, affine, picked, resized, to_pixels

CROP_AREA = (0.3, 0.5)
"""Share of the area that is kept."""
TILT = (4.0, 20.0)
"""Degrees of a small rotation, either way."""
LEAN = (0.06, 0.2)
"""How far perspective moves a corner inwards, in shares of the side."""
SHRUNK = (0.25, 0.5)
FILLINGS: tuple[Colour, ...] = ((255, 255, 255), (0, 0, 0), (238, 238, 238))


def crop_corner(edited: Edited, rng: np.random.Generator) -> Edited:
    """One of the four corners is kept."""
    corner = int(rng.integers(4))
    return _cropped(edited, *_window(rng), float(corner % 2), float(corner // 2))


def crop_centre(edited: Edited, rng: np.random.Generator) -> Edited:
    return _cropped(edited, *_window(rng), 0.5, 0.5)


def crop_off_centre(edited: Edited, rng: np.random.Generator) -> Edited:
    """The window touches no edge and leaves the middle to one side."""
    across, down = (0.5 + side * picked(rng, 0.2, 0.4) for side in rng.choice([-1, 1], 2))
    return _cropped(edited, *_window(rng), float(across), float(down))


def crop_product(edited: Edited, rng: np.random.Generator) -> Edited:
    """The window that holds most of the picture's detail, as somebody cutting out the goods would choose it."""
    across, down = _window(rng)
    left, top = _busiest(edited.pixels, across, down)
    return _cropped(edited, across, down, left, top)


def mirror(edited: Edited, rng: np.random.Generator) -> Edited:
    return edited.moved(np.ascontiguousarray(edited.pixels[:, ::-1]), affine(-1, 1, 1, 0))


def rotation_small(edited: Edited, rng: np.random.Generator) -> Edited:
    """Turned by hand; the frame keeps its size, and its corners are filled or, every other time, cropped away."""
    degrees = picked(rng, *TILT) * (1 if rng.random() < 0.5 else -1)
    width, height = edited.size
    fill = FILLINGS[int(rng.integers(len(FILLINGS)))]
    zoom = 1.0 if rng.random() < 0.5 else _zoom_that_fills(width, height, degrees)
    turn = np.vstack([cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, zoom), [0, 0, 1]])
    return _warped(edited, turn, fill, degrees=degrees, zoom=round(zoom, 3))


def rotation_quarter(edited: Edited, rng: np.random.Generator) -> Edited:
    """By 90, 180 or 270 degrees, counter-clockwise."""
    quarters = int(rng.integers(1, 4))
    forms = {
        1: np.array([[0, 1, 0], [-1, 0, 1], [0, 0, 1]], np.float64),
        2: affine(-1, -1, 1, 1),
        3: np.array([[0, -1, 1], [1, 0, 0], [0, 0, 1]], np.float64),
    }
    turned = np.ascontiguousarray(np.rot90(edited.pixels, quarters))
    return edited.moved(turned, forms[quarters], degrees=90 * quarters)


def perspective(edited: Edited, rng: np.random.Generator) -> Edited:
    """Photographed at a slant: each corner moves inwards by its own amount."""
    width, height = edited.size
    lean = rng.uniform(*LEAN, (4, 2)) * rng.integers(0, 2, (4, 1))
    lean[int(rng.integers(4))] = LEAN[1]
    inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    extent = np.array([width - 1, height - 1])
    form = cv2.getPerspectiveTransform(
        (corners * extent).astype(np.float32), ((corners + lean * inwards) * extent).astype(np.float32)
    )
    fill = FILLINGS[int(rng.integers(len(FILLINGS)))]
    return _warped(edited, form, fill, lean=round(float(lean.max()), 3))


def shrink(edited: Edited, rng: np.random.Generator) -> Edited:
    """Made small; every other time blown up again to the size it had."""
    scale = picked(rng, *SHRUNK)
    width, height = edited.size
    small = resized(edited.pixels, round(width * scale), round(height * scale))
    again = rng.random() < 0.5
    return edited.moved(
        resized(small, width, height) if again else small, np.eye(3), scale=scale, enlarged_again=int(again)
    )


def _window(rng: np.random.Generator) -> tuple[float, float]:
    """Shares of width and height; their product is within `CROP_AREA`."""
    area, aspect = rng.uniform(*CROP_AREA), np.exp(rng.uniform(-0.2, 0.2))
    return float(np.sqrt(area * aspect)), float(np.sqrt(area / aspect))


def _cropped(edited: Edited, across: float, down: float, left: float, top: float) -> Edited:
    """Args: left, top: of the room that the window leaves, in [0, 1]."""
    width, height = edited.size
    columns, rows = max(1, round(width * across)), max(1, round(height * down))
    x, y = round((width - columns) * left), round((height - rows) * top)
    window = np.ascontiguousarray(edited.pixels[y : y + rows, x : x + columns])
    form = affine(width / columns, height / rows, -x / columns, -y / rows)
    return edited.moved(window, form, area=round(columns * rows / (width * height), 3))


def _busiest(pixels: RGB, across: float, down: float) -> tuple[float, float]:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    edges = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    sums = cv2.integral(cv2.GaussianBlur(edges, (0, 0), 5))
    height, width = grey.shape
    columns, rows = max(1, round(width * across)), max(1, round(height * down))
    windows = (
        sums[rows:, columns:] - sums[:-rows, columns:] - sums[rows:, :-columns] + sums[:-rows, :-columns]
    )
    y, x = np.unravel_index(int(windows.argmax()), windows.shape)
    return float(x / max(1, width - columns)), float(y / max(1, height - rows))


def _zoom_that_fills(width: int, height: int, degrees: float) -> float:
    """How far a turned picture must be enlarged for its frame to show no corner."""
    turn = np.radians(abs(degrees))
    long, short = max(width, height), min(width, height)
    return float(np.cos(turn) + np.sin(turn) * long / short)


def _warped(
    edited: Edited, form: NDArray[np.float64], fill: Colour, **parameters: float | int | str
) -> Edited:
    """By a homography between pixels; the frame keeps its size."""
    width, height = edited.size
    pixels = cv2.warpPerspective(
        edited.pixels, form, (width, height), flags=cv2.INTER_LINEAR, borderValue=fill
    )
    frame = to_pixels(width, height)
    return edited.moved(np.asarray(pixels, np.uint8), np.linalg.inv(frame) @ form @ frame, **parameters)
