"""Whatever bytes say, decoding them costs no more than the limits allow."""

from __future__ import annotations

import io
import struct
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pillow_heif
import pytest
from PIL import Image

from model.images import (
    DamagedPicture,
    DecompressionBomb,
    PictureError,
    PictureFormat,
    PictureLimits,
    PictureTooLarge,
    PictureTooSlow,
    PictureTooSmall,
    decode,
)

SIDE = 200
QUICK_SECONDS = 0.5
"""Processor time; refusing takes a hundredth of it."""


def scene(side: int = SIDE) -> Image.Image:
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


@pytest.mark.parametrize("format_name", PictureFormat)
def test_more_bytes_than_the_limit_are_too_large(format_name: PictureFormat) -> None:
    data = saved(scene(), format_name)
    assert decode(data, PictureLimits(max_bytes=len(data))).width == SIDE
    with pytest.raises(PictureTooLarge) as refusal:
        decode(data, PictureLimits(max_bytes=len(data) - 1))
    assert (refusal.value.found, refusal.value.limit) == (len(data), len(data) - 1)


@pytest.mark.parametrize("format_name", PictureFormat)
@pytest.mark.parametrize("max_side", [None, 50])
def test_more_pixels_than_the_limit_are_too_large(format_name: PictureFormat, max_side: int | None) -> None:
    data = saved(scene(), format_name)
    assert decode(data, PictureLimits(max_pixels=SIDE**2), max_side).width == SIDE
    with pytest.raises(PictureTooLarge) as refusal:
        decode(data, PictureLimits(max_pixels=SIDE**2 - 1), max_side)
    assert (refusal.value.found, refusal.value.limit) == (SIDE**2, SIDE**2 - 1)


@pytest.mark.parametrize("format_name", PictureFormat)
def test_shorter_side_under_the_limit_is_too_small(format_name: PictureFormat) -> None:
    with pytest.raises(PictureTooSmall):
        decode(saved(scene(), format_name), PictureLimits(min_side=SIDE + 1))


@pytest.mark.parametrize("format_name", PictureFormat)
def test_no_time_is_too_slow(format_name: PictureFormat) -> None:
    with pytest.raises(PictureTooSlow):
        decode(saved(scene(), format_name), PictureLimits(seconds=0.0))


def claiming(format_name: PictureFormat, side: int) -> bytes:
    """A picture whose header claims `side` × `side`."""
    data = bytearray(saved(scene(), format_name))
    places: dict[PictureFormat, Callable[[], tuple[int, bytes]]] = {
        PictureFormat.JPEG: lambda: (data.index(b"\xff\xc0") + 5, struct.pack(">HH", side, side)),
        PictureFormat.GIF: lambda: (6, struct.pack("<HH", side, side)),
        PictureFormat.AVIF: lambda: (data.index(b"ispe") + 8, struct.pack(">II", side, side)),
        PictureFormat.HEIC: lambda: (data.index(b"ispe") + 8, struct.pack(">II", side, side)),
    }
    at, claim = places[format_name]()
    data[at : at + len(claim)] = claim
    return bytes(data)


@pytest.mark.parametrize(
    "format_name", [PictureFormat.JPEG, PictureFormat.GIF, PictureFormat.AVIF, PictureFormat.HEIC]
)
def test_small_file_that_claims_a_huge_picture_is_a_bomb(format_name: PictureFormat) -> None:
    with quickly(), pytest.raises((DecompressionBomb, DamagedPicture)) as refusal:
        decode(claiming(format_name, 32_000))
    if format_name is not PictureFormat.AVIF:
        assert refusal.type is DecompressionBomb


def test_flat_png_of_a_hundred_megapixels_is_a_bomb() -> None:
    with quickly(), pytest.raises(DecompressionBomb):
        decode(png(10_000, 10_000, zlib.compress(bytes(1_000_000), 9)))


