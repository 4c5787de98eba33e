"""Catalogue pictures and seller photos: repeatable, and different by their defects alone."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.evaluation.kit.brands import KitBrand, KitProduct, ProductKind, build_kit
from model.evaluation.kit.catalogue import catalogue_views
from model.evaluation.kit.defects import DefectKind, counterfeit, genuine
from model.evaluation.kit.edits import reposted
from model.evaluation.kit.layouts import same_inks
from model.evaluation.kit.photos import _lying, background_photo, seller_photo
from model.evaluation.kit.products import bottom, front
from model.evaluation.kit.sheet import contact_sheet
from model.evaluation.kit.solids import solid

_KIT = build_kit()
_ONE_OF_EACH = {product.kind: product for product in _KIT.products}
_LEAK = 40
"""Pixels past the product that blur, shake and the JPEG's blocks may carry a difference."""


def _rng(seed: int = 5) -> np.random.Generator:
    return np.random.default_rng(seed)


def _inside(quad: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(quad).astype(np.int32)], 1)
    grown = cv2.dilate(mask, np.ones((2 * _LEAK + 1, 2 * _LEAK + 1), np.uint8))
    return np.asarray(grown) > 0


def test_the_default_kit_has_every_kind_of_product() -> None:
    assert set(_ONE_OF_EACH) == set(ProductKind)


@pytest.mark.parametrize("kind", ProductKind)
def test_catalogue_views_are_repeatable_and_differ(kind: ProductKind) -> None:
    views, again = catalogue_views(_ONE_OF_EACH[kind], 5), catalogue_views(_ONE_OF_EACH[kind], 5)
    assert [view.tobytes() for view in views] == [view.tobytes() for view in again]
    assert len({view.tobytes() for view in views}) == 5


@pytest.mark.parametrize("kind", ProductKind)
def test_catalogue_pictures_stand_on_white(kind: ProductKind) -> None:
    whole = catalogue_views(_ONE_OF_EACH[kind], 1)[0]
    assert whole.shape == (720, 720, 3)
    assert whole[0].min() == 255
    assert (whole < 240).any(axis=2).mean() > 0.15


@pytest.mark.parametrize("kind", ProductKind)
def test_the_same_state_gives_the_same_photo(kind: ProductKind) -> None:
    product = _ONE_OF_EACH[kind]
    assert seller_photo(product, _rng()).pixels.tobytes() == seller_photo(product, _rng()).pixels.tobytes()


def test_another_state_gives_another_photo() -> None:
    product = _KIT.products[0]
    assert seller_photo(product, _rng(1)).pixels.tobytes() != seller_photo(product, _rng(2)).pixels.tobytes()


def test_a_photo_leaves_the_state_where_it_does_without_defects() -> None:
    one, other = _rng(), _rng()
    seller_photo(_KIT.products[0], one)
    seller_photo(_KIT.products[0], other, defects=frozenset(DefectKind), hardness=0.9)
    assert one.integers(2**62) == other.integers(2**62)


@pytest.mark.parametrize("kind", ProductKind)
@pytest.mark.parametrize("defect", DefectKind)
def test_a_defect_changes_the_product_and_nothing_else(defect: DefectKind, kind: ProductKind) -> None:
    product = _ONE_OF_EACH[kind]
    clean = seller_photo(product, _rng(), hardness=0.2)
    false = seller_photo(product, _rng(), defects={defect}, hardness=0.2)
    assert false.defects == {defect}
    changed = np.abs(clean.pixels.astype(int) - false.pixels).max(axis=2) > 16
    inside = _inside(clean.quads[0], changed.shape)
    assert changed[inside].sum() > 60
    assert (clean.pixels[~inside] == false.pixels[~inside]).all()


@pytest.mark.parametrize("product", _KIT.products[::3], ids=lambda product: product.id)
@pytest.mark.parametrize("defect", DefectKind)
def test_every_defect_shows_in_every_print(defect: DefectKind, product: KitProduct) -> None:
    clean = front(product, genuine(product)).astype(int)
    false = front(product, counterfeit(product, {defect}, 1))
    assert (np.abs(clean - false).max(axis=2) > 10).mean() > 0.0004


@pytest.mark.parametrize("brand", _KIT.brands, ids=lambda brand: brand.name)
def test_a_wrong_colour_leaves_every_text_its_ink(brand: KitBrand) -> None:
    product = _KIT.of_brand(brand)[0]
    for seed in range(100):
        wrong = counterfeit(product, {DefectKind.WRONG_COLOUR}, seed).colours
        assert wrong.base != brand.colours.base
        assert same_inks(brand.colours, wrong)


