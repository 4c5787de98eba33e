"""S10: whether the same brand is seen when a picture is mirrored, cut a little or saved anew.

What is seen in one rendering alone is an accident of pixels, and an answer that a seller can change by trying. What
counts as a flip was chosen with `python -m model.evaluation.stability --seed 1003` (decision record 0197).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from model.renderings import Rendering
from service.screening.signals import Signal, SignalCode, Strength
from service.screening.thresholds import IdentityThresholds

FALL = 0.10
"""By which a rendering's calibrated similarity may lie under that of the picture as it was sent."""
_DIGITS = 4


@dataclass(frozen=True)
class Answer:
    """The brand of the reference that a rendering is nearest to, and the calibrated similarity."""

    brand_id: str | None
    score: float


@dataclass(frozen=True)
class Rendered:
    """One picture that shows a brand, and what its renderings show."""

    picture: int
    as_sent: Answer
    renderings: Mapping[Rendering, Answer]


def stability_signals(pictures: Iterable[Rendered], thresholds: IdentityThresholds) -> list[Signal]:
    """One signal for each picture whose answer flips in some rendering."""
    return [
        _signal(each, flipped)
        for each in pictures
        if (flipped := [name for name, answer in each.renderings.items() if _flips(each, answer, thresholds)])
    ]


def not_rendered(brand_id: str) -> Signal:
    """Moves nothing, and says that nobody looked."""
    return Signal(SignalCode.S10, Strength.NONE, brand_id, evidence={"not_compared": "no time"})


def _flips(picture: Rendered, answer: Answer, thresholds: IdentityThresholds) -> bool:
    """Another brand, or so much less sure that the brand would not have been seen."""
    sent = picture.as_sent
    if answer.brand_id != sent.brand_id:
        return True
    return answer.score < thresholds.weak and sent.score - answer.score > FALL


def _signal(picture: Rendered, flipped: list[Rendering]) -> Signal:
    scores: JsonValue = {name.value: round(each.score, _DIGITS) for name, each in picture.renderings.items()}
    evidence: dict[str, JsonValue] = {
        "flipped": [name.value for name in flipped],
        "as_sent": round(picture.as_sent.score, _DIGITS),
        "scores": scores,
        "other_brand": any(picture.renderings[name].brand_id != picture.as_sent.brand_id for name in flipped),
    }
    return Signal(SignalCode.S10, Strength.WEAK, picture.as_sent.brand_id, picture.picture, evidence)
