"""What an inspector turns on at the scanner to see more: arrays in, arrays out, of the same shape."""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB

_DENSE = 0.35
"""Brightness under which something counts as dense, and over which as thin."""


class Enhancement(StrEnum):
    CONTRAST = "contrast"
    INVERSE = "inverse"
    EDGE = "edge"
    HIGH_DENSITY = "high_density"
    LOW_DENSITY = "low_density"


def enhance(picture: RGB, how: Enhancement) -> RGB:
    """Show the same capture otherwise.

    `contrast` evens local contrast out, within and over all (CLAHE, Zuiderveld 1994); `inverse` turns light and dark
    round; `edge` draws outlines out; `high_density` opens up what is nearly black, `low_density` what is nearly white.

    Args:
        picture: shape (height, width, 3), uint8; grey or pseudo-coloured.
    """
    match how:
        case Enhancement.CONTRAST:
            return _contrast(picture)
        case Enhancement.INVERSE:
            return 255 - picture
        case Enhancement.EDGE:
            return _edge(picture)
        case Enhancement.HIGH_DENSITY:
            return _window(picture, 0.0, _DENSE)
        case Enhancement.LOW_DENSITY:
            return _window(picture, _DENSE, 1.0)


def _contrast(picture: RGB) -> RGB:
    light, hue_a, hue_b = cv2.split(cv2.cvtColor(picture, cv2.COLOR_RGB2LAB))
    evened = cv2.createCLAHE(clipLimit=3.0, tileGridSize=(8, 8)).apply(_stretched(light))
    return np.asarray(cv2.cvtColor(cv2.merge([evened, hue_a, hue_b]), cv2.COLOR_LAB2RGB), np.uint8)


def _stretched(light: NDArray[np.uint8]) -> NDArray[np.uint8]:
    low, high = np.quantile(light, (0.005, 0.995))
    if high <= low:
        return light
    return _levels((light.astype(np.float32) - low) * (255.0 / (high - low)))


def _edge(picture: RGB) -> RGB:
    wide = picture.astype(np.float32)
    detail = wide - cv2.GaussianBlur(wide, (0, 0), 3.0)
    return _levels(wide + 2.0 * detail + 0.5)


def _window(picture: RGB, low: float, high: float) -> RGB:
    opened = (picture.astype(np.float32) / 255.0 - low) / (high - low)
    return _levels(opened * 255.0 + 0.5)


def _levels(shown: NDArray[np.float32]) -> NDArray[np.uint8]:
    levels: NDArray[np.uint8] = np.clip(shown, 0.0, 255.0).astype(np.uint8)
    return levels
