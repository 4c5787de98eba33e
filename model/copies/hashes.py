"""Perceptual hash: 256 bits that stay alike when a photo is re-encoded, resized or toned.

PDQ, by the white paper "The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm"
(Facebook, 2019): the signs of a 16 × 16 discrete cosine transform of the luminance, split at their median.
Measured rates are in `model/copies/README.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import cv2
import numpy as np
import pdqhash
from numpy.typing import NDArray

from model.encoders.base import RGB

BITS = 256
MATCH_DISTANCE = 31
"""Distance up to which the white paper counts two pictures as the same."""
MIN_QUALITY = 50
"""Under this the picture has too little structure for its hash to mean anything (white paper's advice)."""

_HASHED_SIDE = 512


class InvalidHash(ValueError):
    def __init__(self, found: str) -> None:
        super().__init__(f"A PDQ hash is 64 hexadecimal digits with a quality of 0 to 100; got {found}.")


class Symmetry(StrEnum):
    """What was done to a picture; turns are counter-clockwise."""

    ORIGINAL = "original"
    TURNED_90 = "turned_90"
    TURNED_180 = "turned_180"
    TURNED_270 = "turned_270"
    UPSIDE_DOWN = "upside_down"
    MIRRORED = "mirrored"
    TRANSPOSED = "transposed"
    ANTITRANSPOSED = "antitransposed"


@dataclass(frozen=True)
class PerceptualHash:
    bits: bytes
    """32 bytes, in the order of the reference implementation's hexadecimal form."""
    quality: int
    """0 (featureless) to 100."""

    def __post_init__(self) -> None:
        if len(self.bits) != BITS // 8 or not 0 <= self.quality <= 100:
            raise InvalidHash(f"{len(self.bits)} bytes with quality {self.quality}")

    @property
    def hex(self) -> str:
        return self.bits.hex()

    @classmethod
    def from_hex(cls, digits: str, quality: int) -> Self:
        """Read the usual 64 digits.

        Raises:
            InvalidHash: other than 64 hexadecimal digits, or the quality is out of range.
        """
        try:
            bits = bytes.fromhex(digits)
        except ValueError as error:
            raise InvalidHash(repr(digits[:80])) from error
        return cls(bits, quality)


def pdq(pixels: RGB) -> PerceptualHash:
    """Hash a picture, shrunk to 512 px first."""
    vector, quality = pdqhash.compute(_shrunk(pixels))
    return _packed(vector, quality)


def dihedral(pixels: RGB) -> dict[Symmetry, PerceptualHash]:
    """Hash all eight turns and mirrors of a picture at the cost of about one."""
    vectors, quality = pdqhash.compute_dihedral(_shrunk(pixels))
    return {name: _packed(vector, quality) for name, vector in zip(Symmetry, vectors, strict=True)}


def distance(a: PerceptualHash, b: PerceptualHash) -> int:
    """Count the bits that differ: 0 to 256, about 128 for unrelated pictures."""
    return (int.from_bytes(a.bits) ^ int.from_bytes(b.bits)).bit_count()


def as_vector(value: PerceptualHash) -> NDArray[np.float32]:
    """Give the hash as a unit vector of shape (256,), so that a vector index can hold it.

    Every coordinate is ±1/16; the cosine of two of them is 1 − distance / 128.
    """
    bits = np.unpackbits(np.frombuffer(value.bits, dtype=np.uint8))
    return (bits.astype(np.float32) * 2 - 1) / np.float32(16)


def cosine_at(hamming: int) -> float:
    """Say which cosine of two hash vectors stands for a Hamming distance."""
    return 1 - hamming / 128


def _shrunk(pixels: RGB) -> RGB:
    height, width = pixels.shape[:2]
    scale = _HASHED_SIDE / max(height, width)
    if scale >= 1:
        return np.ascontiguousarray(pixels)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _packed(vector: NDArray[np.uint8], quality: int) -> PerceptualHash:
    return PerceptualHash(np.packbits(np.asarray(vector, dtype=np.uint8)).tobytes(), int(quality))
