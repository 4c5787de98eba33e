"""Feature maps at any size come from the very graph that is installed."""

from __future__ import annotations

import numpy as np
import pytest

from model.encoders import BatchingEncoder, DenseEncoder, dense_of, load
from model.encoders.bundled import BundledEncoder
from model.encoders.dummy import DummyEncoder


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> BundledEncoder:
    loaded = load("bundled", tmp_path_factory.mktemp("encoders"), threads=1)
    assert isinstance(loaded, BundledEncoder)
    return loaded


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(height).integers(0, 256, (height, width, 3), np.uint8)


def test_at_the_size_of_the_encoder_the_map_is_that_of_its_patches(encoder: BundledEncoder) -> None:
    picture = noise(256, 256)
    assert np.array_equal(encoder.encode_dense([picture], 256)[0], encoder.encode_patches([picture])[0])


def test_the_map_has_the_shape_of_the_picture(encoder: BundledEncoder) -> None:
    wide, tall = encoder.encode_dense([noise(100, 200), noise(300, 200)], 384)
    assert wide.shape == (6, 12, 1280)
    assert tall.shape == (12, 8, 1280)


def test_a_map_does_not_depend_on_the_other_pictures(encoder: BundledEncoder) -> None:
    first, second = noise(120, 90), noise(64, 200)
    together = encoder.encode_dense([first, second], 256)
    assert np.array_equal(together[1], encoder.encode_dense([second], 256)[0])


def test_a_sliver_still_has_a_map(encoder: BundledEncoder) -> None:
    assert encoder.encode_dense([noise(3, 900)], 256)[0].shape == (2, 8, 1280)


def test_a_dense_encoder_is_found_behind_its_queue(encoder: BundledEncoder) -> None:
    queue = BatchingEncoder(encoder)
    try:
        assert isinstance(encoder, DenseEncoder)
        assert dense_of(queue) is encoder
    finally:
        queue.close()


def test_an_encoder_of_one_size_is_not_dense() -> None:
    assert dense_of(DummyEncoder()) is None
