"""Parts of a picture are described so that they are found in each other."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from model.copies import (
    QUERY_WINDOWS,
    REFERENCE_WINDOWS,
    Tiles,
    copy_fingerprint,
    query_tiles,
    reference_views,
)
from model.encoders import Encoder, load
from model.encoders.dummy import DummyEncoder
from model.evaluation.kit import background_photo, build_kit, catalogue_views


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return load("bundled", tmp_path_factory.mktemp("encoders"), threads=1)


def picture(seed: int, width: int = 300, height: int = 400) -> np.ndarray:
    photo = background_photo(np.random.default_rng(seed))
    return np.asarray(cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


@pytest.fixture(scope="module")
def goods() -> list[np.ndarray]:
    products = build_kit(seed=0, brands=2).products
    return [cv2.resize(catalogue_views(each)[0], (300, 400)) for each in (products[0], products[-1])]


@pytest.mark.parametrize("encoder_name", ["bundled", "dummy"])
@pytest.mark.parametrize("tiles", list(Tiles))
def test_every_tile_has_a_unit_vector(encoder_name: str, tiles: Tiles, bundled: Encoder) -> None:
    encoder = bundled if encoder_name == "bundled" else DummyEncoder()
    found = query_tiles(encoder, [picture(0), picture(1, 200, 90)], tiles)
    count = len(QUERY_WINDOWS[tiles])
    count -= encoder_name == "dummy" and tiles is not Tiles.WHOLE
    assert [vectors.shape for vectors in found] == [(count, encoder.info.dimension)] * 2
    assert all(np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5) for vectors in found)


def test_a_reference_has_a_vector_for_each_of_its_windows(bundled: Encoder) -> None:
    assert reference_views(bundled, [picture(0)])[0].shape == (len(REFERENCE_WINDOWS), 1280)


def test_an_encoder_of_one_size_sees_the_whole_once() -> None:
    assert reference_views(DummyEncoder(), [picture(0)])[0].shape == (len(REFERENCE_WINDOWS) - 2, 192)


def test_no_pictures_give_no_views() -> None:
    assert reference_views(DummyEncoder(), []) == []
    assert query_tiles(DummyEncoder(), []) == []


def test_views_do_not_depend_on_the_other_pictures_of_a_call(bundled: Encoder) -> None:
    together = query_tiles(bundled, [picture(0), picture(1)], Tiles.FEW)
    assert np.array_equal(together[1], query_tiles(bundled, [picture(1)], Tiles.FEW)[0])


def test_what_lies_in_a_corner_is_nearest_to_the_view_of_that_corner(
    bundled: Encoder, goods: list[np.ndarray]
) -> None:
    rows = [np.hstack([goods[0], picture(1)]), np.hstack([picture(2), goods[1]])]
    views = reference_views(bundled, [np.vstack(rows)])[0]
    asked = query_tiles(bundled, [goods[1]], Tiles.WHOLE)[0]
    nearest = REFERENCE_WINDOWS[int((asked @ views.T).argmax())]
    assert (nearest.left, nearest.top) == (0.4, 0.4)


def test_a_picture_pasted_small_is_nearest_to_the_tile_that_it_fills(
    bundled: Encoder, goods: list[np.ndarray]
) -> None:
    around = picture(1)
    around[:200, :150] = cv2.resize(goods[1], (150, 200), interpolation=cv2.INTER_AREA)
    likeness = query_tiles(bundled, [around], Tiles.ALL)[0] @ reference_views(bundled, [goods[1]])[0].T
    best = QUERY_WINDOWS[Tiles.ALL][int(likeness.max(axis=1).argmax())]
    assert (best.left, best.top, best.width) == (0.0, 0.0, 0.5)
    assert likeness.max() > likeness[0].max() + 0.1


def test_few_tiles_are_the_first_of_all(bundled: Encoder) -> None:
    few, every = (query_tiles(bundled, [picture(1)], tiles)[0] for tiles in (Tiles.FEW, Tiles.ALL))
    assert np.array_equal(few, every[: len(few)])


def test_views_of_two_encoders_have_two_fingerprints(bundled: Encoder) -> None:
    found = {copy_fingerprint(each) for each in (bundled, DummyEncoder("a"), DummyEncoder("b"))}
    assert len(found) == 3
    assert bundled.info.fingerprint not in found
