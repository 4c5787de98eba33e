"""A tiny deterministic encoder, so that the whole service is tested in seconds. For tests only."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB, EncoderInfo, Vectors


class DummyEncoder:
    """The picture and its mirror image, shrunk to 8 × 8 and centred, as one vector: alike pictures are near."""

    def __init__(self, salt: str = "dummy") -> None:
        self.info = EncoderInfo(
            name=f"dummy:{salt}",
            architecture="shrink-8x8",
            weights_sha256=salt,
            preprocessing="area",
            precision="fp32",
            dimension=192,
        )

    def encode(self, pictures: Sequence[RGB]) -> Vectors:
        rows = [_shrunk(picture) for picture in pictures]
        return np.stack(rows) if rows else np.empty((0, self.info.dimension), np.float32)


def _shrunk(picture: RGB) -> NDArray[np.float32]:
    shrunk = cv2.resize(picture, (8, 8), interpolation=cv2.INTER_AREA).astype(np.float32)
    small: NDArray[np.float32] = (shrunk + shrunk[:, ::-1]).ravel() / 2
    small -= small.mean()
    small += 1e-3
    small /= np.linalg.norm(small)
    return small