def chunk(name: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")


def png(width: int, height: int, packed: bytes, *others: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"".join([b"\x89PNG\r\n\x1a\n", header, *others, chunk(b"IDAT", packed), chunk(b"IEND", b"")])


BLACK_64 = zlib.compress(bytes(65 * 64))
FIFTY_MEGABYTES = zlib.compress(bytes(50_000_000), 9)


@pytest.mark.parametrize(
    "others",
    [
        pytest.param([chunk(b"zTXt", b"k\x00\x00" + FIFTY_MEGABYTES)] * 50, id="texts"),
        pytest.param([chunk(b"iTXt", b"k\x00\x01\x00\x00\x00" + FIFTY_MEGABYTES)] * 50, id="unicode texts"),
        pytest.param([chunk(b"iCCP", b"k\x00\x00" + FIFTY_MEGABYTES)] * 50, id="profiles"),
    ],
)
def test_png_with_packed_bombs_beside_the_pixels_is_decoded_without_them(others: list[bytes]) -> None:
    with quickly():
        assert decode(png(64, 64, BLACK_64, *others)).pixels.max() == 0


def test_png_that_unpacks_to_more_than_its_rows_is_not_unpacked_further() -> None:
    with quickly():
        assert decode(png(64, 64, FIFTY_MEGABYTES)).pixels.shape == (64, 64, 3)


def test_png_of_very_many_chunks_is_a_bomb() -> None:
    with quickly(), pytest.raises(DecompressionBomb):
        decode(png(64, 64, BLACK_64, chunk(b"aaAa", b"") * 70_000))


def test_jpeg_of_very_many_scans_is_a_bomb() -> None:
    data = saved(scene(), PictureFormat.JPEG, progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    with quickly(), pytest.raises(DecompressionBomb):
        decode(data[:-2] + last * 200 + b"\xff\xd9")


def test_jpeg_that_repeats_a_scan_is_damaged() -> None:
    data = saved(scene(), PictureFormat.JPEG, progressive=True)
    last = data[data.rindex(b"\xff\xda") : -2]
    with quickly(), pytest.raises(DamagedPicture, match="progression"):
        decode(data[:-2] + last * 50 + b"\xff\xd9")


def test_jpeg_of_very_many_segments_is_a_bomb() -> None:
    data = saved(scene(), PictureFormat.JPEG)
    with quickly(), pytest.raises(DecompressionBomb):
        decode(data[:2] + b"\xff\xfe\x00\x02" * 5000 + data[2:])


def slowest_lawful_jpeg(side: int, scans: int) -> bytes:
    """Grey, progressive, one coefficient a scan: a hundred bytes make the decoder visit every block."""
    blocks = (-(-side // 8)) ** 2
    tables = b"\x00" + bytes([1] + [0] * 15) + b"\x00"
    tables += b"\x10" + bytes([1] + [0] * 15) + b"\xe0"
    parts = [
        b"\xff\xd8\xff\xdb\x00\x43\x00" + b"\x01" * 64,
        b"\xff\xc2\x00\x0b\x08" + struct.pack(">HH", side, side) + b"\x01\x01\x11\x00",
        b"\xff\xc4" + struct.pack(">H", 2 + len(tables)) + tables,
        b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x00" + bytes(-(-blocks // 8)),
    ]
    runs = -(-blocks // (2**14))
    bits = "".join("0" + "0" * 14 for _ in range(runs))
    bits += "1" * (-len(bits) % 8)
    run_bytes = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\xff", b"\xff\x00")
    for scan in range(scans):
        coefficient, level = 1 + scan // 14, 13 - scan % 14
        successive = (0 if level == 13 else (level + 1) << 4) | level
        parts.append(
            b"\xff\xda\x00\x08\x01\x01\x00" + bytes([coefficient, coefficient, successive]) + run_bytes
        )
    return b"".join([*parts, b"\xff\xd9"])


def test_slowest_lawful_jpeg_takes_less_than_the_time_limit() -> None:
    limits = PictureLimits()
    start = time.thread_time()
    picture = decode(slowest_lawful_jpeg(7000, scans=99), limits, max_side=512)
    assert (picture.width, picture.height) == (7000, 7000)
    assert time.thread_time() - start < limits.seconds


def tiff_directory(count: int, entries: bytes, following: int) -> bytes:
    return struct.pack("<H", count) + entries + struct.pack("<I", following)


def tiff(strips: list[tuple[int, int]], following: int, extra: bytes = b"") -> bytes:
    """64 × 64 grey samples behind the header; the directory lies behind them."""
    pixels = 8 + 64 * 64
    entries = [
        struct.pack("<HHII", tag, 4, 1, value)
        for tag, value in ((256, 64), (257, 64), (258, 8), (259, 1), (262, 1))
    ]
    offsets = b"".join(struct.pack("<I", offset) for offset, _ in strips)
    sizes = b"".join(struct.pack("<I", size) for _, size in strips)
    one = len(strips) == 1
    entries += [
        struct.pack("<HHII", 273, 4, len(strips), strips[0][0] if one else pixels),
        struct.pack("<HHII", 277, 4, 1, 1),
        struct.pack("<HHII", 278, 4, 1, 64 // len(strips)),
        struct.pack("<HHII", 279, 4, len(strips), strips[0][1] if one else pixels + len(offsets)),
    ]
    start = pixels + len(offsets) + len(sizes)
    directory = tiff_directory(len(entries) + len(extra) // 12, b"".join(entries) + extra, following)
    return b"II*\x00" + struct.pack("<I", start) + b"\x07" * (64 * 64) + offsets + sizes + directory


def test_tiff_whose_directories_loop_is_decoded_by_its_first() -> None:
    first = 8 + 64 * 64 + 8
    with quickly():
        assert np.unique(decode(tiff([(8, 4096)], following=first)).pixels).tolist() == [7]


@pytest.mark.parametrize("tag", [330, 34665, 34853])
def test_tiff_whose_inner_directory_is_itself_is_decoded(tag: int) -> None:
    first = 8 + 64 * 64 + 8
    loop = struct.pack("<HHII", tag, 4, 1, first)
    with quickly():
        assert np.unique(decode(tiff([(8, 4096)], 0, loop)).pixels).tolist() == [7]


def test_tiff_whose_strips_share_their_data_is_damaged() -> None:
    with quickly(), pytest.raises(DamagedPicture, match="overlap"):
        decode(tiff([(8, 4096)] * 64, following=0))


def test_gif_of_very_many_blocks_is_a_bomb() -> None:
    data = saved(scene(), PictureFormat.GIF)
    palette_end = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    comments = b"\x21\xfe\x01a\x00" * 250_000
    with quickly(), pytest.raises(DecompressionBomb):
        decode(data[:palette_end] + comments + data[palette_end:])


def test_webp_frame_of_another_size_than_its_canvas_is_damaged() -> None:
    data = saved(scene(1000), PictureFormat.WEBP)
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + (63).to_bytes(3, "little") * 2
    body = b"WEBP" + canvas + data[12:]
    with quickly(), pytest.raises(DamagedPicture):
        decode(b"RIFF" + struct.pack("<I", len(body)) + body)


@pytest.mark.parametrize("format_name", PictureFormat)
@pytest.mark.parametrize("max_side", [None, 50])
def test_pixels_are_read_only(format_name: PictureFormat, max_side: int | None) -> None:
    pixels = decode(saved(scene(), format_name), max_side=max_side).pixels
    with pytest.raises(ValueError, match="read-only"):
        pixels[0, 0] = 0


def test_every_refusal_is_a_picture_error_with_its_own_problem_type() -> None:
    kinds = PictureError.__subclasses__()
    assert len({kind.slug for kind in [PictureError, *kinds]}) == len(kinds) + 1
