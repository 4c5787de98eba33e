"""What a decoded picture is, and the limits within which bytes become one."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from model.encoders.base import RGB

MIB = 1024 * 1024


class PictureFormat(StrEnum):
    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    GIF = "gif"
    TIFF = "tiff"
    AVIF = "avif"
    HEIC = "heic"


@dataclass(frozen=True)
class PictureLimits:
    """What is refused; `model/images.md` says how each limit is held."""

    max_bytes: int = 20 * MIB
    max_pixels: int = 50_000_000
    """Width × height, read from the header before anything is decoded."""
    min_side: int = 32
    """Pixels of the shorter side."""
    seconds: float = 5.0
    """Processor time of the decoding thread, so that a busy machine refuses no honest picture."""
    formats: frozenset[PictureFormat] = field(default_factory=lambda: frozenset(PictureFormat))


@dataclass(frozen=True, eq=False)
class Picture:
    """One upright picture."""

    pixels: RGB
    """Reduced to about `max_side` where the caller asked for that; read-only."""
    format: PictureFormat
    width: int
    """Upright size as sent, before any reduction."""
    height: int
    sha256: str
    """64 hexadecimal digits over the bytes received."""
