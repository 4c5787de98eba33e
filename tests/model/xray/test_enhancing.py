"""The views of a capture that an inspector turns on."""

from __future__ import annotations

import numpy as np
import pytest

from model.encoders.base import RGB
from model.xray.enhancing import Enhancement, enhance


@pytest.fixture
def capture() -> RGB:
    ramp = np.linspace(0, 255, 128).astype(np.uint8)
    return np.repeat(np.tile(ramp, (96, 1))[:, :, np.newaxis], 3, axis=2)


@pytest.mark.parametrize("how", Enhancement)
def test_an_enhanced_capture_keeps_its_shape(capture: RGB, how: Enhancement) -> None:
    shown = enhance(capture, how)
    assert shown.shape == capture.shape
    assert shown.dtype == np.uint8
    assert not np.array_equal(shown, capture)


def test_the_inverse_of_the_inverse_is_the_capture(capture: RGB) -> None:
    twice = enhance(enhance(capture, Enhancement.INVERSE), Enhancement.INVERSE)
    np.testing.assert_array_equal(twice, capture)


def test_high_density_tells_dark_greys_apart(capture: RGB) -> None:
    dark = capture[:, 8:30]
    assert np.ptp(enhance(capture, Enhancement.HIGH_DENSITY)[:, 8:30]) > 2 * np.ptp(dark)


def test_low_density_tells_light_greys_apart(capture: RGB) -> None:
    light = capture[:, 90:120]
    assert np.ptp(enhance(capture, Enhancement.LOW_DENSITY)[:, 90:120]) > np.ptp(light)


def test_contrast_is_stretched_over_a_pale_capture(capture: RGB) -> None:
    pale = (capture // 8 + 200).astype(np.uint8)
    assert np.ptp(enhance(pale, Enhancement.CONTRAST)) > 3 * np.ptp(pale)