@pytest.mark.parametrize("kind", [ProductKind.CARTON, ProductKind.SHOE_BOX])
def test_the_underside_of_a_box_bears_no_print(kind: ProductKind) -> None:
    rows = bottom(_ONE_OF_EACH[kind], genuine(_ONE_OF_EACH[kind]))
    assert (rows == rows[:, :1]).all()


@pytest.mark.parametrize("wish", [False, True])
def test_shoe_boxes_stand_tags_lie_and_cartons_do_as_wished(wish: bool) -> None:
    box, tag, carton = (
        solid(_ONE_OF_EACH[kind], genuine(_ONE_OF_EACH[kind]))
        for kind in (ProductKind.SHOE_BOX, ProductKind.TAG, ProductKind.CARTON)
    )
    assert [_lying(things, wish=wish) for things in ([box], [box, tag], [tag], [carton])] == [
        False, False, True, wish,
    ]  # fmt: skip


def test_a_counterfeit_without_defects_is_the_genuine_print() -> None:
    assert counterfeit(_KIT.products[0], frozenset(), 9) == genuine(_KIT.products[0])


@pytest.mark.parametrize("hardness", [0.0, 0.5, 1.0])
def test_quads_enclose_the_printed_fronts(hardness: float) -> None:
    for at, product in enumerate(_KIT.products[::4]):
        other = _KIT.products[(at * 5 + 1) % 36]
        photo = seller_photo(product, _rng(at), hardness=hardness, others=(other,))
        assert photo.quads.shape == photo.fronts.shape == (2, 4, 2)
        for quad, printed in zip(photo.quads, photo.fronts, strict=True):
            around = quad.astype(np.float32)
            depths = [cv2.pointPolygonTest(around, (float(x), float(y)), True) for x, y in printed]
            assert min(depths) > -0.5


@pytest.mark.parametrize("hardness", [0.0, 0.5, 1.0])
def test_the_product_lies_in_the_picture(hardness: float) -> None:
    for at, product in enumerate(_KIT.products[::3]):
        photo = seller_photo(product, _rng(at), hardness=hardness)
        middle = photo.fronts[0].mean(axis=0)
        assert ((middle > 0) & (middle < (1200, 900))).all()
        area = cv2.contourArea(photo.fronts[0].astype(np.float32)) / (1200 * 900)
        assert 0.02 < area < 0.9


def test_what_lies_inside_the_quad_is_the_product() -> None:
    """Mapped back by its corners, the printed front of an easy photo agrees with the artwork."""
    product = _ONE_OF_EACH[ProductKind.CARTON]
    photo = seller_photo(product, _rng(3), hardness=0.0)
    art = front(product, genuine(product))
    height, width = art.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    back = cv2.getPerspectiveTransform(photo.fronts[0].astype(np.float32), corners)
    seen = cv2.warpPerspective(photo.pixels, back, (width, height))
    assert np.corrcoef(seen.mean(axis=2).ravel(), art.mean(axis=2).ravel())[0, 1] > 0.9


def test_a_photo_has_the_size_asked_for() -> None:
    assert seller_photo(_KIT.products[0], _rng(), size=(640, 800)).pixels.shape == (800, 640, 3)


def test_background_photos_are_repeatable() -> None:
    assert background_photo(_rng()).tobytes() == background_photo(_rng()).tobytes()


def test_a_repost_is_another_file_of_the_same_picture() -> None:
    picture = catalogue_views(_KIT.products[0], 1)[0]
    assert reposted(picture, _rng()).tobytes() == reposted(picture, _rng()).tobytes()
    assert reposted(picture, _rng()).tobytes() != picture.tobytes()


def test_the_printed_barcode_reads_back() -> None:
    tag = _ONE_OF_EACH[ProductKind.TAG]
    on_table = cv2.copyMakeBorder(
        front(tag, genuine(tag)), 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=(255,) * 3
    )
    assert cv2.barcode.BarcodeDetector().detectAndDecode(on_table)[0] == tag.barcode


def test_the_contact_sheet_has_a_row_for_each_product() -> None:
    sheet = contact_sheet(_KIT, _rng(), rows=2)
    assert sheet.shape[0] == 2 * 326
    assert sheet.std() > 20
