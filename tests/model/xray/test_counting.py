"""What is counted on rendered parcels."""

from __future__ import annotations

import numpy as np
import pytest

from model.xray.attenuation import attenuation_of, empty, grey, pseudo_colour
from model.xray.counting import count_alike
from model.xray.renderer import KINDS, render_parcel


@pytest.mark.parametrize("colour", [False, True])
def test_items_that_lie_apart_are_counted(colour: bool) -> None:
    rng = np.random.default_rng(3)
    parcel = render_parcel(rng, 6, 0, kind="telephone", overlap=0.0)
    found = count_alike(parcel.picture(colour=colour, rng=rng))
    assert found.count == 6
    assert len(found.boxes) == 6


def test_an_empty_capture_has_no_items() -> None:
    assert count_alike(np.full((300, 300, 3), 255, np.uint8)).count == 0


def test_one_thing_counts_once() -> None:
    rng = np.random.default_rng(4)
    assert count_alike(render_parcel(rng, 1, 0, kind="tin").picture(colour=False, rng=rng)).count == 1


def test_a_rendered_parcel_is_the_same_again() -> None:
    first, again = [render_parcel(np.random.default_rng(5), 3, 2) for _ in range(2)]
    np.testing.assert_array_equal(first.attenuation.low, again.attenuation.low)
    assert len(first.poses) == first.alike == 3


def test_attenuations_are_read_back_from_a_grey_capture() -> None:
    scene = empty(60, 60)
    scene.low[20:40, 20:40] = 1.0
    read = attenuation_of(grey(scene))
    assert read[30, 30] == pytest.approx(1.0, abs=0.02)
    assert read[5, 5] == 0.0


def test_metal_is_blue_and_organic_things_are_orange() -> None:
    metal, organic = empty(8, 8), empty(8, 8)
    metal.low[:], metal.high[:] = 1.56, 0.75
    organic.low[:], organic.high[:] = 0.60, 0.54
    red, _, blue = pseudo_colour(metal)[0, 0].tolist()
    assert blue > red
    red, _, blue = pseudo_colour(organic)[0, 0].tolist()
    assert red > blue


def test_every_kind_of_thing_can_be_drawn() -> None:
    for kind in KINDS:
        parcel = render_parcel(np.random.default_rng(6), 1, 0, kind=kind, side=128)
        assert float(parcel.attenuation.low.max()) > 0.2
