"""Every format, orientation and colour mode comes out upright and in the right colours."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np
import pillow_heif
import pytest
from PIL import Image, ImageCms

from model.encoders.base import RGB
from model.images import PictureFormat, decode

WIDTH, HEIGHT = 96, 64
CORNERS = {(8, 8): (255, 0, 0), (8, 88): (0, 255, 0), (56, 8): (0, 0, 255), (56, 88): (255, 255, 0)}
"""Row and column of one pixel in each coloured quarter."""

PILLOW_NAMES = {
    PictureFormat.JPEG: "JPEG",
    PictureFormat.PNG: "PNG",
    PictureFormat.WEBP: "WEBP",
    PictureFormat.TIFF: "TIFF",
    PictureFormat.AVIF: "AVIF",
    PictureFormat.GIF: "GIF",
}
STORED_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def quarters() -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT))
    for (row, column), colour in CORNERS.items():
        image.paste(colour, (column // 48 * 48, row // 32 * 32, column // 48 * 48 + 48, row // 32 * 32 + 32))
    return image


def encoded(image: Image.Image, format_name: PictureFormat, **options: object) -> bytes:
    buffer = io.BytesIO()
    if format_name is PictureFormat.HEIC:
        pillow_heif.from_pillow(image).save(buffer, quality=95, **options)
    else:
        image.save(buffer, PILLOW_NAMES[format_name], **options)
    return buffer.getvalue()


def assert_quarters(pixels: RGB, tolerance: int = 40) -> None:
    assert pixels.shape == (HEIGHT, WIDTH, 3)
    for (row, column), colour in CORNERS.items():
        assert np.abs(pixels[row, column].astype(int) - colour).max() <= tolerance, (row, column)


@pytest.mark.parametrize("held", range(1, 9))
@pytest.mark.parametrize("format_name", [each for each in PictureFormat if each is not PictureFormat.GIF])
def test_orientation_is_applied(format_name: PictureFormat, held: int) -> None:
    stored = quarters().transpose(STORED_TURNS[held]) if held > 1 else quarters()
    exif = Image.Exif()
    exif[0x0112] = held
    picture = decode(encoded(stored, format_name, exif=exif.tobytes()))
    assert (picture.width, picture.height) == (WIDTH, HEIGHT)
    assert_quarters(picture.pixels)


@pytest.mark.parametrize("format_name", PictureFormat)
def test_format_is_told_by_content(format_name: PictureFormat) -> None:
    picture = decode(encoded(quarters(), format_name))
    assert picture.format is format_name
    assert_quarters(picture.pixels)


@pytest.mark.parametrize(
    ("mode", "format_name"),
    [
        ("CMYK", PictureFormat.JPEG),
        ("YCbCr", PictureFormat.JPEG),
        ("CMYK", PictureFormat.TIFF),
        ("YCbCr", PictureFormat.TIFF),
        ("P", PictureFormat.PNG),
        ("P", PictureFormat.TIFF),
        ("RGBA", PictureFormat.PNG),
        ("RGBA", PictureFormat.TIFF),
        ("RGBA", PictureFormat.WEBP),
        ("RGBA", PictureFormat.AVIF),
        ("RGBA", PictureFormat.HEIC),
    ],
)
def test_colour_mode_is_converted(mode: str, format_name: PictureFormat) -> None:
    assert_quarters(decode(encoded(quarters().convert(mode), format_name)).pixels)


def test_lab_is_converted_to_srgb() -> None:
    to_lab = ImageCms.buildTransform(
        ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"
    )
    lab = ImageCms.applyTransform(quarters(), to_lab)
    assert lab is not None
    assert_quarters(decode(encoded(lab, PictureFormat.TIFF)).pixels, tolerance=25)


@pytest.mark.parametrize("mode", ["L", "LA", "1"])
@pytest.mark.parametrize("format_name", [PictureFormat.PNG, PictureFormat.TIFF])
def test_grey_becomes_three_equal_channels(mode: str, format_name: PictureFormat) -> None:
    grey = Image.new("L", (64, 48), 255)
    grey.paste(0, (0, 0, 32, 48))
    pixels = decode(encoded(grey.convert(mode), format_name)).pixels
    assert pixels[24, 8].tolist() == [0, 0, 0]
    assert pixels[24, 56].tolist() == [255, 255, 255]


@pytest.mark.parametrize("format_name", [PictureFormat.PNG, PictureFormat.TIFF])
def test_16_bit_grey_is_scaled_over_its_range(format_name: PictureFormat) -> None:
    samples = np.full((48, 64), 65535 // 4, dtype=np.uint16)
    pixels = decode(encoded(Image.fromarray(samples), format_name)).pixels
    assert np.unique(pixels).tolist() == [64]


@pytest.mark.parametrize(
    ("samples", "expected"),
    [
        (np.full((48, 64), 0.5, np.float32), 128),
        (np.full((48, 64), 100.0, np.float32), 100),
        (np.full((48, 64), 65535.0, np.float32), 255),
        (np.full((48, 64), 200, np.int32), 200),
        (np.full((48, 64), 65535 // 2, np.int32), 127),
    ],
)
def test_wide_samples_are_scaled_by_the_smallest_usual_range(samples: np.ndarray, expected: int) -> None:
    pixels = decode(encoded(Image.fromarray(samples), PictureFormat.TIFF)).pixels
    assert np.abs(pixels.astype(int) - expected).max() <= 1


def test_not_a_number_is_black_and_hides_no_other_sample() -> None:
    samples = np.full((48, 64), 1.0, np.float32)
    samples[0, 0], samples[0, 1] = np.nan, np.inf
    pixels = decode(encoded(Image.fromarray(samples), PictureFormat.TIFF)).pixels
    assert pixels[0, 0].tolist() == [0, 0, 0]
    assert pixels[20, 20].tolist() == [255, 255, 255]


@pytest.mark.parametrize(
    "format_name",
    [PictureFormat.PNG, PictureFormat.WEBP, PictureFormat.TIFF, PictureFormat.AVIF, PictureFormat.HEIC],
)
def test_transparency_is_composited_on_white(format_name: PictureFormat) -> None:
    image = Image.new("RGBA", (64, 48), (200, 0, 0, 0))
    image.paste((200, 0, 0, 255), (0, 0, 32, 48))
    pixels = decode(encoded(image, format_name)).pixels.astype(int)
    assert np.abs(pixels[24, 8] - (200, 0, 0)).max() <= 12
    assert pixels[24, 56].min() >= 250


@pytest.mark.parametrize("format_name", [PictureFormat.PNG, PictureFormat.GIF])
def test_transparent_palette_colour_is_white(format_name: PictureFormat) -> None:
    image = quarters().quantize(8)
    blue = image.getpixel((8, 56))
    pixels = decode(encoded(image, format_name, transparency=blue)).pixels
    assert pixels[56, 8].tolist() == [255, 255, 255]
    assert pixels[8, 8].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    "format_name",
    [PictureFormat.GIF, PictureFormat.TIFF, PictureFormat.WEBP, PictureFormat.PNG, PictureFormat.AVIF],
)
def test_first_frame_counts(format_name: PictureFormat) -> None:
    second = Image.new("RGB", (WIDTH, HEIGHT), (9, 9, 9))
    data = encoded(quarters(), format_name, save_all=True, append_images=[second, second])
    assert_quarters(decode(data).pixels)


@pytest.mark.parametrize(
    "format_name",
    [
        PictureFormat.JPEG,
        PictureFormat.PNG,
        PictureFormat.WEBP,
        PictureFormat.TIFF,
        PictureFormat.AVIF,
        PictureFormat.HEIC,
    ],
)
def test_icc_profile_is_converted(format_name: PictureFormat) -> None:
    """A profile whose red and green are swapped, so that a picture read without it shows."""
    profile = swapped_profile()
    image = Image.new("RGB", (64, 48), (255, 0, 0))
    image.info["icc_profile"] = profile
    pixels = decode(encoded(image, format_name, icc_profile=profile)).pixels.astype(int)
    assert pixels[24, 32, 1] > 200
    assert pixels[24, 32, 0] < 60


def test_broken_icc_profile_is_left_out_of_account() -> None:
    image = quarters()
    data = encoded(image, PictureFormat.PNG, icc_profile=b"not a profile at all")
    assert_quarters(decode(data).pixels)


def test_cmyk_of_adobe_is_not_taken_for_its_negative() -> None:
    white = Image.new("CMYK", (64, 48), (0, 0, 0, 0))
    assert decode(encoded(white, PictureFormat.JPEG)).pixels.min() >= 250


def swapped_profile() -> bytes:
    """The profile of sRGB with its red and green colorants exchanged and another name."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    tags = {}
    for at in range(132, 132 + 12 * struct.unpack_from(">I", profile, 128)[0], 12):
        tags[bytes(profile[at : at + 4])] = at
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    profile[red + 4 : red + 12], profile[green + 4 : green + 12] = (
        profile[green + 4 : green + 12],
        profile[red + 4 : red + 12],
    )
    return bytes(profile).replace("sRGB".encode("utf-16-be"), "tRGB".encode("utf-16-be"))


