"""At what size pictures are looked at: the same wherever two of them are compared."""

from __future__ import annotations

from model.encoders.base import RGB
from model.images import PictureLimits, decode
from service.blobs import BlobStore

MAX_SIDE = 1024
"""Pixels of the longer side; nothing looks closer."""


def stored_pixels(blobs: BlobStore, key: str, limits: PictureLimits, max_side: int = MAX_SIDE) -> RGB:
    """The pixels of a stored picture, at most `max_side` on the longer side.

    Raises:
        BlobMissing, BlobDamaged: it is not there as it was stored.
    """
    return decode(blobs.get(key), limits, max_side=max_side).pixels
