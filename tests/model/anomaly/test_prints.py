"""Goods in a photo against a studio picture of them: shape and tint tell, light and what lies over them do not."""

from __future__ import annotations

import numpy as np
import pytest

from model.anomaly import compare
from model.anomaly.ground import goods
from model.anomaly.points import PointFinding, Region, judge
from model.anomaly.usual import shipped
from model.evaluation.kit import DefectKind, KitProduct, build_kit, catalogue_views, seller_photo

_EASY = 0.05


@pytest.fixture(scope="module")
def product() -> KitProduct:
    return build_kit(101, 1, 1).products[0]


def photo(product: KitProduct, *defects: DefectKind) -> np.ndarray:
    return seller_photo(product, np.random.default_rng(7), defects=set(defects), hardness=_EASY).pixels


def test_the_goods_are_told_from_a_studios_ground(product: KitProduct) -> None:
    found = goods(catalogue_views(product, 1)[0])

    assert found is not None
    assert found[360, 360]
    assert not found[5, 5]


def test_a_picture_without_even_ground_has_no_goods_of_its_own(product: KitProduct) -> None:
    assert goods(photo(product)) is None


def test_a_genuine_article_at_home_is_usual(product: KitProduct) -> None:
    found = compare(photo(product), catalogue_views(product, 1))

    assert found is not None
    assert shipped().score(found) < 1


@pytest.mark.parametrize("kind", [DefectKind.MISSING_ELEMENT, DefectKind.WRONG_COLOUR, DefectKind.WRONG_FONT])
def test_a_counterfeit_is_unusual(product: KitProduct, kind: DefectKind) -> None:
    found = compare(photo(product, kind), catalogue_views(product, 1))

    assert found is not None
    assert shipped().score(found) >= 1


def test_what_a_hand_lies_over_is_not_visible(product: KitProduct) -> None:
    reference, suspect = catalogue_views(product, 1)[0], photo(product).copy()
    aligned = compare(suspect, [reference])
    assert aligned is not None
    x, y = (int(each) for each in aligned.aligned.places[330:400, 330:400].mean(axis=(0, 1)))
    suspect[y - 60 : y + 60, x - 60 : x + 60] = (20, 250, 20)

    found = compare(suspect, [reference])

    assert found is not None
    side = reference.shape[0]
    region = Region(345 / side, 345 / side, 385 / side, 385 / side)
    assert judge(found, reference, region).finding is PointFinding.NOT_VISIBLE
