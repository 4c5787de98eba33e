from __future__ import annotations

import numpy as np
import pytest

from model.evaluation.kit import build_kit
from model.regions.boxes import overlap
from model.regions.scenes import Scene, scene

PRODUCTS = build_kit(3, 2).products
SHARES = (0.08, 0.15)


def made(products: int, seed: int = 0, height: int = 480, width: int = 360) -> Scene:
    grey = np.full((height, width, 3), 128, np.uint8)
    return scene(grey, PRODUCTS[:products], np.random.default_rng(seed), SHARES)


@pytest.mark.parametrize("size", [(480, 360), (360, 480), (400, 400)])
def test_a_product_fills_its_share_of_the_picture(size: tuple[int, int]) -> None:
    (box,) = made(1, height=size[0], width=size[1]).boxes
    area = (box[2:] - box[:2]).prod()
    assert SHARES[0] <= area <= 2 * SHARES[1]


def test_products_lie_within_the_picture_and_apart() -> None:
    boxes = made(4).boxes
    assert len(boxes) >= 3
    assert boxes.min() > 0
    assert boxes.max() < 1
    assert overlap(boxes, boxes)[~np.eye(len(boxes), dtype=bool)].max() == 0


def test_a_scene_can_be_repeated() -> None:
    first, again, other = made(2), made(2), made(2, seed=1)
    assert np.array_equal(first.pixels, again.pixels)
    assert not np.array_equal(first.pixels, other.pixels)


def test_the_picture_changes_where_the_product_is() -> None:
    shown = made(1)
    left, top, right, bottom = (shown.boxes[0] * [360, 480, 360, 480]).astype(int)
    inside = shown.pixels[top:bottom, left:right]
    assert np.std(inside.astype(float)) > 3 * np.std(shown.pixels[:8, :8].astype(float))
