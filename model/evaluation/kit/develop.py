"""From a scene to a file as a phone makes it: light falling off, colour cast, blur, noise, JPEG."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB

_TILE = 512
_COARSE = 10


@dataclass(frozen=True, eq=False)
class Conditions:
    exposure: float
    cast: NDArray[np.float32]
    """(3,) factors on red, green and blue."""
    slope: tuple[float, float]
    """How much brighter the right and lower edges are than the left and upper ones."""
    vignette: float
    blur: float
    """Standard deviation in pixels."""
    shake: tuple[float, float]
    """Length in pixels and direction in radians of a moved hand."""
    noise: float
    """Standard deviation in grey levels."""
    quality: int
    """Of the JPEG, 1 to 95."""
    seed: int


def draw_conditions(rng: np.random.Generator, hardness: float) -> Conditions:
    """Conditions of a phone photo; `hardness` 0 is a good day, 1 a bad one."""
    spread = 0.25 + 0.75 * hardness
    shake = float(rng.uniform(2, 7)) * hardness if rng.random() < 0.25 * hardness else 0.0
    return Conditions(
        exposure=float(np.exp(rng.normal(0.0, 0.14) * spread - 0.05 * hardness)),
        cast=np.exp(rng.normal(0, 0.055, 3) * spread).astype(np.float32),
        slope=(float(rng.normal(0, 0.16) * spread), float(rng.normal(0, 0.16) * spread)),
        vignette=float(rng.uniform(0, 0.28) * spread),
        blur=float(rng.uniform(0.35, 0.6 + 1.5 * hardness)),
        shake=(shake, float(rng.uniform(0, np.pi))),
        noise=float(rng.uniform(1.0, 2.0 + 7.0 * hardness)),
        quality=int(rng.integers(round(88 - 36 * hardness), 95)),
        seed=int(rng.integers(2**31)),
    )


def develop(picture: NDArray[np.uint8], conditions: Conditions) -> RGB:
    """Lens, light, sensor and file, in this order."""
    height, width = picture.shape[:2]
    blurred = cv2.GaussianBlur(picture, (0, 0), conditions.blur)
    if conditions.shake[0] >= 1.5:
        blurred = cv2.filter2D(blurred, -1, _streak(*conditions.shake))
    seen = cv2.multiply(blurred, _light(height, width, conditions), dtype=cv2.CV_32F)
    _add_noise(seen, conditions)
    return recompressed(_shoulder(seen), conditions.quality)


def recompressed(pixels: RGB, quality: int) -> RGB:
    """The same picture after a JPEG of that quality."""
    _, code = cv2.imencode(
        ".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    return np.asarray(cv2.cvtColor(cv2.imdecode(code, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), np.uint8)


def _light(height: int, width: int, conditions: Conditions) -> NDArray[np.float32]:
    """Factors of shape (height, width, 3); computed on a coarse grid, for light changes slowly."""
    x = np.linspace(-1, 1, max(2, width // _COARSE), dtype=np.float32)[None]
    y = np.linspace(-1, 1, max(2, height // _COARSE), dtype=np.float32)[:, None]
    fall = 1 + conditions.slope[0] * x + conditions.slope[1] * y - conditions.vignette * 0.5 * (x * x + y * y)
    factors = np.maximum(fall, 0.25)[..., None] * (conditions.cast * np.float32(conditions.exposure))
    return np.asarray(cv2.resize(factors, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _streak(length: float, direction: float) -> NDArray[np.float32]:
    side = int(length) | 1
    kernel = np.zeros((side, side), np.float32)
    middle = side // 2
    reach = np.array([np.cos(direction), np.sin(direction)]) * middle
    start, end = np.round(middle - reach).astype(int), np.round(middle + reach).astype(int)
    cv2.line(kernel, [int(v) for v in start], [int(v) for v in end], 1.0, 1)
    return np.asarray(kernel / kernel.sum(), np.float32)


def _add_noise(picture: NDArray[np.float32], conditions: Conditions) -> None:
    """Luma noise from one tile laid at many offsets, and blotches of colour: as denoised sensors leave it."""
    rng = np.random.default_rng(conditions.seed)
    height, width = picture.shape[:2]
    tile = rng.standard_normal((_TILE, _TILE), dtype=np.float32) * conditions.noise
    grain = cv2.merge([cv2.GaussianBlur(tile, (0, 0), 0.55) * 1.5] * 3)
    blotches = rng.standard_normal((height // 6 + 1, width // 6 + 1, 3), dtype=np.float32) * (
        conditions.noise * 0.45
    )
    picture += cv2.resize(blotches, (width, height), interpolation=cv2.INTER_LINEAR)
    for top in range(0, height, _TILE):
        for left in range(0, width, _TILE):
            part = picture[top : top + _TILE, left : left + _TILE]
            part += grain[: part.shape[0], : part.shape[1]]


def _shoulder(picture: NDArray[np.float32]) -> RGB:
    """Highlights roll off above 225 and are cut at 255."""
    rolled = cv2.min(picture, cv2.addWeighted(picture, 0.5, picture, 0.0, 112.5))
    return np.asarray(cv2.convertScaleAbs(cv2.max(rolled, 0.0)), np.uint8)
