"""What marks seen in pictures say: the brand always, a disagreement where they are altered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.marks.models import MarkKind
from service.marks.service import MarkFinding
from service.screening.rules.marks import mark_signals
from service.screening.signals import SignalCode, Strength

SEEN = MarkFinding("brd_a", "mrk_a", MarkKind.FIGURE, 1, (0.1, 0.2, 0.3, 0.4), False, 0.99, (), 1.0, "tiles")
ALTERED = replace(SEEN, altered=True, differences=((0.1, 0.2, 0.2, 0.3),), stretch=1.3)


def test_a_mark_shows_its_brand_by_the_second_view():
    [signal] = mark_signals([SEEN])
    assert (signal.code, signal.strength, signal.brand_id, signal.picture) == (
        SignalCode.S1,
        Strength.STRONG,
        "brd_a",
        1,
    )
    assert signal.evidence["kind"] == "mark"
    assert signal.evidence["box"] == [0.1, 0.2, 0.3, 0.4]


def test_an_unsure_mark_shows_it_weakly():
    assert mark_signals([replace(SEEN, score=0.7)])[0].strength is Strength.WEAK


def test_an_altered_mark_shows_its_brand_weakly_and_disagrees():
    identity, disagreement = mark_signals([ALTERED])
    assert (identity.code, identity.strength) == (SignalCode.S1, Strength.WEAK)
    assert (disagreement.code, disagreement.strength) == (SignalCode.S7, Strength.WEAK)
    assert disagreement.evidence["kind"] == "altered mark"
    assert disagreement.evidence["differences"] == [[0.1, 0.2, 0.2, 0.3]]


def test_an_unaltered_mark_of_the_brand_outweighs_an_altered_one():
    assert [signal.code for signal in mark_signals([ALTERED, replace(SEEN, score=0.6)])] == [SignalCode.S1]


@pytest.mark.parametrize("turned", [False, True])
def test_the_order_of_findings_does_not_matter(turned):
    seen = [replace(ALTERED, brand_id="brd_b"), SEEN, replace(SEEN, picture=0)]
    signals = mark_signals(reversed(seen) if turned else seen)
    assert [(each.brand_id, each.code, each.picture) for each in signals] == [
        ("brd_a", SignalCode.S1, 0),
        ("brd_b", SignalCode.S1, 1),
        ("brd_b", SignalCode.S7, 1),
    ]


def test_no_marks_say_nothing():
    assert mark_signals([]) == []
