from __future__ import annotations

import cv2
import numpy as np

from model.encoders.base import RGB
from model.evaluation.kit import build_kit, seller_photo
from model.glare import find_glare

KIT = build_kit(seed=5, brands=4)


def photo(at: int) -> RGB:
    return seller_photo(KIT.products[at], np.random.default_rng([5, at]), hardness=0.3).pixels


def with_light(pixels: RGB, rng: np.random.Generator) -> RGB:
    """A lamp thrown back from film: a core that clips, fading over a tenth of the side."""
    height, width = pixels.shape[:2]
    spot = np.zeros((height, width), np.float32)
    centre = (int(rng.uniform(0.35, 0.65) * width), int(rng.uniform(0.35, 0.65) * height))
    axes = (int(0.09 * width), int(0.06 * width))
    cv2.ellipse(spot, centre, axes, float(rng.uniform(0, 180)), 0, 360, 1.6, -1)
    spot = np.asarray(cv2.GaussianBlur(spot, (0, 0), 0.035 * width), np.float32)
    return np.clip(pixels.astype(np.float32) + 255 * spot[..., None], 0, 255).astype(np.uint8)


def test_light_thrown_back_is_found_where_it_is() -> None:
    found = 0
    for at in range(10):
        patches = find_glare(with_light(photo(at), np.random.default_rng(at)))
        found += any(0.2 < (each.left + each.right) / 2 < 0.8 for each in patches)
    assert found >= 9


def test_photos_without_it_are_left_alone() -> None:
    assert sum(bool(find_glare(photo(at))) for at in range(10)) <= 1


def test_white_paper_with_sharp_edges_is_no_glare() -> None:
    paper = np.full((600, 800, 3), 120, np.uint8)
    cv2.rectangle(paper, (200, 150), (600, 450), (255, 255, 255), -1)
    assert find_glare(paper) == ()


def test_a_white_ground_is_no_glare() -> None:
    ground = np.full((600, 800, 3), 255, np.uint8)
    cv2.circle(ground, (400, 300), 120, (200, 30, 30), -1)
    assert find_glare(ground) == ()
