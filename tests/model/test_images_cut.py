"""A file of which a part is missing is refused, even where its end looks whole."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from model.images import DamagedPicture, PictureError, TruncatedPicture, decode
from model.images.containers import gif

EOI = b"\xff\xd9"


def scene(mode: str = "RGB") -> Image.Image:
    coarse = np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((320, 240), Image.Resampling.BICUBIC).convert(mode)


def saved(image: Image.Image, format_name: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, format_name, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("restarts", [0, 5])
@pytest.mark.parametrize("share", [0.4, 0.9])
@pytest.mark.parametrize("max_side", [None, 60])
def test_jpeg_cut_short_and_closed_again_is_truncated(
    mode: str, progressive: bool, restarts: int, share: float, max_side: int | None
) -> None:
    data = saved(scene(mode), "JPEG", progressive=progressive, restart_marker_blocks=restarts)
    assert decode(data, max_side=max_side).width == 320
    with pytest.raises(TruncatedPicture):
        decode(data[: int(len(data) * share)] + EOI, max_side=max_side)


@pytest.mark.parametrize("hole", [40, 300, 1500])
def test_jpeg_with_a_hole_is_refused(hole: int) -> None:
    data = saved(scene(), "JPEG", quality=90, restart_marker_blocks=5)
    with pytest.raises((DamagedPicture, TruncatedPicture)):
        decode(data[: len(data) // 2] + data[len(data) // 2 + hole :])


def test_jpeg_with_bytes_to_spare_before_its_end_is_whole() -> None:
    """Some cameras fill up; every pixel is there."""
    data = saved(scene(), "JPEG")
    padded = decode(data.removesuffix(EOI) + bytes(12) + EOI)
    assert np.array_equal(padded.pixels, decode(data).pixels)


@pytest.mark.parametrize("kept", [0, 1, 20])
def test_gif_whose_blocks_end_early_is_truncated(kept: int) -> None:
    data = saved(scene(), "GIF")
    start = frame_start(data)
    blocks = data[start : len(data) - 2]
    position = 0
    for _ in range(kept):
        position += 1 + blocks[position]
    with pytest.raises(TruncatedPicture):
        decode(data[:start] + blocks[:position] + b"\x00;")


def test_gif_whose_code_ends_before_the_frame_is_full_is_truncated() -> None:
    data = bytearray(saved(scene(), "GIF"))
    frame = data.index(b",\x00\x00\x00\x00")
    data[8:10] = (480).to_bytes(2, "little")
    data[frame + 7 : frame + 9] = (480).to_bytes(2, "little")
    with pytest.raises(TruncatedPicture):
        decode(bytes(data))


def frame_start(data: bytes) -> int:
    """Where the length-prefixed blocks of the first frame start."""
    position = 13 + gif._palette_length(data[10])
    while data[position] == 0x21:
        position = gif._blocks_end(data, position + 2)
    return position + 11 + gif._palette_length(data[position + 9])


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_deflate"])
def test_tiff_whose_data_break_off_is_refused(compression: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Its decoder says so on standard error, in one line and past Python; the refusal is what counts."""
    data = bytearray(saved(scene(), "TIFF", compression=compression))
    data[2000:2400] = b"\xff" * 400
    with pytest.raises(DamagedPicture):
        decode(bytes(data))
    assert len(capfd.readouterr().err.splitlines()) <= 1


@pytest.mark.parametrize("format_name", ["PNG", "WEBP", "AVIF", "GIF", "TIFF", "JPEG"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.95])
def test_file_cut_anywhere_is_refused(format_name: str, share: float) -> None:
    data = saved(scene(), format_name)
    with pytest.raises(PictureError):
        decode(data[: int(len(data) * share)])


@pytest.mark.parametrize("compression", ["group3", "group4"])
def test_fax_is_not_accepted(compression: str) -> None:
    with pytest.raises(PictureError, match="compression"):
        decode(saved(scene("1"), "TIFF", compression=compression))
