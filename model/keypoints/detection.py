"""SIFT keypoints of a picture, found at one working size whatever its own size is.

Lowe, "Distinctive Image Features from Scale-Invariant Keypoints", IJCV 60 (2004).
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import local

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB


@dataclass(frozen=True)
class Detail:
    """How closely a picture is looked at; vectors of two details are still comparable, only their number differs."""

    side: int = 512
    """Pixels of the longer side of the working picture."""
    most_enlarged: float = 2.6
    """A small picture is enlarged up to this factor, so that small print has keypoints at all."""
    keypoints: int = 1000
    contrast: float = 0.02


DETAIL = Detail()


@dataclass(frozen=True, eq=False)
class Keypoints:
    """K keypoints in pixels of a working picture of `width` × `height`."""

    xy: NDArray[np.float32]
    """Shape (K, 2)."""
    size: NDArray[np.float32]
    """Shape (K,), diameter in pixels."""
    angle: NDArray[np.float32]
    """Shape (K,), degrees clockwise from the x axis, [0, 360)."""
    descriptors: NDArray[np.uint8]
    """Shape (K, 128), as SIFT gives them."""
    width: int
    height: int

    def __len__(self) -> int:
        return len(self.xy)


def detect(pixels: RGB, detail: Detail = DETAIL) -> Keypoints:
    """The keypoints with the most contrast of an (H, W, 3) picture, strongest first; perhaps none."""
    grey = working_picture(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), detail)
    height, width = grey.shape
    points, descriptors = _detector(detail).detectAndCompute(grey, None)
    if not points:
        return _none(width, height)
    strongest = np.argsort([-point.response for point in points], kind="stable")[: detail.keypoints]
    kept = [points[at] for at in strongest]
    return Keypoints(
        xy=np.array([point.pt for point in kept], np.float32),
        size=np.array([point.size for point in kept], np.float32),
        angle=np.array([point.angle for point in kept], np.float32) % 360,
        descriptors=descriptors[strongest].astype(np.uint8),
        width=width,
        height=height,
    )


def working_picture(pixels: NDArray[np.uint8], detail: Detail = DETAIL) -> NDArray[np.uint8]:
    """The picture at the size at which keypoints are looked for; (H, W) or (H, W, 3)."""
    height, width = pixels.shape[:2]
    factor = min(detail.side / max(height, width), detail.most_enlarged)
    if factor == 1:
        return pixels
    size = max(1, round(width * factor)), max(1, round(height * factor))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(pixels, size, interpolation=how), np.uint8)


def _none(width: int, height: int) -> Keypoints:
    nothing = np.empty(0, np.float32)
    return Keypoints(
        np.empty((0, 2), np.float32), nothing, nothing, np.empty((0, 128), np.uint8), width, height
    )


_detectors = local()
"""A detector keeps state between calls, so every thread has its own."""


def _detector(detail: Detail) -> cv2.SIFT:
    own: dict[Detail, cv2.SIFT] = _detectors.__dict__.setdefault("by_detail", {})
    if detail not in own:
        own[detail] = cv2.SIFT.create(nfeatures=detail.keypoints, contrastThreshold=detail.contrast)
    return own[detail]
