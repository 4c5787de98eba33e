"""Where the object is, what counts as background, what a file tells, and which groups are one."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from model.authenticity import FILE_PROPERTIES, file_properties, joined_groups
from model.authenticity.seeing import border_tiles, object_mask
from model.copies.hashes import pdq


def pixels(seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    coarse = np.random.default_rng(seed).integers(0, 255, (9, 9, 3), dtype=np.uint8)
    return np.asarray(Image.fromarray(coarse).resize((200, 160), Image.Resampling.BICUBIC))


def test_object_is_the_strong_part_near_the_middle() -> None:
    features = np.zeros((12, 16, 4), np.float32)
    features[4:9, 5:11] = 1.0
    features[0:2, 0:2] = 1.0
    expected = np.zeros((12, 16), bool)
    expected[4:9, 5:11] = True
    assert np.array_equal(object_mask(features), expected)


def test_flat_map_gives_the_middle() -> None:
    assert object_mask(np.ones((8, 8, 4), np.float32)).sum() == 16


def test_background_is_the_border_that_the_object_leaves_free() -> None:
    mask = np.zeros((16, 16), bool)
    mask[4:12, 4:16] = True
    assert (1, 3) not in border_tiles(mask)
    assert (1, 0) in border_tiles(mask)


def test_corners_are_background_even_where_the_object_fills_the_picture() -> None:
    assert border_tiles(np.ones((16, 16), bool)) == [(0, 0), (0, 3), (3, 0), (3, 3)]


@pytest.mark.parametrize("quality", [30, 75, 95])
def test_quality_of_a_jpeg_is_read_from_its_tables(quality: int) -> None:
    file = io.BytesIO()
    Image.fromarray(pixels(0)).save(file, "JPEG", quality=quality)
    found = dict(zip(FILE_PROPERTIES, file_properties(file.getvalue())[0], strict=True))
    assert found["jpeg_quality"] == pytest.approx(quality, abs=1.5)
    assert found["is_jpeg"] == 1


def test_exif_is_noticed() -> None:
    file, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "maker"
    Image.fromarray(pixels(0)).save(file, "JPEG", exif=exif)
    assert file_properties(file.getvalue())[0, FILE_PROPERTIES.index("exif")] == 1


def test_groups_that_share_a_picture_are_one() -> None:
    hashes = [pdq(pixels(seed)) for seed in (1, 2, 1, 3)]
    assert joined_groups(["a", "b", "c", "b"], hashes).tolist() == [0, 1, 0, 1]
