"""Thousands of broken files: each is a picture or a PictureError, quickly, and memory does not grow."""

from __future__ import annotations

import io
import multiprocessing
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
import pillow_heif
import psutil
import pytest
from PIL import Image, ImageCms

from model.images import PictureError, PictureLimits, decode

SEED = 0
FILES = 20_000
WARM_UP = 1_500
GROWTH_BYTES = 64 * 1024 * 1024
LIMITS = PictureLimits(max_pixels=4_000_000, seconds=1.0)


def seeds() -> list[bytes]:
    """Small files of every format and of its unusual kinds, with EXIF and profiles."""
    noise = np.random.default_rng(SEED).integers(0, 256, (9, 12, 3), dtype=np.uint8)
    image = Image.fromarray(noise).resize((120, 90), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "maker"
    extras = {
        "exif": exif.tobytes(),
        "icc_profile": ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    }
    save = partial(_saved, **extras)
    frames = {"save_all": True, "append_images": [image.rotate(90), image.rotate(180)]}
    heic = io.BytesIO()
    pillow_heif.from_pillow(image).save(heic, quality=60)
    return [
        save(image, "JPEG"),
        save(image, "JPEG", progressive=True),
        save(image.convert("CMYK"), "JPEG"),
        save(image.convert("L"), "JPEG", restart_marker_blocks=2),
        save(image, "PNG"),
        save(image.convert("P"), "PNG"),
        save(image.convert("RGBA"), "PNG", **frames),
        save(image, "WEBP"),
        save(image.convert("RGBA"), "WEBP", lossless=True),
        save(image, "WEBP", **frames),
        save(image, "AVIF"),
        _saved(image, "AVIF", **frames),
        _saved(image, "GIF"),
        _saved(image, "GIF", **frames),
        *(
            save(image, "TIFF", compression=each)
            for each in (None, "tiff_lzw", "tiff_deflate", "jpeg", "packbits")
        ),
        _saved(image, "TIFF", **frames),
        _saved(image.convert("F"), "TIFF"),
        heic.getvalue(),
    ]


def _saved(image: Image.Image, format_name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


def mutated(chance: random.Random, files: list[bytes]) -> bytes:
    data = bytearray(chance.choice(files))
    for _ in range(chance.choice((1, 1, 1, 2, 4, 16))):
        _mutations()[chance.randrange(6)](chance, data, files)
    return bytes(data)


def _mutations():  # type: ignore[no-untyped-def]
    return (_flip_bit, _set_byte, _set_number, _truncate, _splice, _repeat)


def _place(chance: random.Random, data: bytearray) -> int:
    """Headers are hit more often than the rest: that is where the rules are."""
    if not data:
        return 0
    return chance.randrange(min(len(data), chance.choice((64, 512, len(data)))) or 1)


def _flip_bit(chance: random.Random, data: bytearray, files: list[bytes]) -> None:
    if data:
        data[_place(chance, data)] ^= 1 << chance.randrange(8)


def _set_byte(chance: random.Random, data: bytearray, files: list[bytes]) -> None:
    if data:
        data[_place(chance, data)] = chance.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, chance.randrange(256)))


def _set_number(chance: random.Random, data: bytearray, files: list[bytes]) -> None:
    number = chance.choice((0, 1, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, chance.randrange(2**32)))
    width = chance.choice((2, 4))
    at = _place(chance, data)
    data[at : at + width] = (number % 256**width).to_bytes(width, chance.choice(("big", "little")))


def _truncate(chance: random.Random, data: bytearray, files: list[bytes]) -> None:
    del data[chance.randrange(len(data) + 1) :]


def _splice(chance: random.Random, data: bytearray, files: list[bytes]) -> None:
    other = chance.choice(files)
    start = chance.randrange(len(other))
    at = _place(chance, data)
    data[at : at + chance.choice((0, 16, 256))] = other[start : start + chance.choice((16, 256, 4096))]


def _repeat(chance: random.Random, data: bytearray, files: list[bytes]) -> None:
    at = _place(chance, data)
    piece = data[at : at + chance.choice((1, 4, 12, 64))]
    data[at:at] = piece * chance.choice((1, 8, 200))


@pytest.mark.long
def test_mutated_files_give_pictures_or_picture_errors_quickly_and_leave_no_memory() -> None:
    """In a process of its own: what tests before it left running would count as growth here."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
        outcomes, slowest, growth = alone.submit(decode_mutated).result()
    sys.stdout.write(f"{outcomes} slowest {slowest:.3f} s, growth {growth / 2**20:.1f} MiB\n")
    assert slowest < LIMITS.seconds + 1
    assert growth < GROWTH_BYTES
    assert outcomes["Picture"] > FILES // 20
    assert outcomes["DamagedPicture"] > FILES // 20
    assert outcomes["TruncatedPicture"] > FILES // 20


def decode_mutated() -> tuple[dict[str, int], float, int]:
    """How often each outcome came, the slowest in seconds, and by how many bytes the process grew."""
    chance, files = random.Random(SEED), seeds()
    process = psutil.Process()
    outcomes: dict[str, int] = {}
    slowest, before = 0.0, 0
    for number in range(WARM_UP + FILES):
        if number == WARM_UP:
            before = process.memory_info().rss
        data = mutated(chance, files)
        start = time.thread_time()
        try:
            decode(data, LIMITS, max_side=chance.choice((None, 64)))
            outcome = "Picture"
        except PictureError as error:
            outcome = type(error).__name__
        slowest = max(slowest, time.thread_time() - start)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes, slowest, process.memory_info().rss - before
