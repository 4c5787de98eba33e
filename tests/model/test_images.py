"""Bytes become an upright sRGB picture, or a named error."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from model.images import EmptyPicture, NotAPicture, PictureFormat, decode


def test_bytes_of_a_jpeg_become_its_pixels() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 100, 50)).save(buffer, "JPEG", quality=95)
    picture = decode(buffer.getvalue())
    assert (picture.format, picture.width, picture.height) == (PictureFormat.JPEG, 64, 48)
    assert picture.pixels.shape == (48, 64, 3)
    assert abs(picture.pixels.astype(int) - (200, 100, 50)).max() <= 3


def test_no_bytes_are_an_empty_picture() -> None:
    with pytest.raises(EmptyPicture):
        decode(b"")


def test_text_is_not_a_picture() -> None:
    with pytest.raises(NotAPicture):
        decode(b"Hello, this is certainly no picture at all.")
