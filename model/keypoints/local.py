"""What is kept of a picture so that another can be compared with it point by point."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.keypoints.detection import DETAIL, Detail, Keypoints, detect
from model.keypoints.matching import folded, rooted

FORMAT = "local-1"
"""Changes when what is kept, or how it is found, changes; what another format kept is made anew."""
THUMBNAIL_SIDE = 256
_THUMBNAIL_QUALITY = 92


class DamagedLocalPicture(ValueError):
    """The bytes are not what `to_bytes` wrote; make them anew from the picture."""


@dataclass(frozen=True, eq=False)
class LocalPicture:
    """Keypoints of a picture, and the picture itself small, for comparing tones after alignment."""

    keypoints: Keypoints
    thumbnail: RGB
    """Shape (h, w, 3), longer side at most `THUMBNAIL_SIDE`."""

    @cached_property
    def roots(self) -> NDArray[np.float32]:
        """RootSIFT descriptors, shape (K, 128)."""
        return rooted(self.keypoints.descriptors)

    @cached_property
    def folded_roots(self) -> NDArray[np.float32]:
        """The same `folded`, for matching in both mirror senses; shape (K, 128)."""
        return folded(rooted(self.keypoints.descriptors))

    def to_bytes(self) -> bytes:
        """About 150 kB for a picture full of detail."""
        points = self.keypoints
        ok, jpeg = cv2.imencode(
            ".jpg",
            cv2.cvtColor(self.thumbnail, cv2.COLOR_RGB2BGR),
            [cv2.IMWRITE_JPEG_QUALITY, _THUMBNAIL_QUALITY],
        )
        if not ok:
            raise RuntimeError("OpenCV could not encode the thumbnail as JPEG.")
        file = io.BytesIO()
        np.savez(
            file,
            format=np.frombuffer(FORMAT.encode(), np.uint8),
            xy=points.xy,
            size=points.size,
            angle=points.angle,
            descriptors=points.descriptors,
            extent=np.array([points.width, points.height], np.int32),
            thumbnail=jpeg.ravel(),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> LocalPicture:
        """Read what `to_bytes` wrote.

        Raises:
            DamagedLocalPicture: it did not write this, or wrote it in another format.
        """
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as held:
                return cls._read(held)
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise DamagedLocalPicture("These bytes hold no keypoints of this version.") from error

    @classmethod
    def _read(cls, held: np.lib.npyio.NpzFile) -> LocalPicture:
        if held["format"].tobytes() != FORMAT.encode():
            raise DamagedLocalPicture("These keypoints were kept in another format.")
        width, height = (int(side) for side in held["extent"])
        points = Keypoints(
            held["xy"], held["size"], held["angle"], held["descriptors"], width=width, height=height
        )
        if not len(points.xy) == len(points.size) == len(points.angle) == len(points.descriptors):
            raise DamagedLocalPicture("These keypoints are not whole.")
        thumbnail = cv2.imdecode(held["thumbnail"], cv2.IMREAD_COLOR_RGB)
        if thumbnail is None:
            raise DamagedLocalPicture("The small picture kept with the keypoints is damaged.")
        return cls(points, thumbnail)


def look_closely(pixels: RGB, detail: Detail = DETAIL) -> LocalPicture:
    """Keypoints and thumbnail of an (H, W, 3) picture."""
    return LocalPicture(detect(pixels, detail), _small(pixels))


def _small(pixels: RGB) -> RGB:
    height, width = pixels.shape[:2]
    factor = THUMBNAIL_SIDE / max(height, width)
    if factor >= 1:
        return pixels
    size = max(1, round(width * factor)), max(1, round(height * factor))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)
