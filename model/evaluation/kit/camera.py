"""A pinhole camera over a little stage. Lengths in centimetres, angles in radians.

The stage's frame is that of the first product's front: x to its right, y up along it, z out of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Camera:
    position: Vector
    rotation: NDArray[np.float64]
    """Rows: right, down, forward."""
    focal: float
    """Pixels."""
    centre: tuple[float, float]
    """Pixels: where the optical axis meets the picture."""

    def project(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """(N, 3) points of the stage to (N, 2) pixels, x right, y down. Points must lie before the camera."""
        seen = (np.asarray(points, float) - self.position) @ self.rotation.T
        depth = np.maximum(seen[:, 2:], 1e-3)
        flat: NDArray[np.float64] = seen[:, :2] / depth * self.focal + self.centre
        return flat

    def faces(self, corners: NDArray[np.floating]) -> bool:
        """True when the front of a face is seen: its corners run clockwise, from the top left, in the picture."""
        quad = self.project(corners)
        ahead, down = quad[1] - quad[0], quad[3] - quad[0]
        return bool(ahead[0] * down[1] - ahead[1] * down[0] > 0)


def look_at(
    target: Vector,
    *,
    azimuth: float,
    elevation: float,
    roll: float,
    span: float,
    size: tuple[int, int],
    shift: tuple[float, float] = (0.0, 0.0),
    lens: float = 1.35,
) -> Camera:
    """Place a camera so that `span` centimetres around the target fill the picture's shorter side.

    Args:
        azimuth: 0 in front, positive to the target's right.
        elevation: positive above.
        roll: of the camera about its axis.
        size: width and height in pixels.
        shift: of the target from the middle, in shares of the picture.
        lens: focal length in shorter sides of the picture; 1.35 is a phone's main camera.
    """
    width, height = size
    focal = lens * min(width, height)
    away = np.array(
        [np.sin(azimuth) * np.cos(elevation), np.sin(elevation), np.cos(azimuth) * np.cos(elevation)]
    )
    forward = -away
    right = np.cross(forward, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    down = np.cross(forward, right)
    cos, sin = np.cos(roll), np.sin(roll)
    rotation = np.stack([cos * right + sin * down, cos * down - sin * right, forward])
    return Camera(
        target + away * span * lens,
        rotation,
        focal,
        (width * (0.5 + shift[0]), height * (0.5 + shift[1])),
    )


def turned(points: NDArray[np.floating], axis: int, angle: float) -> NDArray[np.float64]:
    """Rotate (N, 3) points about one of the stage's axes: 0 is x, 1 is y, 2 is z."""
    one, other = (axis + 1) % 3, (axis + 2) % 3
    cos, sin = np.cos(angle), np.sin(angle)
    moved = np.array(points, float)
    moved[:, one] = cos * points[:, one] - sin * points[:, other]
    moved[:, other] = sin * points[:, one] + cos * points[:, other]
    return moved
