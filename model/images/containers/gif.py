"""GIF (87a and 89a)."""

from __future__ import annotations

from model.images.containers.container import Container
from model.images.errors import DamagedPicture, DecompressionBomb, TruncatedPicture

_MAX_BLOCKS = 200_000
"""Blocks have up to 255 bytes and writers fill them: enough for 50 MB."""
_SCREEN_LENGTH = 13
_EXTENSION, _IMAGE, _TRAILER = 0x21, 0x2C, 0x3B
_GRAPHIC_CONTROL = 0xF9


def read(data: bytes) -> Container:
    """Keep screen, palette and the first frame with its transparency."""
    if len(data) < _SCREEN_LENGTH:
        raise TruncatedPicture
    size = _pair(data, 6)
    position = _SCREEN_LENGTH + _palette_length(data[10])
    kept = [data[:position]]
    for _ in range(_MAX_BLOCKS):
        kind, label = _introducer(data, position)
        if kind == _IMAGE:
            _check_frame(data, position, size)
            end = _blocks_end(data, position + 11 + _palette_length(data[position + 9]))
            return Container(b"".join([*kept, data[position:end], bytes([_TRAILER])]), size)
        if kind != _EXTENSION:
            raise DamagedPicture("there is no frame")
        end = _blocks_end(data, position + 2)
        if label == _GRAPHIC_CONTROL:
            kept[1:] = [data[position:end]]
        position = end
    raise DecompressionBomb(f"more than {_MAX_BLOCKS:,} blocks")


def _pair(data: bytes, at: int) -> tuple[int, int]:
    return int.from_bytes(data[at : at + 2], "little"), int.from_bytes(data[at + 2 : at + 4], "little")


def _palette_length(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _introducer(data: bytes, position: int) -> tuple[int, int]:
    if position + 2 > len(data):
        raise TruncatedPicture
    return data[position], data[position + 1]


def _check_frame(data: bytes, position: int, screen: tuple[int, int]) -> None:
    if position + 10 > len(data):
        raise TruncatedPicture
    (left, top), (width, height) = _pair(data, position + 1), _pair(data, position + 5)
    if not width or not height or left + width > screen[0] or top + height > screen[1]:
        raise DamagedPicture("the first frame is not inside the screen")


def _blocks_end(data: bytes, position: int) -> int:
    """Walk length-prefixed blocks up to the empty one that ends them."""
    for _ in range(_MAX_BLOCKS):
        if position >= len(data):
            raise TruncatedPicture
        length = data[position]
        position += 1 + length
        if not length:
            return position
    raise DecompressionBomb(f"more than {_MAX_BLOCKS:,} blocks")
