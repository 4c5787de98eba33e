"""JPEG (ITU-T T.81) with EXIF and ICC segments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from model.images.containers.container import Container
from model.images.errors import DamagedPicture, DecompressionBomb, FormatNotAllowed, TruncatedPicture
from model.images.exif import UPRIGHT, orientation

_MAX_SCANS = 100
"""Progressive files have about ten. Each scan visits every block of the picture, however few bytes it has."""
_MAX_SEGMENTS = 4096

_EOI, _SOS, _DAC, _DNL = 0xD9, 0xDA, 0xCC, 0xDC
_APP0, _APP1, _APP2, _APP14 = 0xE0, 0xE1, 0xE2, 0xEE
_BASELINE_TO_PROGRESSIVE = frozenset({0xC0, 0xC1, 0xC2})
_FRAME_KINDS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, _DAC}
_TABLES = frozenset({0xC4, 0xDB, 0xDD})
_DECODER_NEEDS = _FRAME_KINDS | _TABLES | {_APP0, _APP14}
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])", re.DOTALL)

_EXIF, _ICC = b"Exif\x00\x00", b"ICC_PROFILE\x00"


@dataclass
class _Header:
    size: tuple[int, int] | None = None
    orientation: int = UPRIGHT
    profile_parts: dict[int, bytes] = field(default_factory=dict)
    kept: list[bytes] = field(default_factory=lambda: [b"\xff\xd8"])


def read(data: bytes) -> Container:
    """Keep frame, tables, colour markers and scans, up to the end-of-image marker."""
    header = _Header()
    scans_at = _read_header(data, header)
    if header.size is None:
        raise DamagedPicture("a scan comes before the frame header")
    end = _end_of_scans(data, scans_at)
    profile = b"".join(part for _, part in sorted(header.profile_parts.items())) or None
    body = b"".join([*header.kept, memoryview(data)[scans_at:end]])
    return Container(body, header.size, header.orientation, profile)


def _read_header(data: bytes, header: _Header) -> int:
    """Read the segments before the first scan and say where that starts."""
    position = 2
    for _ in range(_MAX_SEGMENTS):
        marker, start = _marker(data, position)
        if marker == _SOS:
            return start - 2
        if marker == _EOI:
            raise DamagedPicture("there is no scan")
        position = _segment_end(data, start)
        _read_segment(marker, data[start + 2 : position], header)
        if marker in _DECODER_NEEDS:
            header.kept += [bytes((0xFF, marker)), data[start:position]]
    raise DecompressionBomb(f"more than {_MAX_SEGMENTS:,} segments")


def _marker(data: bytes, position: int) -> tuple[int, int]:
    """Give the marker at `position`, fill bytes skipped, and where its segment starts."""
    found = _MARKER.match(data, position)
    if found is None:
        if position + 2 > len(data):
            raise TruncatedPicture
        raise DamagedPicture("a marker is missing")
    return found[1][0], found.end()


def _segment_end(data: bytes, start: int) -> int:
    if start + 2 > len(data):
        raise TruncatedPicture
    length = int.from_bytes(data[start : start + 2], "big")
    if length < 2:
        raise DamagedPicture("a segment has no length")
    if start + length > len(data):
        raise TruncatedPicture
    return start + length


def _read_segment(marker: int, content: bytes, header: _Header) -> None:
    if marker in _FRAME_KINDS:
        if header.size is not None:
            raise DamagedPicture("there are two frame headers")
        header.size = _frame_size(marker, content)
    elif marker == _APP1 and content.startswith(_EXIF):
        header.orientation = orientation(content)
    elif marker == _APP2 and content.startswith(_ICC) and len(content) > len(_ICC) + 2:
        header.profile_parts.setdefault(content[len(_ICC)], content[len(_ICC) + 2 :])


def _frame_size(marker: int, content: bytes) -> tuple[int, int]:
    if len(content) < 6:
        raise DamagedPicture("the frame header is too short")
    if marker not in _BASELINE_TO_PROGRESSIVE or content[0] != 8:
        raise FormatNotAllowed("a JPEG with lossless, arithmetic or 12-bit coding", "ordinary 8-bit JPEG")
    height, width = int.from_bytes(content[1:3], "big"), int.from_bytes(content[3:5], "big")
    if not height or not width:
        raise DamagedPicture("the frame has no size")
    return width, height


def _end_of_scans(data: bytes, position: int) -> int:
    scans = 0
    for _ in range(_MAX_SEGMENTS):
        found = _MARKER.search(data, position)
        if found is None:
            raise TruncatedPicture
        marker = found[1][0]
        if marker == _EOI:
            return found.end()
        if marker in _FRAME_KINDS or marker == _DNL:
            raise DamagedPicture("there is a frame header among the scans")
        scans += marker == _SOS
        if scans > _MAX_SCANS:
            raise DecompressionBomb(f"more than {_MAX_SCANS} scans")
        position = _segment_end(data, found.end())
    raise DecompressionBomb(f"more than {_MAX_SEGMENTS:,} segments")
