"""How large the frames inside an AVIF are, by AV1's own headers (AV1 specification, sections 5.3 and 5.5).

The boxes around them name a size too, but a decoder that finds another one in the stream decodes that, and only
then scales it to the named one: 64 × 64 pixels of a file can cost what 16,384 × 16,384 do.
"""

from __future__ import annotations

from collections.abc import Iterator

from model.images.containers.boxes import Box, boxes, whole_number
from model.images.errors import DamagedPicture, DecompressionBomb, TruncatedPicture

_MAX_ITEMS = 1024
"""Pictures in tiles have a hundred or so."""
_MAX_UNITS = 256
_IN_FILE, _IN_IDAT = 0, 1
_SEQUENCE_HEADER = 1
_LONGEST_HEADER = 512
"""Bytes: 32 operating points of at most 88 bits each, and what is around them."""


def coded_pixels(data: bytes, meta: Box) -> int:
    """Sum width × height of the largest frame of every item that starts like AV1.

    Raises:
        TruncatedPicture: an item goes on past the end of the data.
        DamagedPicture: the item locations break the format's rules.
        DecompressionBomb: there are far more items than tiles in any picture.
    """
    return sum(_largest_frame(item) for item in _items(data, meta))


def _items(data: bytes, meta: Box) -> Iterator[bytes]:
    parts = {box.name: box for box in boxes(data, meta.start + 4, meta.end)}
    if b"iloc" not in parts:
        raise DamagedPicture("the picture's data are not located")
    location, idat = parts[b"iloc"], parts.get(b"idat")
    left = 2 * len(data)
    for construction, extents in _locations(data[location.start : location.end]):
        start, end = 0, len(data)
        if construction == _IN_IDAT and idat is not None:
            start, end = idat.start, idat.end
        elif construction != _IN_FILE:
            raise DamagedPicture("an item is made of other items")
        # Length 0 means the rest.
        spans = [(start + at, start + at + length if length else end) for at, length in extents]
        if any(stop > end for _, stop in spans):
            raise TruncatedPicture
        left -= sum(max(0, stop - first) for first, stop in spans)
        if left < 0:
            raise DecompressionBomb("items share their data")
        yield b"".join(data[first:stop] for first, stop in spans)


def _locations(content: bytes) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Read an item location box (ISO/IEC 14496-12, 8.11.3): construction method and extents of each item."""
    version, sizes = content[:1], content[4:6]
    if version not in {b"\x00", b"\x01", b"\x02"} or len(sizes) < 2:
        raise DamagedPicture("the item locations have an unknown version")
    offset_size, length_size, base_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index_size = sizes[1] & 15 if version != b"\x00" else 0
    id_size = 4 if version == b"\x02" else 2
    count, at = whole_number(content, 6, id_size), 6 + id_size
    if count > _MAX_ITEMS:
        raise DecompressionBomb(f"{count:,} items")
    total = 0
    for _ in range(count):
        at, construction = at + id_size, 0
        if version != b"\x00":
            construction, at = whole_number(content, at, 2) & 15, at + 2
        base = whole_number(content, at + 2, base_size)
        extents, at = whole_number(content, at + 2 + base_size, 2), at + 4 + base_size
        total += extents
        if total > _MAX_ITEMS:
            raise DecompressionBomb(f"{total:,} extents of items")
        found = []
        for _ in range(extents):
            offset = whole_number(content, at + index_size, offset_size)
            length = whole_number(content, at + index_size + offset_size, length_size)
            found.append((base + offset, length))
            at += index_size + offset_size + length_size
        yield construction, found


def _largest_frame(item: bytes) -> int:
    """Look through the open bitstream units; 0 where the item is none, such as EXIF or a grid."""
    largest = position = 0
    for _ in range(_MAX_UNITS):
        if position >= len(item) or item[position] & 0x81:
            return largest
        kind, extended, sized = item[position] >> 3 & 15, item[position] & 4, item[position] & 2
        start = position + (2 if extended else 1)
        start, length = _leb128(item, start) if sized else (start, len(item) - start)
        if kind == _SEQUENCE_HEADER:
            largest = max(largest, _frame_pixels(item[start : start + _LONGEST_HEADER]))
        position = start + length
    raise DecompressionBomb(f"more than {_MAX_UNITS:,} units in one item")


def _leb128(item: bytes, at: int) -> tuple[int, int]:
    value = 0
    for index, byte in enumerate(item[at : at + 8]):
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return at + index + 1, value
    return len(item), 0


class _Bits:
    def __init__(self, data: bytes) -> None:
        self._number, self._left = int.from_bytes(data, "big"), 8 * len(data)

    def take(self, count: int) -> int:
        self._left -= count
        if self._left < 0:
            raise DamagedPicture("a sequence header is too short")
        return self._number >> self._left & (1 << count) - 1


def _frame_pixels(header: bytes) -> int:
    """Read a sequence header up to the largest frame size (section 5.5.1)."""
    bits = _Bits(header)
    bits.take(4)
    if bits.take(1):
        bits.take(5)
    else:
        _skip_operating_points(bits)
    width_bits, height_bits = bits.take(4) + 1, bits.take(4) + 1
    return (bits.take(width_bits) + 1) * (bits.take(height_bits) + 1)


def _skip_operating_points(bits: _Bits) -> None:
    delay_bits = _skip_timing(bits) if bits.take(1) else 0
    display_delays = bits.take(1)
    for _ in range(bits.take(5) + 1):
        bits.take(12)
        if bits.take(5) > 7:
            bits.take(1)
        if delay_bits and bits.take(1):
            bits.take(2 * delay_bits + 1)
        if display_delays and bits.take(1):
            bits.take(4)


def _skip_timing(bits: _Bits) -> int:
    """Skip timing and decoder model; give the width of the model's delays, 0 without one."""
    bits.take(64)
    if bits.take(1):
        zeros = 0
        while not bits.take(1):
            zeros += 1
        bits.take(zeros if zeros < 32 else 0)
    if not bits.take(1):
        return 0
    delay_bits = bits.take(5) + 1
    bits.take(42)
    return delay_bits
