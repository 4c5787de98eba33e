"""What the renderings of a picture show, in; S10 out."""

from __future__ import annotations

import pytest

from model.renderings import Rendering
from service.screening.policy import load_policy
from service.screening.rules.stability import Answer, Rendered, stability_signals
from service.screening.signals import SignalCode, Strength

THRESHOLDS = load_policy().thresholds.identity


@pytest.mark.parametrize(
    ("sent", "answer", "flips"),
    [
        (0.95, Answer("brd_a", 0.90), False),
        (0.95, Answer("brd_b", 0.95), True),
        (0.62, Answer("brd_a", 0.55), False),
        (0.75, Answer("brd_a", 0.55), True),
        (0.95, Answer("brd_a", 0.70), False),
        (0.95, Answer(None, 0.0), True),
    ],
)
def test_what_is_a_flip(sent: float, answer: Answer, flips: bool) -> None:
    same = Answer("brd_a", sent)
    picture = Rendered(
        1, same, {Rendering.MIRRORED: same, Rendering.CROPPED: answer, Rendering.ENCODED: same}
    )
    signals = stability_signals([picture], THRESHOLDS)
    assert [(each.code, each.strength, each.brand_id, each.picture) for each in signals] == (
        [(SignalCode.S10, Strength.WEAK, "brd_a", 1)] if flips else []
    )
    assert all(each.evidence["flipped"] == ["cropped"] for each in signals)
