"""Words in, S7 out: what is strong with the brand seen, weak without, and what says nothing alone."""

from __future__ import annotations

import pytest

from service.screening.rules.text import ReadName, Said, WordKind, Words, name_signals, text_signals
from service.screening.signals import SignalCode, Strength

NONE, WEAK, STRONG = Strength
CORNERS = ((0.1, 0.2), (0.5, 0.2), (0.5, 0.3), (0.1, 0.3))
NAMING = Said(True, {"brd_a": "Adidas"})
SILENT = Said(True, {})
LOOKALIKE, REPLICA = Words(WordKind.LOOKALIKE, "adibas", "brd_a", "adidas"), Words(WordKind.REPLICA, "N級品")
HINT, FUZZY = Words(WordKind.REPLICA_HINT, "海外製"), Words(WordKind.FUZZY, "adobos", "brd_a", "adidas")


@pytest.mark.parametrize(
    ("words", "seen", "strength"),
    [
        (LOOKALIKE, {}, [WEAK]),
        (LOOKALIKE, {"brd_a": WEAK}, [STRONG]),
        (LOOKALIKE, {"brd_b": WEAK}, [WEAK]),
        (REPLICA, {}, [WEAK]),
        (REPLICA, {"brd_a": WEAK}, [STRONG]),
        (HINT, {}, []),
        (HINT, {"brd_a": WEAK}, [WEAK]),
        (FUZZY, {}, []),
        (FUZZY, {"brd_a": STRONG}, [WEAK]),
    ],
)
def test_what_words_weigh(words: Words, seen: dict[str, Strength], strength: list[Strength]) -> None:
    signals = text_signals([words], NAMING, seen)
    assert [(each.code, each.strength) for each in signals] == [(SignalCode.S7, each) for each in strength]


def test_an_imitation_printed_in_a_picture_is_strong_by_itself() -> None:
    printed = Words(WordKind.LOOKALIKE, "adibas", "brd_a", "adidas", 2, CORNERS)
    (signal,) = text_signals([printed], SILENT, {})
    assert (signal.strength, signal.picture, signal.evidence["box"]) == (STRONG, 2, [0.1, 0.2, 0.5, 0.3])


def test_words_for_copies_speak_of_the_brands_that_are_seen_else_of_those_named_else_of_none() -> None:
    def of(said: Said, seen: dict[str, Strength]) -> list[str | None]:
        return [each.brand_id for each in text_signals([REPLICA], said, seen)]

    assert of(NAMING, {"brd_b": WEAK}) == ["brd_b"]
    assert of(NAMING, {}) == ["brd_a"]
    assert of(SILENT, {}) == [None]


@pytest.mark.parametrize(
    ("said", "kinds"),
    [
        (NAMING, []),
        (SILENT, ["unnamed"]),
        (Said(True, {"brd_b": "Bravo"}), ["other_brand"]),
        (Said(False, {}), []),
    ],
)
def test_a_brand_that_is_surely_seen_should_be_named(said: Said, kinds: list[str]) -> None:
    signals = text_signals([], said, {"brd_a": STRONG})
    assert [each.evidence["kind"] for each in signals] == kinds
    assert all(each.strength is WEAK for each in signals)
    assert text_signals([], said, {"brd_a": WEAK}) == []


def test_text_and_each_picture_have_a_signal_of_their_own_led_by_the_most_telling_words() -> None:
    printed = Words(WordKind.LOOKALIKE, "adibas", "brd_a", "adidas", 0, CORNERS)
    signals = text_signals([HINT, LOOKALIKE, printed], NAMING, {"brd_a": WEAK})
    assert [(each.picture, each.evidence["kind"]) for each in signals] == [
        (None, "lookalike"),
        (0, "lookalike"),
    ]
    words = signals[0].evidence["words"]
    assert isinstance(words, list)
    assert [each["written"] for each in words if isinstance(each, dict)] == ["adibas", "海外製"]


def test_a_name_that_is_printed_shows_its_brand_weakly_and_once() -> None:
    read = [ReadName("brd_a", "ADIDAS", picture, CORNERS) for picture in (1, 3)]
    (signal,) = name_signals(read)
    assert (signal.code, signal.strength, signal.brand_id, signal.picture) == (
        SignalCode.S1,
        WEAK,
        "brd_a",
        1,
    )
