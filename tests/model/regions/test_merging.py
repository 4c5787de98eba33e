from __future__ import annotations

import numpy as np

from model.regions import Near, RegionCalibration, Regions, merge

CALIBRATION = RegionCalibration(
    "f" * 16, "test", cosine=10, matches=1, intercept=-7, bar=0.5, source="", pictures=0
)


def regions(*boxes: tuple[float, float, float, float]) -> Regions:
    return Regions(np.array(boxes), np.full(len(boxes), 0.9), np.zeros((len(boxes), 4), np.float32))


def near(product: str, cosine: float, matches: int | None = None, view: str = "front") -> Near:
    return Near(f"{product}-{view}", product, product.split()[0], cosine, matches)


def test_each_place_shows_its_best_product() -> None:
    found = merge(
        regions((0.1, 0.1, 0.3, 0.3), (0.6, 0.6, 0.9, 0.9)),
        [[near("acme tea", 0.7), near("acme jam", 0.8)], [near("other soap", 0.9)]],
        CALIBRATION,
    )
    assert [each.best.product for each in found] == ["other soap", "acme jam"]
    assert found[1].box == (0.1, 0.1, 0.3, 0.3)


def test_matches_turn_a_nearer_vector_down() -> None:
    (found,) = merge(
        regions((0, 0, 1, 1)), [[near("acme tea", 0.7, 60), near("acme jam", 0.8, 3)]], CALIBRATION
    )
    assert found.best.product == "acme tea"
    assert [each.product for each, _ in found.further] == ["acme jam"]


def test_several_views_of_one_product_are_one_answer() -> None:
    (found,) = merge(
        regions((0, 0, 1, 1)), [[near("acme tea", 0.8), near("acme tea", 0.9, view="turned")]], CALIBRATION
    )
    assert (found.best.reference, found.further) == ("acme tea-turned", ())


def test_a_label_within_its_bottle_is_no_second_thing() -> None:
    found = merge(
        regions((0.1, 0.1, 0.5, 0.9), (0.15, 0.4, 0.45, 0.7)),
        [[near("acme tea", 0.9)], [near("acme jam", 0.8)]],
        CALIBRATION,
    )
    assert [each.best.product for each in found] == ["acme tea"]


def test_one_product_may_stand_in_two_places() -> None:
    found = merge(
        regions((0, 0, 0.3, 0.3), (0.6, 0.6, 0.9, 0.9)),
        [[near("acme tea", 0.9)], [near("acme tea", 0.8)]],
        CALIBRATION,
    )
    assert len(found) == 2


def test_what_is_under_the_bar_is_not_found() -> None:
    assert merge(regions((0, 0, 1, 1)), [[near("acme tea", 0.69)]], CALIBRATION) == []
    assert len(merge(regions((0, 0, 1, 1)), [[near("acme tea", 0.69)]], CALIBRATION, bar=0.4)) == 1


def test_a_region_that_resembles_nothing_is_passed_over() -> None:
    assert merge(regions((0, 0, 1, 1)), [[]], CALIBRATION) == []
