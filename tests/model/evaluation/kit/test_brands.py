"""Invented brands: distinct, nobody's, numbered so that no shop's till knows them."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import Levenshtein

from model.evaluation.kit import names
from model.evaluation.kit.barcodes import bars, check_digit
from model.evaluation.kit.brands import build_kit
from model.evaluation.kit.famous import FAMOUS
from model.evaluation.kit.fonts import TextFace, Typeface, font, sibling
from model.evaluation.kit.names import is_free, look_alike

_KIT = build_kit()


def test_the_same_seed_invents_the_same_kit() -> None:
    assert build_kit(7, 5, 2) == build_kit(7, 5, 2)


def test_another_seed_invents_another_kit() -> None:
    assert build_kit(1).brands[0].name != build_kit(2).brands[0].name


def test_a_kit_has_as_many_brands_and_products_as_asked_for() -> None:
    kit = build_kit(3, brands=5, products_per_brand=4)
    assert (len(kit.brands), len(kit.products)) == (5, 20)
    assert len({product.id for product in kit.products}) == 20


@pytest.mark.parametrize("seed", range(6))
def test_names_lie_more_than_two_edits_apart(seed: int) -> None:
    given_ = [brand.name.lower() for brand in build_kit(seed).brands]
    assert min(Levenshtein.distance(one, other) for one, other in combinations(given_, 2)) > 2


@pytest.mark.parametrize("seed", range(6))
def test_no_name_is_near_a_famous_one(seed: int) -> None:
    given_ = [brand.name.lower() for brand in build_kit(seed).brands]
    assert min(Levenshtein.distance(name, famous) for name in given_ for famous in FAMOUS) > 2


def test_a_name_that_holds_a_famous_one_is_refused() -> None:
    assert not is_free("Supersonyx", [])
    assert not is_free("Adidos", [])


def test_asking_for_more_names_than_there_are_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_ENDINGS", {"dor": "ドール"})
    monkeypatch.setattr(names, "_OPEN", {"ka": "カ", "so": "ソ"})
    with pytest.raises(ValueError, match="ask for fewer brands than 50"):
        names.invent_names(np.random.default_rng(0), 50)


@given(name=st.sampled_from([brand.name for brand in _KIT.brands]), seed=st.integers(0, 2**32))
def test_a_look_alike_is_one_or_two_edits_away_and_keeps_its_first_letter(name: str, seed: int) -> None:
    spelling = look_alike(name, np.random.default_rng(seed))
    assert 1 <= Levenshtein.distance(spelling.lower(), name.lower()) <= 2
    assert spelling[0] == name[0]


def test_every_barcode_is_a_valid_ean_13_of_the_in_store_range() -> None:
    numbers = [product.barcode for product in build_kit(0, 30, 4).products]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        weighted = sum(int(digit) * (1, 3)[at % 2] for at, digit in enumerate(number))
        assert (len(number), number[0], weighted % 10) == (13, "2", 0)


def test_the_check_digit_is_that_of_the_gs1_example() -> None:
    assert check_digit("629104150021") == "3"


@settings(max_examples=50)
@given(st.integers(0, 10**12 - 1))
def test_a_symbol_has_its_guard_bars(body: int) -> None:
    digits = f"{body:012d}"
    symbol = "".join("1" if ink else "0" for ink in bars(digits + check_digit(digits)))
    assert len(symbol) == 95
    assert (symbol[:3], symbol[45:50], symbol[-3:]) == ("101", "01010", "101")


def test_prices_are_ordered() -> None:
    assert all(0 < p.price_low < p.price_median < p.price_high for p in _KIT.products)


def test_every_typeface_has_another_as_its_sibling() -> None:
    assert all(sibling(face) is not face and sibling(sibling(face)) is face for face in Typeface)


@pytest.mark.parametrize("face", [*Typeface, *TextFace])
def test_every_face_is_installed(face: Typeface | TextFace) -> None:
    assert font(face, 20).getlength("Hinalin") > 0


def test_the_japanese_face_draws_kana_and_not_boxes() -> None:
    kana = font(TextFace.JAPANESE, 40)
    assert bytes(kana.getmask("カ")) != bytes(kana.getmask("\uffff"))
