"""From pictures of any size to the one size that an encoder reads, in numpy and OpenCV alone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB


class Fit(StrEnum):
    CENTRE_CROP = "centre-crop"
    SQUASH = "squash"
    PAD_WHITE = "pad-white"


class Interpolation(StrEnum):
    AREA = "area"


@dataclass(frozen=True)
class Preprocessing:
    """How a picture becomes (size, size, 3) bytes; mean and deviation are applied in the graph."""

    size: int
    fit: Fit
    interpolation: Interpolation
    mean: tuple[float, ...]
    std: tuple[float, ...]
    """Of channel values in [0, 1], in the order red, green, blue."""

    def canonical(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))

    @staticmethod
    def parse(text: str) -> Preprocessing:
        fields = json.loads(text)
        return Preprocessing(
            size=int(fields["size"]),
            fit=Fit(fields["fit"]),
            interpolation=Interpolation(fields["interpolation"]),
            mean=tuple(map(float, fields["mean"])),
            std=tuple(map(float, fields["std"])),
        )

    def apply(self, picture: RGB) -> NDArray[np.uint8]:
        if self.fit is Fit.SQUASH:
            return _resized(picture, self.size, self.size)
        height, width = picture.shape[:2]
        edge = min(height, width) if self.fit is Fit.CENTRE_CROP else max(height, width)
        rows = max(1, round(height * self.size / edge))
        columns = max(1, round(width * self.size / edge))
        small = _resized(picture, rows, columns)
        return _cropped(small, self.size) if self.fit is Fit.CENTRE_CROP else _padded(small, self.size)


def _resized(picture: RGB, rows: int, columns: int) -> NDArray[np.uint8]:
    shrinks = rows <= picture.shape[0] and columns <= picture.shape[1]
    how = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (columns, rows), interpolation=how), np.uint8)


def _cropped(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    top, left = (picture.shape[0] - size) // 2, (picture.shape[1] - size) // 2
    return picture[top : top + size, left : left + size]


def _padded(picture: NDArray[np.uint8], size: int) -> NDArray[np.uint8]:
    canvas = np.full((size, size, 3), 255, np.uint8)
    rows, columns = picture.shape[:2]
    top, left = (size - rows) // 2, (size - columns) // 2
    canvas[top : top + rows, left : left + columns] = picture
    return canvas
