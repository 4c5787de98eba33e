"""WebP (RFC 9649)."""

from __future__ import annotations

from model.images.containers.container import Container
from model.images.errors import DamagedPicture, TruncatedPicture
from model.images.exif import UPRIGHT, orientation

_MAX_CHUNKS = 1024
_HEADER_LENGTH = 12
_PICTURES = frozenset({b"VP8 ", b"VP8L", b"ANMF"})
_DECODER_NEEDS = _PICTURES | {b"VP8X", b"ALPH", b"ANIM"}


def read(data: bytes) -> Container:
    """Keep the picture, or the first frame of an animation."""
    size = None
    pictures: list[bytes] = []
    held, profile = UPRIGHT, None
    for name, content in _chunks(data):
        if name in _DECODER_NEEDS and not (name in _PICTURES and _has_picture(pictures)):
            pictures.append(
                name + len(content).to_bytes(4, "little") + content + b"\x00" * (len(content) % 2)
            )
            size = size or _size(name, content)
        elif name == b"EXIF":
            held = orientation(content)
        elif name == b"ICCP":
            profile = content
    if size is None or not _has_picture(pictures):
        raise DamagedPicture("there is no frame")
    kept = b"WEBP" + b"".join(pictures)
    return Container(b"RIFF" + len(kept).to_bytes(4, "little") + kept, size, held, profile)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise TruncatedPicture
    chunks: list[tuple[bytes, bytes]] = []
    position = _HEADER_LENGTH
    while position + 8 <= end:
        start = position + 8
        length = int.from_bytes(data[position + 4 : start], "little")
        if start + length > end:
            raise DamagedPicture("a chunk is longer than the file says it is")
        chunks.append((data[position : position + 4], data[start : start + length]))
        if len(chunks) > _MAX_CHUNKS:
            break
        position = start + length + length % 2
    return chunks


def _has_picture(pictures: list[bytes]) -> bool:
    return any(chunk[:4] in _PICTURES for chunk in pictures)


def _size(name: bytes, content: bytes) -> tuple[int, int] | None:
    """Read the canvas (VP8X) or, without one, the frame header."""
    if name == b"VP8X" and len(content) >= 10:
        return 1 + int.from_bytes(content[4:7], "little"), 1 + int.from_bytes(content[7:10], "little")
    if name == b"VP8 " and content[3:6] == b"\x9d\x01\x2a" and len(content) >= 10:
        width, height = int.from_bytes(content[6:8], "little"), int.from_bytes(content[8:10], "little")
        return width & 0x3FFF, height & 0x3FFF
    if name == b"VP8L" and len(content) >= 5:
        bits = int.from_bytes(content[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None
