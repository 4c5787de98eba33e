"""PNG (third edition, W3C 2025)."""

from __future__ import annotations

import zlib

from model.images.containers.container import Container
from model.images.errors import DamagedPicture, DecompressionBomb, TruncatedPicture
from model.images.exif import UPRIGHT, orientation

_MAX_CHUNKS = 65_536
_MAX_PROFILE_BYTES = 4 * 1024 * 1024
_DECODER_NEEDS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_SIGNATURE_LENGTH = 8


def read(data: bytes) -> Container:
    """Keep the chunks of the still picture, checksums verified: no texts, no further frames."""
    view = memoryview(data)
    kept = [view[:_SIGNATURE_LENGTH]]
    held, profile, profiled = UPRIGHT, None, False
    position = _SIGNATURE_LENGTH
    for _ in range(_MAX_CHUNKS):
        name, end = _chunk(data, position)
        if name in _DECODER_NEEDS:
            _verify(view[position:end])
            kept.append(view[position:end])
        elif name == b"eXIf":
            held = orientation(data[position + 8 : end - 4])
        elif name == b"iCCP" and not profiled:
            # One is allowed; unpacking each of thousands would take minutes.
            profiled = True
            profile = _profile(data[position + 8 : end - 4])
        position = end
        if name == b"IEND":
            return Container(b"".join(kept), _size(data), held, profile)
    raise DecompressionBomb(f"more than {_MAX_CHUNKS:,} chunks")


def _chunk(data: bytes, position: int) -> tuple[bytes, int]:
    """Give a chunk's name and where it ends; around its content are 8 bytes before and 4 after."""
    end = position + 12 + int.from_bytes(data[position : position + 4], "big")
    if end > len(data) or position + 12 > len(data):
        raise TruncatedPicture
    return data[position + 4 : position + 8], end


def _verify(chunk: memoryview) -> None:
    if zlib.crc32(chunk[4:-4]) != int.from_bytes(chunk[-4:], "big"):
        raise DamagedPicture("a chunk's checksum is wrong")


def _size(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR":
        raise DamagedPicture("the header is not first")
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if not width or not height:
        raise DamagedPicture("the picture has no size")
    return width, height


def _profile(content: bytes) -> bytes | None:
    """Unpack a profile; None where it is damaged or longer than any in use, as its colours are optional."""
    _, _, packed = content.partition(b"\x00")
    unpacker = zlib.decompressobj()
    try:
        profile = unpacker.decompress(packed[1:], _MAX_PROFILE_BYTES)
    except zlib.error:
        return None
    return profile if unpacker.eof else None
