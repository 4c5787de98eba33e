"""AVIF and HEIC: what the boxes say of the picture, and what is really inside."""

from __future__ import annotations

import io
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from model.images import DamagedPicture, DecompressionBomb, PictureFormat, PictureLimits, decode
from model.images.containers.av1 import coded_pixels
from model.images.containers.boxes import Box

QUICK_SECONDS = 0.5
RED, GREEN = (220, 30, 30), (30, 200, 30)


def scene(side: int) -> Image.Image:
    coarse = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC)


def saved(image: Image.Image, format_name: PictureFormat, **options: object) -> bytes:
    buffer = io.BytesIO()
    if format_name is PictureFormat.HEIC:
        pillow_heif.from_pillow(image).save(buffer, quality=80, **options)
    else:
        image.save(buffer, format_name.upper(), **options)
    return buffer.getvalue()


@contextmanager
def quickly() -> Iterator[None]:
    start = time.thread_time()
    yield
    assert time.thread_time() - start < QUICK_SECONDS


def declaring(format_name: PictureFormat, width: int, height: int) -> bytes:
    data = bytearray(saved(scene(640), format_name))
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", width, height)
    return bytes(data)


def test_avif_frame_larger_than_declared_counts_as_it_is() -> None:
    data = declaring(PictureFormat.AVIF, 64, 64)
    assert decode(data, PictureLimits(max_pixels=640 * 640)).width == 64
    with pytest.raises(DecompressionBomb):
        decode(data, PictureLimits(max_pixels=640 * 640 // 2 - 1))


@pytest.mark.parametrize("size", [(64, 64), (2000, 2000)])
def test_heic_frame_of_another_size_than_declared_is_damaged(size: tuple[int, int]) -> None:
    with pytest.raises(DamagedPicture):
        decode(declaring(PictureFormat.HEIC, *size))


@pytest.mark.parametrize("format_name", [PictureFormat.AVIF, PictureFormat.HEIC])
def test_file_of_very_many_boxes_is_a_bomb(format_name: PictureFormat) -> None:
    with quickly(), pytest.raises(DecompressionBomb):
        decode(saved(scene(200), format_name) + b"\x00\x00\x00\x08free" * 1000)


def located(*items: bytes) -> tuple[bytes, Box]:
    """A file of one description whose item location box of version 0 holds these items."""
    content = b"\x00" * 4 + b"\x00\x00" + struct.pack(">H", len(items)) + b"".join(items)
    box = struct.pack(">I", 8 + len(content)) + b"iloc" + content
    data = bytes(4) + box + b"\x12\x00" * 500_000
    return data, Box(b"meta", 0, 4 + len(box))


@pytest.mark.parametrize(
    "items",
    [
        pytest.param([struct.pack(">HHH", 1, 0, 60_000)], id="extents without bytes"),
        pytest.param([struct.pack(">HHH", 1, 0, 1)] * 1000, id="every item is the whole file"),
        pytest.param([struct.pack(">HHH", 1, 0, 0)] * 5000, id="many items"),
    ],
)
def test_item_locations_that_multiply_the_data_are_a_bomb(items: list[bytes]) -> None:
    with quickly(), pytest.raises(DecompressionBomb):
        coded_pixels(*located(*items))


def with_thumbnail(colour: tuple[int, int, int]) -> bytes:
    image = Image.new("RGB", (640, 480), colour)
    return saved(image, PictureFormat.HEIC, thumbnails=[64])


def thumbnail_place(data: bytes) -> tuple[int, int, int]:
    """Where the length of the second item is written down, where the item starts and how long it is."""
    entry = data.index(b"iloc") + 4 + 8 + 18
    base, _, offset, length = struct.unpack_from(">IHII", data, entry + 4)
    return entry + 14, base + offset, length


def test_heic_is_judged_by_its_picture_and_not_by_its_thumbnail() -> None:
    data, other = bytearray(with_thumbnail(RED)), with_thumbnail(GREEN)
    at, start, length = thumbnail_place(bytes(data))
    _, other_start, other_length = thumbnail_place(other)
    assert other_length <= length
    data[start : start + other_length] = other[other_start : other_start + other_length]
    data[at : at + 4] = other_length.to_bytes(4, "big")
    careless = pillow_heif.HeifImageFile(io.BytesIO(data))
    careless.draft(None, (64, 48))
    assert np.abs(np.asarray(careless.convert("RGB"))[24, 32].astype(int) - GREEN).max() < 20
    for max_side in (None, 64):
        pixels = decode(bytes(data), max_side=max_side).pixels
        middle = pixels[pixels.shape[0] // 2, pixels.shape[1] // 2].astype(int)
        assert np.abs(middle - RED).max() < 20
