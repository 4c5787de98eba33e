"""Signal S0: can this picture be judged at all?

Thresholds come from `python -m model.evaluation.quality_thresholds FOLDER --seed 0`; its table is in
`model/images.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.images import Picture

MIN_SHORTER_SIDE = 96
MIN_SHARPNESS = 0.3
MAX_DARK_SHARE = 0.8
MAX_BRIGHT_SHARE = 0.97
MAX_CLIPPED_SHARE, MIN_WHITE_SHARE = 0.4, 0.5
"""More is too bright together. A white background alone leaves the thing's own colours unclipped."""
MIN_CONTRAST = 0.18
MIN_OBJECT_SHARE = 0.02

_WORKING_SIDE = 512
_TILE = 16
_DARK, _BRIGHT = 32, 245
_CLIPPED, _PURE = 250, 16
_ROUNDING = np.float32(20 / 12)
"""Variance of a Laplacian (weights 1, 1, 1, 1, −4) of rounding errors, each of variance 1/12."""
_BACKGROUND_TOLERANCE = 20

_Grey = NDArray[np.uint8]


class QualityFault(StrEnum):
    TOO_SMALL = "too_small"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    FLAT = "flat"
    OBJECT_TOO_SMALL = "object_too_small"


@dataclass(frozen=True)
class Quality:
    shorter_side: int
    """Pixels, as sent."""
    sharpness: float
    """Second against first differences of luminance where the picture is busiest, 0 (blurred) to about 6."""
    dark_share: float
    """Share of pixels with luminance under 32 of 255."""
    bright_share: float
    """Share of pixels with luminance over 245 of 255."""
    clipped_share: float
    """Share, of the pixels that are not so bright, with a channel at 250 or more and none under 16.

    Too much light clips one channel after the other; pure colours of print and drawings have a channel near 0.
    """
    contrast: float
    """Luminance between the 1st and the 99th percentile, 0 to 1."""
    object_share: float
    """Share of pixels that differ from the colour of the picture's border."""

    @property
    def faults(self) -> tuple[QualityFault, ...]:
        found = {
            QualityFault.TOO_SMALL: self.shorter_side < MIN_SHORTER_SIDE,
            QualityFault.BLURRED: self.sharpness < MIN_SHARPNESS,
            QualityFault.TOO_DARK: self.dark_share > MAX_DARK_SHARE,
            QualityFault.TOO_BRIGHT: self.bright_share > MAX_BRIGHT_SHARE
            or (self.bright_share > MIN_WHITE_SHARE and self.clipped_share > MAX_CLIPPED_SHARE),
            QualityFault.FLAT: self.contrast < MIN_CONTRAST,
            QualityFault.OBJECT_TOO_SMALL: self.object_share < MIN_OBJECT_SHARE,
        }
        return tuple(fault for fault, present in found.items() if present)

    @property
    def usable(self) -> bool:
        return not self.faults


def assess(picture: Picture) -> Quality:
    """Measure a picture at a longer side of 512 px, or at its own size where that is smaller."""
    working = _working_copy(picture.pixels)
    grey = np.asarray(cv2.cvtColor(working, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    cumulative = np.cumsum(np.bincount(grey.ravel(), minlength=256)) / grey.size
    low, high = np.searchsorted(cumulative, (0.01, 0.99))
    return Quality(
        shorter_side=min(picture.width, picture.height),
        sharpness=_sharpness(grey),
        dark_share=float(cumulative[_DARK - 1]),
        bright_share=float(1 - cumulative[_BRIGHT]),
        clipped_share=_clipped_share(working, grey),
        contrast=float(high - low) / 255,
        object_share=_object_share(working),
    )


def _clipped_share(working: RGB, grey: _Grey) -> float:
    red, green, blue = cv2.split(working)
    clipped = cv2.max(cv2.max(red, green), blue) >= _CLIPPED
    clipped &= cv2.min(cv2.min(red, green), blue) >= _PURE
    rest = grey <= _BRIGHT
    return float(np.count_nonzero(clipped & rest)) / max(1, int(np.count_nonzero(rest)))


def _working_copy(pixels: RGB) -> RGB:
    """Shrink by averaging whole blocks, which is several times faster, then to the exact size."""
    height, width = pixels.shape[:2]
    blocks = max(height, width) // _WORKING_SIDE
    if blocks > 1 and min(height, width) >= blocks:
        size = (width // blocks, height // blocks)
        whole = pixels[: size[1] * blocks, : size[0] * blocks]
        pixels = np.asarray(cv2.resize(whole, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    scale = _WORKING_SIDE / max(pixels.shape)
    if scale >= 1:
        return pixels
    exact = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, exact, interpolation=cv2.INTER_LINEAR), dtype=np.uint8)


def _sharpness(grey: _Grey) -> float:
    """Relate the energy of the Laplacian to that of the gradient, tile by tile.

    The variance of the Laplacian (Pech-Pacheco et al., ICPR 2000) grows with contrast; the ratio does not.
    Only the busiest tenth of the tiles counts, because a blurred background is no fault. What rounding to whole
    numbers adds to the second differences is taken off: in a very blurred picture it is most of them.
    """
    values = grey.astype(np.float32)
    second = _tile_means(cv2.Laplacian(values, cv2.CV_32F)[:-1, :-1] ** 2) - _ROUNDING
    across, down = np.diff(values, axis=1)[:-1], np.diff(values, axis=0)[:, :-1]
    first = _tile_means(across**2 + down**2)
    if not first.size:
        return 0.0
    busiest = first >= np.quantile(first, 0.9)
    return max(0.0, float(second[busiest].sum() / (first[busiest].sum() + 1.0)))


def _tile_means(energy: NDArray[np.float32]) -> NDArray[np.float32]:
    rows, columns = energy.shape[0] // _TILE, energy.shape[1] // _TILE
    if not rows or not columns:
        return np.empty(0, np.float32)
    whole = energy[: rows * _TILE, : columns * _TILE]
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA), dtype=np.float32)


def _object_share(working: RGB) -> float:
    size = (max(1, working.shape[1] // 2), max(1, working.shape[0] // 2))
    small = np.asarray(cv2.resize(working, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    border = np.concatenate([small[0], small[-1], small[:, 0], small[:, -1]])
    background = np.median(border, axis=0)
    red, green, blue = (
        cv2.absdiff(np.ascontiguousarray(small[..., channel]), float(background[channel]))
        for channel in range(3)
    )
    apart = cv2.max(cv2.max(red, green), blue) > _BACKGROUND_TOLERANCE
    return float(np.count_nonzero(apart) / apart.size)
