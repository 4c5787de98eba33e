"""S1: which protected brands are seen. It says which brand, never whether the thing is genuine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.screening.signals import Signal, SignalCode, Strength
from service.screening.thresholds import IdentityThresholds

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in shares of the picture."""


@dataclass(frozen=True)
class ReferenceMatch:
    """A reference that one picture of the listing resembles."""

    brand_id: str
    product_id: str
    reference_id: str
    picture: int
    cosine: float
    score: float
    """Calibrated similarity in [0, 1]."""
    box: Box | None = None
    """The part of the picture that resembles it; None for the whole."""


def of_nearest_brands(matches: Iterable[ReferenceMatch]) -> list[ReferenceMatch]:
    """Of each picture's matches those of the brand whose reference is nearest to it, in the order given.

    A part of a picture that was found by itself is a picture in this.

    The calibrated similarity is the chance that the *nearest* reference is of the right brand. Read of the second
    brand it would say far too much: studio pictures of two brands resemble each other by their studio.
    """
    given = list(matches)
    nearest: dict[tuple[int, Box | None], ReferenceMatch] = {}
    for match in given:
        place = match.picture, match.box
        if place not in nearest or _order(match) < _order(nearest[place]):
            nearest[place] = match
    return [match for match in given if match.brand_id == nearest[match.picture, match.box].brand_id]


def identity_signals(matches: Iterable[ReferenceMatch], thresholds: IdentityThresholds) -> list[Signal]:
    """One signal a brand, from its best reference over all pictures; sorted by brand."""
    best: dict[str, ReferenceMatch] = {}
    for match in matches:
        if match.brand_id not in best or _order(match) < _order(best[match.brand_id]):
            best[match.brand_id] = match
    return [
        _signal(best[brand], thresholds) for brand in sorted(best) if best[brand].score >= thresholds.weak
    ]


def _order(match: ReferenceMatch) -> tuple[float, int, str]:
    return -match.score, match.picture, match.reference_id


def _signal(match: ReferenceMatch, thresholds: IdentityThresholds) -> Signal:
    return Signal(
        SignalCode.S1,
        Strength.STRONG if match.score >= thresholds.strong else Strength.WEAK,
        match.brand_id,
        match.picture,
        {
            "product_id": match.product_id,
            "reference_id": match.reference_id,
            "score": match.score,
            "cosine": match.cosine,
            "thresholds": thresholds.version,
            **({"box": list(match.box)} if match.box else {}),
        },
    )
