"""Listings whose truth is known, and the folder that a fresh installation starts from."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from model.evaluation.kit.brands import build_kit
from model.evaluation.kit.folders import write_kit, write_retrieval
from model.evaluation.kit.traffic import Condition, KitListing, Truth, known_counterfeits, listings
from model.evaluation.kit.words import official_seller

_KIT = build_kit(0, 4, 2)


@pytest.fixture(scope="module")
def traffic() -> list[KitListing]:
    return list(listings(_KIT, 1, 20))


def test_every_truth_occurs_among_the_first_six(traffic: list[KitListing]) -> None:
    assert {listing.truth for listing in traffic[:6]} == set(Truth)


def test_twenty_listings_hold_the_promised_mixture(traffic: list[KitListing]) -> None:
    truths = [listing.truth for listing in traffic]
    assert [truths.count(truth) for truth in Truth] == [3, 5, 3, 4, 2, 3]


def test_the_same_seed_gives_the_same_traffic(traffic: list[KitListing]) -> None:
    again = list(listings(_KIT, 1, 6))
    for one, other in zip(again, traffic, strict=False):
        assert (one.reference, one.title, one.price, one.truth) == (
            other.reference,
            other.title,
            other.price,
            other.truth,
        )
        assert [photo.tobytes() for photo in one.photos] == [photo.tobytes() for photo in other.photos]


def test_only_counterfeits_have_defects(traffic: list[KitListing]) -> None:
    false = {Truth.COUNTERFEIT, Truth.KNOWN_COUNTERFEIT_REPOST}
    assert all(bool(listing.defects) == (listing.truth in false) for listing in traffic)


def test_only_unrelated_goods_have_no_product(traffic: list[KitListing]) -> None:
    assert all((listing.product is None) == (listing.truth is Truth.UNRELATED) for listing in traffic)


def test_the_brands_own_shop_sells_new_goods_near_the_median(traffic: list[KitListing]) -> None:
    own = [listing for listing in traffic if listing.truth is Truth.GENUINE_AUTHORISED]
    for listing in own:
        assert listing.product is not None
        assert listing.seller == official_seller(listing.product.brand)
        assert listing.condition is Condition.NEW
        assert 0.9 < listing.price / listing.product.price_median < 1.12


def test_nobody_else_bears_an_official_name(traffic: list[KitListing]) -> None:
    others = [listing for listing in traffic if listing.truth is not Truth.GENUINE_AUTHORISED]
    assert not any("official" in listing.seller for listing in others)


def test_known_cases_do_not_depend_on_how_many_are_asked_for() -> None:
    few, many = known_counterfeits(_KIT, 0, 2), known_counterfeits(_KIT, 0, 3)
    assert [case.pixels.tobytes() for case in few] == [case.pixels.tobytes() for case in many[:2]]
    assert all(case.defects for case in many)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kit")
    write_kit(_KIT, folder, listing_count=6)
    return folder


def test_the_folder_holds_every_picture_that_its_manifests_name(written: Path) -> None:
    named = [
        row["path"] for name in ("references", "known_counterfeits") for row in _rows(written / f"{name}.csv")
    ]
    shown = json.loads((written / "listings.json").read_text(encoding="utf-8"))
    named += [path for listing in shown for path in listing["pictures"]]
    assert named
    assert all((written / path).stat().st_size > 5000 for path in named)
    assert {row["brand"] for row in _rows(written / "authorised_sellers.csv")} == {
        brand.name for brand in _KIT.brands
    }
    assert len(_rows(written / "products.csv")) == len(_KIT.products)


def test_listings_go_out_without_their_truth(written: Path) -> None:
    shown = json.loads((written / "listings.json").read_text(encoding="utf-8"))
    truths = json.loads((written / "truth.json").read_text(encoding="utf-8"))
    assert not any("truth" in listing or "defects" in listing for listing in shown)
    assert [row["reference"] for row in truths] == [row["reference"] for row in shown]


def test_a_retrieval_manifest_has_references_queries_and_strangers(tmp_path: Path) -> None:
    rows = _rows(write_retrieval(_KIT, tmp_path, queries=10))
    assert [row["role"] for row in rows].count("reference") == 3 * len(_KIT.products)
    queries = [row for row in rows if row["role"] == "query"]
    assert [row["product"] == "" for row in queries].count(True) == 2
    assert all((tmp_path / row["path"]).is_file() for row in rows)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
