"""A picture that something was done to, and where its points went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB

Parameter = float | int | str
Colour = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Edited:
    """Several edits are one: each adds to the homography and to the parameters."""

    pixels: RGB
    homography: NDArray[np.float64] = field(default_factory=lambda: np.eye(3))
    """Shape (3, 3), from fractions of the original's width and height to fractions of these pixels'."""
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def back(self) -> NDArray[np.float64]:
        """Shape (3, 3), from fractions of these pixels to fractions of the original."""
        inverse = np.linalg.inv(self.homography)
        return np.asarray(inverse / inverse[2, 2], np.float64)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]

    def painted(self, pixels: RGB, **parameters: Parameter) -> Edited:
        """Changed in colour alone: every point stayed where it was."""
        return Edited(pixels, self.homography, {**self.parameters, **parameters})

    def moved(self, pixels: RGB, homography: NDArray[np.float64], **parameters: Parameter) -> Edited:
        """Changed in form, by a homography between fractions."""
        return Edited(pixels, homography @ self.homography, {**self.parameters, **parameters})


def affine(across: float, down: float, left: float = 0.0, top: float = 0.0) -> NDArray[np.float64]:
    """Fractions scaled, then shifted."""
    return np.array([[across, 0, left], [0, down, top], [0, 0, 1]], np.float64)


def to_pixels(width: int, height: int) -> NDArray[np.float64]:
    """From fractions of the extent to pixels whose centres are whole numbers, as OpenCV counts."""
    return np.array([[width, 0, -0.5], [0, height, -0.5], [0, 0, 1]], np.float64)


def resized(pixels: RGB, width: int, height: int) -> RGB:
    """Averaged over areas where it shrinks, cubic where it grows."""
    shrinks = width * height < pixels.shape[0] * pixels.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, (max(1, width), max(1, height)), interpolation=how), np.uint8)


def picked(rng: np.random.Generator, low: float, high: float) -> float:
    """A parameter that can be written down: three decimals."""
    return round(float(rng.uniform(low, high)), 3)
