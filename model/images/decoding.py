"""Untrusted bytes → an upright sRGB picture, or a named error."""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pillow_heif
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from model.encoders.base import RGB
from model.images.colour import flatten, to_srgb
from model.images.containers import Container, read_container
from model.images.errors import (
    DamagedPicture,
    DecompressionBomb,
    EmptyPicture,
    PictureError,
    PictureTooLarge,
    PictureTooSlow,
    PictureTooSmall,
    TruncatedPicture,
)
from model.images.exif import orientation, swaps_sides, turn
from model.images.jpeg import read_jpeg
from model.images.picture import Picture, PictureFormat, PictureLimits
from model.images.sniffing import sniff

_OPENERS: dict[PictureFormat, type[ImageFile.ImageFile]] = {
    PictureFormat.PNG: PngImagePlugin.PngImageFile,
    PictureFormat.WEBP: WebPImagePlugin.WebPImageFile,
    PictureFormat.GIF: GifImagePlugin.GifImageFile,
    PictureFormat.TIFF: TiffImagePlugin.TiffImageFile,
    PictureFormat.AVIF: AvifImagePlugin.AvifImageFile,
    PictureFormat.HEIC: pillow_heif.HeifImageFile,
}

_DEFAULTS = PictureLimits()

# One thread a picture: several would be no faster under load, and their time would not count as the decoder's.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1
pillow_heif.options.DECODE_THREADS = 1

_BOMB_PIXELS_PER_BYTE = 1000
"""A JPEG of one grey, 4096 × 4096 with optimised tables, has 255; more, beyond the limit, is made to exhaust."""

_FRAMES_OF_ONE_PICTURE = 2
"""Colours, and transparency as a second frame of the same size; thumbnails hardly count."""


def decode(data: bytes, limits: PictureLimits = _DEFAULTS, max_side: int | None = None) -> Picture:
    """Decode the first picture in `data`.

    EXIF orientation (or the container's own) is applied, ICC profiles, CMYK and Lab are converted to sRGB,
    transparency is composited on white, deeper samples are scaled to 8 bits.

    Args:
        data: the file, whole. Its format is told by content.
        limits: what is refused.
        max_side: the longer side that suffices; a longer one is reduced to it, with antialiasing.

    Raises:
        PictureError: one of its subclasses says what is wrong with the bytes, and what to send instead.
    """
    if not data:
        raise EmptyPicture
    if len(data) > limits.max_bytes:
        raise PictureTooLarge("bytes", len(data), limits.max_bytes)
    found = sniff(data, limits.formats)
    container = read_container(data, found)
    if container.size is not None:
        _check_size(container.size, len(data), limits)
    if container.coded_pixels > _FRAMES_OF_ONE_PICTURE * limits.max_pixels:
        raise DecompressionBomb(f"{container.coded_pixels:,} pixels in frames within")
    clock = _Clock(limits.seconds)
    with _decoder_errors_named(clock):
        if found is PictureFormat.JPEG:
            size, image = _read_jpeg(container, max_side)
        else:
            size, image = _read_other(_OPENERS[found](_TimedBytes(container.body, clock)), len(data), limits)
        held = _held(image, container)
        pixels = _upright_pixels(image, container, held, max_side)
        clock.check()
    width, height = size[::-1] if swaps_sides(held) else size
    return Picture(pixels, found, width, height, hashlib.sha256(data).hexdigest())


@contextmanager
def _decoder_errors_named(clock: _Clock) -> Iterator[None]:
    """Decoders meet hostile bytes here and report them in every class of error that there is."""
    try:
        yield
    except PictureError:
        raise
    except MemoryError as error:
        raise DecompressionBomb("it asks for more memory than there is") from error
    except Exception as error:
        # Some decoders wrap what the clock raised in an error of their own.
        clock.check()
        if "truncated" in str(error):
            raise TruncatedPicture from error
        raise DamagedPicture(f"its decoder says: {error}"[:200]) from error


def _read_jpeg(container: Container, max_side: int | None) -> tuple[tuple[int, int], Image.Image]:
    if container.size is None:
        raise AssertionError("a JPEG has its size in the frame header, which its reader requires")
    wanted = _reduced(container.size, max_side) if max_side is not None else container.size
    return container.size, read_jpeg(container.body, container.size, wanted)


def _read_other(
    image: ImageFile.ImageFile, length: int, limits: PictureLimits
) -> tuple[tuple[int, int], Image.Image]:
    """Load whole: Pillow's draft mode would show the thumbnail inside a HEIC, maybe of another picture."""
    _check_size(image.size, length, limits)
    size = image.size
    image.load()
    return size, image


def _upright_pixels(image: Image.Image, container: Container, held: int, max_side: int | None) -> RGB:
    plain = flatten(image)
    if max_side is not None and max(plain.size) > max_side:
        plain = plain.resize(_reduced(plain.size, max_side), Image.Resampling.HAMMING, reducing_gap=2.0)
    colours = to_srgb(plain, container.profile or image.info.get("icc_profile"))
    return np.asarray(turn(colours, held))


def _held(image: Image.Image, container: Container) -> int:
    """The container's own orientation, or what the decoder found in the boxes of an AVIF or HEIC file."""
    return container.orientation if container.size else orientation(image.info.get("exif") or b"")


def _reduced(size: tuple[int, int], max_side: int) -> tuple[int, int]:
    scale = min(1.0, max_side / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _check_size(size: tuple[int, int], length: int, limits: PictureLimits) -> None:
    pixels = size[0] * size[1]
    if pixels > limits.max_pixels:
        if pixels > length * _BOMB_PIXELS_PER_BYTE:
            raise DecompressionBomb(f"{pixels:,} pixels from {length:,} bytes")
        raise PictureTooLarge("pixels", pixels, limits.max_pixels)
    if min(size) < limits.min_side:
        raise PictureTooSmall(*size, limits.min_side)


class _Clock:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.thread_time() + seconds

    def check(self) -> None:
        if time.thread_time() > self._end:
            raise PictureTooSlow(self._seconds)


class _TimedBytes(io.BytesIO):
    """Stops a decoder that still asks for bytes when its time is up."""

    def __init__(self, data: bytes, clock: _Clock) -> None:
        super().__init__(data)
        self._clock = clock

    def read(self, size: int | None = -1, /) -> bytes:
        self._clock.check()
        return super().read(size)
