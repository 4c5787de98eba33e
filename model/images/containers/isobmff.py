"""AVIF and HEIC: files of boxes (ISO/IEC 14496-12, 23008-12)."""

from __future__ import annotations

from model.images.containers.av1 import coded_pixels
from model.images.containers.boxes import Box, boxes
from model.images.containers.container import Container
from model.images.errors import DamagedPicture


def read_heic(data: bytes) -> Container:
    """Check that all top-level boxes are whole.

    Size, orientation and profile are scattered over item properties: the decoder reads them, from the boxes
    alone, before it decodes, and it refuses a stream of another size than they say.
    """
    names = [box.name for box in boxes(data, 0, len(data))]
    if b"meta" not in names and b"moov" not in names:
        raise DamagedPicture("there is no description of the picture")
    return Container(data)


def read_avif(data: bytes) -> Container:
    """Check that all top-level boxes are whole, and how large the frames inside are coded.

    A file of an image sequence is shown by its still picture, which the major brand makes its decoder choose.
    """
    found = {box.name: box for box in boxes(data, 0, len(data))}
    if b"meta" not in found:
        raise DamagedPicture("there is no description of a still picture")
    return Container(_as_still(data, found), coded_pixels=coded_pixels(data, found[b"meta"]))


def _as_still(data: bytes, found: dict[bytes, Box]) -> bytes:
    if b"ftyp" not in found or data[8:12] == b"avif":
        return data
    return b"".join([data[:8], b"avif", memoryview(data)[12:]])
