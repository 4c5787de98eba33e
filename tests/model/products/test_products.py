"""Which of several products, or none, and where it lies."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from model.evaluation.kit import background_photo
from model.keypoints import look_closely
from model.products import (
    CandidateReference,
    ProductRanking,
    ProductView,
    RankingInvalid,
    Verdict,
    load_parameters,
    rank,
)
from model.products.parameters import SHIPPED
from model.products.trimming import WHOLE, product_box

RGB = NDArray[np.uint8]


def print_of(seed: int, colour: tuple[int, int, int], shared: int = 9) -> RGB:
    """A pack: its upper half is its brand's, its lower half its own."""
    pack = np.full((320, 200, 3), colour, np.uint8)
    for start, rows, count in ((shared, (10, 150), 70), (seed, (170, 310), 70)):
        drawn = np.random.default_rng(start)
        for _ in range(count):
            centre = int(drawn.integers(10, 190)), int(drawn.integers(*rows))
            ink = tuple(int(each) for each in drawn.integers(0, 256, 3))
            axes = int(drawn.integers(3, 18)), int(drawn.integers(3, 18))
            cv2.ellipse(pack, centre, axes, float(drawn.integers(0, 180)), 0, 360, ink, -1)
    return pack


def catalogue(pack: RGB) -> RGB:
    """In the middle of a white studio."""
    picture = np.full((400, 400, 3), 255, np.uint8)
    picture[40:360, 100:300] = pack
    return picture


def photo(pack: RGB, seed: int = 0) -> RGB:
    """Turned a little, on a cluttered ground."""
    ground = np.random.default_rng(seed).integers(90, 150, (26, 26, 3)).astype(np.uint8)
    picture = cv2.resize(ground, (520, 520), interpolation=cv2.INTER_CUBIC)
    matrix = cv2.getRotationMatrix2D((100, 160), 12, 1.1)
    matrix[:, 2] += (155, 100)
    mask = cv2.warpAffine(np.full(pack.shape[:2], 255, np.uint8), matrix, (520, 520)) > 254
    picture[mask] = cv2.warpAffine(pack, matrix, (520, 520))[mask]
    return picture


RED, GREEN = print_of(1, (200, 60, 50)), print_of(2, (60, 160, 70))
OTHER = print_of(3, (230, 220, 90), shared=77)
PACKS = {"red": RED, "green": GREEN, "other": OTHER}


def candidate(name: str, cosine: float = 0.6) -> CandidateReference:
    view = ProductView(look_closely(catalogue(PACKS[name])))
    return CandidateReference(f"ref-{name}", name, "far" if name == "other" else "near", view, cosine)


def asked(pack: RGB, *names: str) -> ProductRanking:
    return rank(look_closely(photo(pack)), [candidate(name) for name in names])


def test_siblings_are_told_by_the_part_of_the_print_that_differs() -> None:
    assert asked(RED, "other", "green", "red").products[0].product_id == "red"
    assert asked(GREEN, "other", "green", "red").products[0].product_id == "green"


def test_chances_of_products_and_of_none_sum_to_one() -> None:
    found = asked(RED, "other", "green", "red")
    assert sum(each.probability for each in found.products) + found.unknown == pytest.approx(1)


def test_a_brand_is_at_least_as_likely_as_its_products_together() -> None:
    found = asked(RED, "other", "green", "red")
    brands = {each.brand_id: each.probability for each in found.brands}
    together = sum(each.probability for each in found.products if each.brand_id == "near")
    assert brands["near"] >= min(together, 1.0)
    assert found.brands[0].brand_id == "near"


def test_the_order_of_candidates_does_not_matter() -> None:
    one, other = asked(RED, "other", "green", "red"), asked(RED, "red", "other", "green")
    assert [each.product_id for each in one.products] == [each.product_id for each in other.products]
    assert one.products[0].probability == pytest.approx(other.products[0].probability)


def test_a_product_left_out_is_less_known_than_when_enrolled() -> None:
    assert asked(RED, "other", "green").unknown > asked(RED, "other", "green", "red").unknown


def test_a_picture_of_nothing_enrolled_is_unknown() -> None:
    stranger = look_closely(background_photo(np.random.default_rng(0), size=(640, 480)))
    found = rank(stranger, [candidate("other", 0.4), candidate("red", 0.4), candidate("green", 0.38)])
    assert found.verdict is Verdict.UNKNOWN
    assert found.unknown > 0.5


def test_several_references_of_a_product_count_as_one_product() -> None:
    twice = [candidate("red"), candidate("red"), candidate("other")]
    found = rank(look_closely(photo(RED)), twice)
    assert sorted(each.product_id for each in found.products) == ["other", "red"]
    assert found.products[0].product_id == "red"


def test_without_candidates_it_is_unknown() -> None:
    found = rank(look_closely(photo(RED)), [])
    assert (found.verdict, found.unknown, found.products) == (Verdict.UNKNOWN, 1.0, ())


def test_blank_pictures_on_either_side_are_no_error() -> None:
    blank = np.full((200, 200, 3), 255, np.uint8)
    nothing = CandidateReference("blank", "blank", "blank", ProductView(look_closely(blank)), 0.1)
    assert rank(look_closely(blank), [nothing, candidate("red")]).verdict is Verdict.UNKNOWN
    assert rank(look_closely(photo(RED)), [nothing, candidate("red")]).products[0].product_id == "red"


def test_the_region_is_where_the_pack_lies() -> None:
    region = asked(RED, "other", "green", "red").region
    assert region is not None
    matrix = cv2.getRotationMatrix2D((100, 160), 12, 1.1)
    matrix[:, 2] += (155, 100)
    corners = np.array([[0, 0, 1], [200, 0, 1], [200, 320, 1], [0, 320, 1]]) @ matrix.T / 520
    np.testing.assert_allclose(region.on_query, corners, atol=0.03)
    np.testing.assert_allclose(region.on_reference[0], (0.25, 0.1), atol=0.01)


def test_studio_ground_is_trimmed() -> None:
    np.testing.assert_allclose(product_box(catalogue(RED)), (0.25, 0.1, 0.75, 0.9), atol=0.01)


def test_a_photo_without_even_ground_is_kept_whole() -> None:
    assert product_box(photo(RED)) == WHOLE


def test_an_even_picture_is_kept_whole() -> None:
    assert product_box(np.full((50, 60, 3), 255, np.uint8)) == WHOLE


def test_parameters_come_back_as_they_were_saved(tmp_path: Path) -> None:
    shipped = load_parameters(SHIPPED)
    shipped.save(tmp_path / "ranking.json")
    assert load_parameters(tmp_path / "ranking.json").product.weights == shipped.product.weights


@pytest.mark.parametrize("damage", ["{", "{}", "[]"])
def test_a_damaged_file_says_how_to_make_it_anew(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "ranking.json"
    path.write_text(damage)
    with pytest.raises(RankingInvalid, match="mizugiwa fit products"):
        load_parameters(path)


def test_parameters_of_other_features_are_refused(tmp_path: Path) -> None:
    held = json.loads(SHIPPED.read_text())
    path = tmp_path / "ranking.json"
    path.write_text(json.dumps({**held, "features": held["features"][:-1]}))
    with pytest.raises(RankingInvalid, match="other features"):
        load_parameters(path)
