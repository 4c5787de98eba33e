"""AVIF and HEIC: files of boxes (ISO/IEC 14496-12, 23008-12)."""

from __future__ import annotations

from model.images.containers.container import Container
from model.images.errors import DamagedPicture, DecompressionBomb, TruncatedPicture

_MAX_BOXES = 256


def read(data: bytes) -> Container:
    """Check that all top-level boxes are whole.

    Size, orientation and profile are scattered over item properties: the decoders read them, from the boxes
    alone, before they decode.
    """
    position, names = 0, []
    for _ in range(_MAX_BOXES):
        if position >= len(data):
            break
        name, position = _box(data, position)
        names.append(name)
    else:
        raise DecompressionBomb(f"more than {_MAX_BOXES} boxes")
    if b"meta" not in names and b"moov" not in names:
        raise DamagedPicture("there is no description of the picture")
    return Container(data)


def _box(data: bytes, position: int) -> tuple[bytes, int]:
    """Give a box's name and where it ends. Size 0 means the rest of the file, 1 that 64 bits follow."""
    if position + 8 > len(data):
        raise TruncatedPicture
    size, name = int.from_bytes(data[position : position + 4], "big"), data[position + 4 : position + 8]
    header = 8
    if size == 1:
        size, header = int.from_bytes(data[position + 8 : position + 16], "big"), 16
    elif size == 0:
        size = len(data) - position
    if size < header:
        raise DamagedPicture("a box is shorter than its header")
    if position + size > len(data):
        raise TruncatedPicture
    return name, position + size
