"""What stands between source and detector, at two energies, and the pictures that scanners make of it.

Rays are weakened by each thing they pass (Beer and Lambert), so that attenuations of things behind one another add up
while their brightness multiplies. Everything here that counts, compares or lays things over each other does so on
attenuations.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB

Plane = NDArray[np.float32]
"""Shape (height, width), float32."""

_FLOOR = 1.0 / 255.0
_DARKEST = -float(np.log(_FLOOR))


class Material(Enum):
    """Attenuation of a unit of thickness at the low and at the high energy."""

    ORGANIC = (0.20, 0.18)
    MINERAL = (0.75, 0.52)
    METAL = (2.60, 1.25)


@dataclass(frozen=True, eq=False)
class Attenuation:
    """Both planes are of one shape, 0 where nothing is in the way."""

    low: Plane
    high: Plane

    def __add__(self, other: Attenuation) -> Attenuation:
        return Attenuation(self.low + other.low, self.high + other.high)


def empty(height: int, width: int) -> Attenuation:
    return Attenuation(np.zeros((height, width), np.float32), np.zeros((height, width), np.float32))


def grey(attenuation: Attenuation) -> RGB:
    """As a scanner of one energy shows it: white is air, black lets nothing through. Shape (height, width, 3)."""
    shown = np.exp(-attenuation.low) * 255.0 + 0.5
    return np.repeat(_levels(shown)[:, :, np.newaxis], 3, axis=2)


def pseudo_colour(attenuation: Attenuation) -> RGB:
    """As a scanner of two energies shows it: orange is organic, green mineral, blue metal; darker is thicker."""
    ratio = attenuation.low / np.maximum(attenuation.high, 1e-4)
    knots = (1.05, 1.25, 1.48, 1.75, 2.0)
    light = np.exp(-0.8 * attenuation.high)
    channels = [np.interp(ratio, knots, values) for values in zip(*_HUES, strict=True)]
    tint = np.stack(channels, axis=2)
    strength = (1.0 - np.exp(-3.0 * attenuation.high))[:, :, np.newaxis]
    shown = light[:, :, np.newaxis] * (1.0 - strength * (1.0 - tint)) * 255.0 + 0.5
    return _levels(shown)


def attenuation_of(picture: RGB) -> Plane:
    """The attenuation that a picture shows, of air about 0; brightness of the lightest 2 % counts as air.

    Of pseudo-colours it is the brightness that counts: hue tells the material, not how much of it there is.
    """
    # The brightest channel would make thin organic things vanish; the mean keeps what either kind of scanner shows.
    light = picture.astype(np.float32).mean(axis=2) / 255.0
    air = max(float(np.quantile(light, 0.98)), 0.2)
    found: Plane = np.clip(-np.log(np.maximum(light / air, _FLOOR)), 0.0, _DARKEST).astype(np.float32)
    return found


def _levels(shown: NDArray[np.floating]) -> NDArray[np.uint8]:
    levels: NDArray[np.uint8] = np.clip(shown, 0, 255).astype(np.uint8)
    return levels


_HUES = ((1.0, 0.62, 0.18), (1.0, 0.62, 0.18), (0.30, 0.78, 0.32), (0.20, 0.40, 0.86), (0.14, 0.26, 0.82))
