"""What is wrong with a photo, and how to take a better one: said at once, while the goods are still at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.glare import Glare, find_glare
from model.images import PictureError, decode
from model.quality import assess
from service.problems import PictureRefused
from service.runtime import Runtime

WORKING_SIDE = 1024
"""Pixels of the longer side; enough for every measure, and decoded in a fraction of the time."""
GLARE = "glare"


@dataclass(frozen=True)
class PhotoQuality:
    width: int
    height: int
    """As sent, upright."""
    faults: tuple[str, ...]
    """Why it cannot be judged; empty for a good photo."""
    glare: tuple[Glare, ...]
    """Where light is thrown back; the photo can be judged, but not there."""


def judge_photos(runtime: Runtime, photos: Sequence[bytes]) -> list[PhotoQuality]:
    """Side by side on the pool; nothing is kept.

    Raises:
        PictureRefused: with `picture`, the index of the first that cannot be read.
    """
    waiting = [runtime.pool.submit(_judged, runtime, data) for data in photos]
    found = []
    for at, future in enumerate(waiting):
        try:
            found.append(future.result())
        except PictureError as error:
            raise PictureRefused(error, picture=at) from error
    return found


def _judged(runtime: Runtime, data: bytes) -> PhotoQuality:
    picture = decode(data, runtime.picture_limits, max_side=WORKING_SIDE)
    faults = tuple(fault.value for fault in assess(picture).faults)
    return PhotoQuality(picture.width, picture.height, faults, find_glare(picture.pixels))
