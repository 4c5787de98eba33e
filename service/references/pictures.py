"""From bytes that somebody enrols to what is stored of them: decoded, judged, described.

None of it touches the database, so that no write lock is held meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np

from model.copies.hashes import MIN_QUALITY
from model.encoders.base import RGB, FingerprintMismatch
from model.images import Picture, PictureError, PictureTooSmall, decode
from service.errors import Unprocessable
from service.runtime import Runtime
from service.vectors.serving import Features

MAX_SIDE = 1024
SMALLEST_SIDE = 64
"""Pixels; under it a product cannot be told from another (catalogue thumbnails have about 198)."""
SMALL_SIDE = 200
BLURRED = 15.0
"""Variance of the Laplacian at 512 pixels, under which a picture is taken for blurred (Pech-Pacheco, 2000)."""
BLANK = 2.0
"""Standard deviation of grey, in 0–255, under which there is nothing to see."""

T = TypeVar("T")


class NothingToSee(Unprocessable):
    slug = "picture-blank"
    title = "The picture shows nothing that could be matched"
    help = "Send a sharp photo of the product that fills most of the frame."


@dataclass(frozen=True, eq=False)
class Taken:
    """A picture that may be enrolled. `warnings` say why it will be found less well than it could."""

    data: bytes
    picture: Picture
    warnings: tuple[str, ...]


def take(runtime: Runtime, data: bytes) -> Taken:
    """Decode and judge one picture on the pool.

    Raises:
        PictureError: the bytes are not a picture that can be judged.
        NothingToSee: it is blank.
    """
    return runtime.pool.submit(_take, runtime, data).result()


def take_all(runtime: Runtime, many: Sequence[Callable[[], bytes]]) -> list[Taken | Exception]:
    """Read, decode and judge pictures side by side; a refusal stands in its picture's place."""

    def one(read: Callable[[], bytes]) -> Taken | Exception:
        try:
            return _take(runtime, read())
        except (PictureError, Unprocessable) as refusal:
            return refusal

    return list(runtime.pool.map(one, many))


def describe(runtime: Runtime, taken: Sequence[Taken]) -> list[Features]:
    """Features by the encoder that serves now."""
    return runtime.vectors.serving().describe([each.picture.pixels for each in taken])


def described_and_stored(runtime: Runtime, taken: Sequence[Taken], store: Callable[[list[Features]], T]) -> T:
    """Describe, then store; once more if the encoder was changed between the two.

    Raises:
        FingerprintMismatch: it was changed twice.
    """
    try:
        return store(describe(runtime, taken))
    except FingerprintMismatch:
        return store(describe(runtime, taken))


def _take(runtime: Runtime, data: bytes) -> Taken:
    picture = decode(data, runtime.picture_limits, max_side=MAX_SIDE)
    if min(picture.width, picture.height) < SMALLEST_SIDE:
        raise PictureTooSmall(picture.width, picture.height, SMALLEST_SIDE)
    return Taken(data, picture, _warnings(picture))


def _warnings(picture: Picture) -> tuple[str, ...]:
    grey = _grey(picture.pixels)
    if float(grey.std()) < BLANK:
        raise NothingToSee("The picture is of one colour. Send a photo of the product.")
    found = []
    if min(picture.width, picture.height) < SMALL_SIDE:
        found.append(f"small: a side of at least {SMALL_SIDE} pixels is found better")
    if float(cv2.Laplacian(grey, cv2.CV_64F).var()) < BLURRED:
        found.append("blurred: a sharp photo is found better")
    return tuple(found)


def _grey(pixels: RGB) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    scale = 512 / max(grey.shape)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(grey, dtype=np.uint8)


def hash_means_something(features: Features) -> bool:
    """Whether its perceptual hash may be compared at all."""
    return features.hash.quality >= MIN_QUALITY
