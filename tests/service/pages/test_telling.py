"""Decisions, reasons and signals have words, and the words say what the evidence says."""

from __future__ import annotations

import pytest
from pydantic import JsonValue

from service.pages import telling
from service.pages.language import LANGUAGES, translations
from service.pages.rendering import environment
from service.pages.sentences import Names, sentence
from service.screening.outcome import Action, Decision, Priority, ReasonCode
from service.screening.parcel_outcome import Advice, ParcelCode
from service.screening.signals import Family, Signal, SignalCode, Strength
from service.verdicts.models import AppealState, VerdictOutcome

NAMES = Names({"brd": "Ohashi 100%"}, {"prd": "Wave"})
_SAMPLES = [
    Signal(code, strength, "brd", 0, {"product_id": "prd"})
    for code in SignalCode
    for strength in Strength
    if (code, strength) != (SignalCode.S8, Strength.STRONG)
]


def english(words: str) -> str:
    return words


@pytest.mark.parametrize("codes", [Decision, Advice, VerdictOutcome, AppealState])
def test_every_code_has_a_badge(codes: type[Decision]) -> None:
    assert all(telling.badge_of(code).words for code in codes)


def test_every_reason_and_family_has_words() -> None:
    assert set(telling.REASONS) == {*ReasonCode, *ParcelCode}
    assert set(telling.FAMILIES) == set(Family)
    assert set(telling.PRIORITIES) == set(Priority)
    assert set(telling.ACTIONS) == set(Action)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("signal", _SAMPLES, ids=lambda each: f"{each.code}-{each.strength.name}")
def test_every_signal_is_a_sentence_in_every_language(signal: Signal, language: str) -> None:
    said = sentence(signal, NAMES, translations(language).gettext)
    assert said[-1] in ".。"
    assert "%(" not in said


def test_a_verified_crop_of_a_confirmed_case_says_so_and_counts_pictures_from_one() -> None:
    signal = Signal(SignalCode.S3, Strength.STRONG, "brd", 1, {"kind": "crop_of", "counterfeit_id": "ctf"})
    assert sentence(signal, NAMES, english) == (
        "Picture 2 is cut out of the photo of a confirmed counterfeit (Ohashi 100%)."
    )


def test_a_copy_that_is_not_verified_is_only_perhaps_one() -> None:
    signal = Signal(SignalCode.S2, Strength.WEAK, "brd", 0, {"kind": "crop_of"})
    assert "may be an edited copy" in sentence(signal, NAMES, english)


def test_a_price_is_told_as_a_share_of_the_usual_one() -> None:
    evidence: dict[str, JsonValue] = {"product_id": "prd", "ratio": 0.152, "sold_as_new": True}
    signal = Signal(SignalCode.S6, Strength.STRONG, "brd", evidence=evidence)
    assert sentence(signal, NAMES, english) == (
        "The price is 15% of what Ohashi 100% Wave usually costs, and it is sold as new."
    )


def test_words_are_quoted_with_what_is_telling_about_them() -> None:
    words: JsonValue = [{"kind": "lookalike", "written": "0hashi", "name": "Ohashi", "corners": []}]
    signal = Signal(SignalCode.S7, Strength.STRONG, "brd", evidence={"kind": "lookalike", "words": words})
    (told,) = telling.tell([signal], NAMES, english)
    assert told.sentence == "Title or description: “0hashi” passes for the name Ohashi and is not it."
    assert told.facts == (("Read", "“0hashi” passes for the name Ohashi and is not it"),)


def test_figures_are_told_only_to_those_who_may_know_them() -> None:
    signal = Signal(SignalCode.S1, Strength.STRONG, "brd", 0, {"score": 0.93217, "thresholds": "t-1"})
    (plain,) = telling.tell([signal], NAMES, english)
    (exact,) = telling.tell([signal], NAMES, english, exact=True)
    assert plain.facts == ()
    assert exact.facts == (("Likeness", "0.932"), ("Thresholds", "t-1"))


def test_what_moved_most_comes_first() -> None:
    weak, strong = (Signal(SignalCode.S1, each, "brd", 0) for each in (Strength.WEAK, Strength.STRONG))
    assert [each.signal for each in telling.tell([weak, strong], NAMES, english)] == [strong, weak]


@pytest.mark.parametrize("language", LANGUAGES)
def test_signals_are_shown_without_trusting_what_they_quote(language: str) -> None:
    words: JsonValue = [{"kind": "replica", "written": "<b>AAA</b>", "name": None, "corners": []}]
    signal = Signal(SignalCode.S7, Strength.WEAK, "brd", 0, {"kind": "replica", "words": words})
    told = telling.tell([signal], NAMES, translations(language).gettext)
    module = environment(language, "UTC").get_template("telling.html").module
    shown = str(module.signals(told))  # type: ignore[attr-defined]
    assert "&lt;b&gt;AAA" in shown
    assert "<b>" not in shown
