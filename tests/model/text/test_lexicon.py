from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.text import BrandWords, Lexicon, MatchKind, brands_named

SHELF = Lexicon(
    {
        "n": BrandWords("Nike", ("ナイキ", "나이키", "耐克")),
        "a": BrandWords("adidas", ("アディダス",), lines=("Superstar",)),
        "p": BrandWords("PUMA"),
        "v": BrandWords("Louis Vuitton", ("ルイ・ヴィトン",)),
        "o": BrandWords("Oatly"),
    },
    others=("Nikko",),
)


def found(text: str) -> list[tuple[str, MatchKind, str]]:
    return [(match.brand, match.kind, match.written) for match in SHELF.matches(text)]


@pytest.mark.parametrize("written", ["Nike", "NIKE", "ＮＩＫＥ", "ni\u200bke", "Níke"])
def test_the_name_in_another_case_width_or_accent_is_the_name(written: str) -> None:
    assert found(f"shoes {written}, new") == [("n", MatchKind.EXACT, written)]


@pytest.mark.parametrize(
    ("text", "brand", "written"),
    [
        ("新品ナイキの靴", "n", "ナイキ"),
        ("나이키를 팝니다", "n", "나이키"),
        ("耐克鞋", "n", "耐克"),
        ("N I K E air", "n", "N I K E"),
        ("n.i.k.e", "n", "n.i.k.e"),
        ("louis-vuitton bag", "v", "louis-vuitton"),
        ("LouisVuitton", "v", "LouisVuitton"),
        ("ルイヴィトン", "v", "ルイヴィトン"),
        ("two Oatlys", "o", "Oatlys"),
        ("a superstar shoe", "a", "superstar"),
    ],
)
def test_other_scripts_spaces_and_product_lines_are_spellings(text: str, brand: str, written: str) -> None:
    assert found(text) == [(brand, MatchKind.SPELLING, written)]


@pytest.mark.parametrize(
    ("written", "brand"),
    [
        ("N1KE", "n"),
        ("Nikke", "n"),
        ("adibas", "a"),
        ("addias", "a"),
        ("adiddas", "a"),
        ("adias", "a"),
        ("аdidаs", "a"),
        ("fuma", "p"),
        ("ΡUMA", "p"),
        ("Louis Vuiton", "v"),
        ("アデイダス", "a"),
        ("0atly", "o"),
    ],
)
def test_what_passes_for_a_name_is_a_look_alike(written: str, brand: str) -> None:
    assert found(f"{written} new") == [(brand, MatchKind.LOOKALIKE, written)]


@pytest.mark.parametrize(
    "text",
    ["like a bike", "Mike sells pure linen", "Nikko", "nik", "oats", "1234", "snike", "adidasss1x", "hike"],
)
def test_common_words_other_names_and_parts_of_words_are_nothing(text: str) -> None:
    assert found(text) == []


def test_a_letter_that_imitates_nothing_is_only_near() -> None:
    assert found("adixas") == [("a", MatchKind.FUZZY, "adixas")]


def test_a_look_alike_does_not_name_the_brand() -> None:
    assert brands_named(SHELF.matches("adibas and ナイキ")) == {"n"}


def test_a_name_that_two_brands_bear_names_both() -> None:
    shared = Lexicon({"x": BrandWords("Orion"), "y": BrandWords("ORION")})
    assert brands_named(shared.matches("an Orion watch")) == {"x", "y"}


def test_names_without_a_letter_or_digit_are_left_out() -> None:
    assert Lexicon({"x": BrandWords("!!!", ("",))}).matches("wow !!!") == []


@given(st.text(max_size=80))
def test_places_are_those_of_the_text_as_written(text: str) -> None:
    for match in SHELF.matches(text + " N1KE ナイキ " + text):
        assert (text + " N1KE ナイキ " + text)[match.start : match.end] == match.written


@given(st.text(max_size=40))
def test_a_name_between_spaces_is_found_in_any_text(text: str) -> None:
    assert "a" in brands_named(SHELF.matches(f"{text} adidas {text}"))


REGISTERED = Lexicon(
    {
        "brd_o": BrandWords("Ohashi", ["オオハシ", "大橋"]),
        "brd_s": BrandWords("Straße & Co", ["X"]),
        "brd_n": BrandWords("!!"),
    }
)


@pytest.mark.parametrize(
    ("text", "brands"),
    [
        ("OHASHI sneakers", {"brd_o"}),
        ("ＯＨＡＳＨＩ", {"brd_o"}),
        ("O\u200bhashi", {"brd_o"}),
        ("ohashi's best", {"brd_o"}),
        ("ohashis", {"brd_o"}),
        ("wohashi", set()),
        ("ohashi2", set()),
        ("新品Ohashiスニーカー", {"brd_o"}),
        ("ｵｵﾊｼの靴", {"brd_o"}),
        ("新品大橋製スニーカー", {"brd_o"}),
        ("STRASSE  &\nco, new", {"brd_s"}),
        ("model x", {"brd_s"}),
        ("wow!!", set()),
        ("", set()),
    ],
)
def test_a_listing_names_a_brand(text: str, brands: set[str]) -> None:
    assert brands_named(REGISTERED.matches(text)) == brands
