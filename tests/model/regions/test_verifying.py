from __future__ import annotations

import cv2
import numpy as np
import pytest

from model.evaluation.kit import build_kit, catalogue_views
from model.keypoints import look_closely
from model.regions import Near, look_at_regions, to_verify, verified

PRODUCTS = build_kit(3, 4).products


def near(product: str, view: int, cosine: float) -> Near:
    return Near(f"{product}-{view}", product, "brand", cosine)


def test_the_nearest_view_of_each_of_the_nearest_products_is_wanted() -> None:
    found = [near("tea", 0, 0.7), near("jam", 0, 0.8), near("tea", 1, 0.9), near("soap", 0, 0.1)]
    assert to_verify(found, products=2) == ["tea-1", "jam-0"]


def test_a_small_product_matches_its_own_reference_best() -> None:
    views = [catalogue_views(product, 1)[0] for product in (PRODUCTS[0], PRODUCTS[5])]
    picture = np.full((480, 360, 3), 90, np.uint8)
    picture[200:360, 100:260] = cv2.resize(views[0], (160, 160), interpolation=cv2.INTER_AREA)
    (region,) = look_at_regions(picture, np.array([[100 / 360, 200 / 480, 260 / 360, 360 / 480]]))
    references = {f"{at}-0": look_closely(view) for at, view in enumerate(views)}
    own, other = verified(region, [near("0", 0, 0.5), near("1", 0, 0.5)], references)
    assert own.matches is not None
    assert other.matches is not None
    assert own.matches > 20
    assert own.matches > 2 * other.matches


def test_references_that_nobody_gave_stay_unlooked_at() -> None:
    (region,) = look_at_regions(np.zeros((64, 64, 3), np.uint8), np.array([[0.0, 0.0, 1.0, 1.0]]))
    assert verified(region, [near("tea", 0, 0.5)], {}) == [near("tea", 0, 0.5)]


def test_a_region_without_any_detail_matches_nothing() -> None:
    (region,) = look_at_regions(np.zeros((64, 64, 3), np.uint8), np.array([[0.0, 0.0, 1.0, 1.0]]))
    reference = look_closely(catalogue_views(PRODUCTS[0], 1)[0])
    (found,) = verified(region, [near("tea", 0, 0.5)], {"tea-0": reference})
    assert found.matches == pytest.approx(0)