@pytest.mark.data
def test_all_modes_of_one_photo_look_alike(shared_data: Path) -> None:
    modes = shared_data / "edits" / "misc-images" / "modes"
    original = decode((modes / "original.jpg").read_bytes()).pixels
    grey = original.mean(axis=2)
    paths = [path for path in sorted(modes.iterdir()) if path.suffix != ".md"]
    assert len(paths) == 14
    for path in paths:
        pixels = decode(path.read_bytes()).pixels
        assert pixels.shape == original.shape, path.name
        dithered = path.name == "1.png"
        assert abs(pixels.mean() - grey.mean()) < 3, path.name
        assert np.corrcoef(pixels.mean(axis=2).ravel(), grey.ravel())[0, 1] > (0.4 if dithered else 0.97), (
            path.name
        )


@pytest.mark.data
def test_every_real_edit_decodes(shared_data: Path) -> None:
    paths = [path for path in sorted((shared_data / "edits").rglob("*.*")) if path.suffix != ".md"]
    assert len(paths) >= 28
    for path in paths:
        picture = decode(path.read_bytes(), max_side=256)
        with Image.open(path) as image:
            exif = image.getexif().get(0x0112, 1)
            expected = image.size[::-1] if exif >= 5 else image.size
        assert (picture.width, picture.height) == expected, path.name
        assert max(picture.pixels.shape) == min(256, max(expected)), path.name
