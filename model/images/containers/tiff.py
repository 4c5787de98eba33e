"""TIFF (revision 6.0)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.images.containers.container import Container
from model.images.errors import DamagedPicture, FormatNotAllowed, TruncatedPicture
from model.images.exif import UPRIGHT

_TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
_BYTE, _SHORT, _LONG, _UNDEFINED = 1, 3, 4, 7
_MAX_ENTRIES = 512
_MAX_TILE_SIDE = 16_384

_WIDTH, _HEIGHT, _COMPRESSION, _ORIENTATION, _PROFILE = 256, 257, 259, 274, 34675
_STRIP_OFFSETS, _STRIP_BYTES, _TILE_WIDTH, _TILE_HEIGHT = 273, 279, 322, 323
_TILE_OFFSETS, _TILE_BYTES = 324, 325
_DECODER_NEEDS = frozenset(
    {
        _WIDTH,
        _HEIGHT,
        258,
        _COMPRESSION,
        262,
        266,
        _STRIP_OFFSETS,
        277,
        278,
        _STRIP_BYTES,
        284,
        292,
        293,
        317,
        320,
    }
    | {_TILE_WIDTH, _TILE_HEIGHT, _TILE_OFFSETS, _TILE_BYTES, 332, 338, 339, 347, 529, 530, 531, 532}
)
_COMPRESSIONS = frozenset({1, 5, 7, 8, 32773, 32946})
"""None, LZW, JPEG, Deflate, PackBits: what cameras and editors write.

CCITT is for faxes, and its decoder goes on after every damaged line and reports it to standard error."""


@dataclass(frozen=True)
class _Entry:
    raw: bytes
    """12 bytes: tag, type, count, value or offset."""
    kind: int
    values: bytes


def read(data: bytes) -> Container:
    """Keep the first directory's layout tags and the data; further pages and metadata are cut loose.

    A new directory goes behind the data, with the entries copied: offsets stay good.
    """
    order = "<" if data.startswith(b"II") else ">"
    entries = _directory(data, order)
    size = _first(entries, _WIDTH, order), _first(entries, _HEIGHT, order)
    if 0 in size:
        raise DamagedPicture("the picture has no size")
    _check_compression(_first(entries, _COMPRESSION, order, default=1))
    _check_layout(entries, order, len(data))
    held = _first(entries, _ORIENTATION, order, default=UPRIGHT)
    profile = entries[_PROFILE].values if _PROFILE in entries else None
    return Container(_rewritten(data, entries, order), size, held if 1 <= held <= 8 else UPRIGHT, profile)


def _directory(data: bytes, order: str) -> dict[int, _Entry]:
    try:
        (start,) = struct.unpack_from(order + "I", data, 4)
        (count,) = struct.unpack_from(order + "H", data, start)
    except struct.error as error:
        raise TruncatedPicture from error
    if count > _MAX_ENTRIES:
        raise DamagedPicture("the directory has too many entries")
    if start + 2 + 12 * count > len(data):
        raise TruncatedPicture
    entries: dict[int, _Entry] = {}
    for at in range(start + 2, start + 2 + 12 * count, 12):
        tag, kind, amount = struct.unpack_from(order + "HHI", data, at)
        if tag in _DECODER_NEEDS or tag in {_ORIENTATION, _PROFILE}:
            entries[tag] = _Entry(data[at : at + 12], kind, _values(data, at, kind, amount, order))
    return entries


def _values(data: bytes, at: int, kind: int, amount: int, order: str) -> bytes:
    if kind not in _TYPE_BYTES or not amount:
        raise DamagedPicture("a directory entry has no known type")
    length = amount * _TYPE_BYTES[kind]
    if length <= 4:
        return data[at + 8 : at + 8 + length]
    (start,) = struct.unpack_from(order + "I", data, at + 8)
    if start + length > len(data):
        raise TruncatedPicture
    return data[start : start + length]


def _first(entries: dict[int, _Entry], tag: int, order: str, default: int = 0) -> int:
    numbers = _numbers(entries, tag, order)
    return int(numbers[0]) if len(numbers) else default


def _numbers(entries: dict[int, _Entry], tag: int, order: str) -> NDArray[np.uint64]:
    if tag not in entries:
        return np.empty(0, np.uint64)
    entry = entries[tag]
    if entry.kind not in {_BYTE, _SHORT, _LONG}:
        raise DamagedPicture("a directory entry has the wrong type")
    return np.frombuffer(entry.values, f"{order}u{_TYPE_BYTES[entry.kind]}").astype(np.uint64)


def _check_compression(compression: int) -> None:
    if compression not in _COMPRESSIONS:
        raise FormatNotAllowed(
            f"a TIFF with compression {compression}", "TIFF with none, LZW, JPEG, Deflate or PackBits"
        )


def _check_layout(entries: dict[int, _Entry], order: str, length: int) -> None:
    """Every strip or tile lies inside the file, and together they are no longer than it.

    So no compressed data is decoded more than once, which would multiply the work.
    """
    tiled = _TILE_OFFSETS in entries
    offsets = _numbers(entries, _TILE_OFFSETS if tiled else _STRIP_OFFSETS, order)
    sizes = _numbers(entries, _TILE_BYTES if tiled else _STRIP_BYTES, order)
    if not len(offsets) or len(offsets) != len(sizes):
        raise DamagedPicture("the layout of the data is not told")
    if int((offsets + sizes).max()) > length:
        raise TruncatedPicture
    if int(sizes.sum()) > length:
        raise DamagedPicture("parts of the data overlap")
    if max(_first(entries, _TILE_WIDTH, order), _first(entries, _TILE_HEIGHT, order)) > _MAX_TILE_SIDE:
        raise DamagedPicture("the tiles are larger than any program writes")


def _rewritten(data: bytes, entries: dict[int, _Entry], order: str) -> bytes:
    kept = [entry.raw for tag, entry in sorted(entries.items()) if tag in _DECODER_NEEDS]
    padding = b"\x00" * (len(data) % 2)
    start = struct.pack(order + "I", len(data) + len(padding))
    directory = struct.pack(order + "H", len(kept)) + b"".join(kept) + b"\x00" * 4
    return b"".join([data[:4], start, memoryview(data)[8:], padding, directory])
