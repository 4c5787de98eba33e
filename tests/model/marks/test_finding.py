"""Marks drawn here, laid on grounds drawn here: found, placed, and told from altered ones."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from model.encoders.base import RGB
from model.marks import MarkIndex, MarkUnusable, find_marks, register

SIDE = 200


def ring(pixels: int = SIDE) -> RGB:
    """A ring with three spokes and a notch: nothing that a room has by chance."""
    canvas = np.full((SIDE, SIDE, 3), 255, np.uint8)
    cv2.circle(canvas, (100, 100), 80, (20, 40, 160), -1)
    cv2.circle(canvas, (100, 100), 48, (255, 255, 255), -1)
    for angle in (0.3, 2.2, 4.4):
        end = int(100 + 70 * np.cos(angle)), int(100 + 70 * np.sin(angle))
        cv2.line(canvas, (100, 100), end, (20, 40, 160), 18)
    cv2.rectangle(canvas, (130, 20), (180, 60), (255, 255, 255), -1)
    return cv2.resize(canvas, (pixels, pixels), interpolation=cv2.INTER_AREA)


def scene(mark: RGB | None, at: tuple[int, int] = (150, 120)) -> RGB:
    rng = np.random.default_rng(3)
    ground = cv2.resize(
        rng.integers(60, 200, (12, 16, 3), dtype=np.uint8), (480, 360), interpolation=cv2.INTER_CUBIC
    )
    noise = rng.normal(0, 3, ground.shape)
    picture = np.clip(ground + noise, 0, 255).astype(np.uint8)
    if mark is not None:
        x, y = at
        picture[y : y + mark.shape[0], x : x + mark.shape[1]] = mark
    return picture


@pytest.fixture(scope="module")
def index() -> MarkIndex:
    return MarkIndex.of([("ring", register(ring()))])


@pytest.mark.parametrize("pixels", [40, 70, 120])
def test_a_mark_is_found_where_it_is(index: MarkIndex, pixels: int) -> None:
    found = find_marks(scene(ring(pixels)), index)
    assert [each.name for each in found] == ["ring"]
    left, top, right, bottom = found[0].box
    inset = 0.1 * pixels
    expected = [150 + inset, 120 + inset, 150 + pixels - inset, 120 + pixels - inset]
    assert np.allclose([left * 480, top * 360, right * 480, bottom * 360], expected, atol=0.08 * pixels)


def test_a_light_mark_on_dark_is_the_same_mark(index: MarkIndex) -> None:
    assert find_marks(scene(255 - ring(80)), index)


def test_nothing_is_found_where_nothing_is(index: MarkIndex) -> None:
    assert find_marks(scene(None), index) == []


def test_a_picture_of_one_colour_is_no_mark() -> None:
    with pytest.raises(MarkUnusable):
        register(np.full((120, 120, 3), 200, np.uint8))
