"""Boxes of ISO base media files (ISO/IEC 14496-12, 4.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from model.images.errors import DamagedPicture, DecompressionBomb, TruncatedPicture

_MAX_BOXES = 256


@dataclass(frozen=True)
class Box:
    name: bytes
    start: int
    """Where the content starts, behind the header."""
    end: int


def boxes(data: bytes, position: int, end: int) -> Iterator[Box]:
    """Walk the boxes between two positions.

    Raises:
        TruncatedPicture: the last one goes on past `end`.
        DamagedPicture: one is shorter than its own header.
        DecompressionBomb: there are more than any program writes.
    """
    for _ in range(_MAX_BOXES):
        if position >= end:
            return
        box = _box(data, position, end)
        yield box
        position = box.end
    raise DecompressionBomb(f"more than {_MAX_BOXES} boxes")


def whole_number(data: bytes, at: int, length: int) -> int:
    """Read a big-endian number; one of no bytes is 0.

    Raises:
        TruncatedPicture: it is not all there.
    """
    if at + length > len(data):
        raise TruncatedPicture
    return int.from_bytes(data[at : at + length], "big")


def _box(data: bytes, position: int, end: int) -> Box:
    """Size 0 means the rest of the file, 1 that 64 bits of size follow."""
    size, header = whole_number(data, position, 4), 8
    name = data[position + 4 : position + 8]
    if size == 1:
        size, header = whole_number(data, position + 8, 8), 16
    elif size == 0:
        size = end - position
    if size >= header and position + size > end:
        raise TruncatedPicture
    if size < header:
        raise DamagedPicture("a box is shorter than its header")
    return Box(name, position + header, position + size)
