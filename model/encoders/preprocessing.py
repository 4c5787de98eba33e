"""From pictures of any size to the one size that an encoder reads, without torch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from model.encoders.base import RGB

_REDUCING_GAP = 3.0
"""A large picture is first shrunk by whole pixels to three times the target: 2.7 times as quick."""


class Fit(StrEnum):
    CENTRE_CROP = "centre-crop"
    """The shorter side becomes `size`, the longer one is cropped on both ends."""
    SQUASH = "squash"
    PAD = "pad"
    """The longer side becomes `size`, the shorter one is filled up on both ends."""


class Interpolation(StrEnum):
    BICUBIC = "bicubic"
    BILINEAR = "bilinear"


_RESAMPLING = {
    Interpolation.BICUBIC: Image.Resampling.BICUBIC,
    Interpolation.BILINEAR: Image.Resampling.BILINEAR,
}


@dataclass(frozen=True)
class Preprocessing:
    """How a picture becomes (size, size, 3) bytes; mean and deviation are applied in the graph."""

    size: int
    fit: Fit
    interpolation: Interpolation
    mean: tuple[float, ...]
    std: tuple[float, ...]
    """Of channel values in [0, 1], in the order red, green, blue."""
    fill: int = 0

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
            fill=int(fields["fill"]),
        )

    def apply(self, picture: RGB) -> NDArray[np.uint8]:
        """Resize with an antialiasing kernel, as torchvision does for PIL pictures, then fit."""
        height, width = picture.shape[:2]
        edge = min(height, width) if self.fit is Fit.CENTRE_CROP else max(height, width)
        small = Image.fromarray(picture).resize(
            (self._scaled(width, edge), self._scaled(height, edge)),
            _RESAMPLING[self.interpolation],
            reducing_gap=_REDUCING_GAP,
        )
        return self._centred(np.asarray(small, np.uint8))

    def _scaled(self, length: int, edge: int) -> int:
        """Rounded as open_clip's transform rounds: down for a crop, to the nearest for padding."""
        if self.fit is Fit.SQUASH:
            return self.size
        exact = self.size * length / edge
        return max(1, round(exact) if self.fit is Fit.PAD else int(exact))

    def _centred(self, small: NDArray[np.uint8]) -> NDArray[np.uint8]:
        rows, columns = small.shape[:2]
        if rows == columns == self.size:
            return small
        if self.fit is Fit.CENTRE_CROP:
            top, left = round((rows - self.size) / 2), round((columns - self.size) / 2)
            return small[top : top + self.size, left : left + self.size]
        canvas = np.full((self.size, self.size, 3), self.fill, np.uint8)
        top, left = (self.size - rows) // 2, (self.size - columns) // 2
        canvas[top : top + rows, left : left + columns] = small
        return canvas
