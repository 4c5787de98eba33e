"""Marks seen in pictures: S1 by its second view, and S7 where a mark is not quite the one that was registered.

A mark says which brand, as a likeness does, so it is evidence of the IDENTITY family. A mark that is altered is to
the picture what a look-alike spelling is to the text: it disagrees with what is registered (S7). It is not S4, which
is for identification points that were defined by the owner and fail on an aligned view of the product.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from pydantic import JsonValue

from service.screening.signals import Signal, SignalCode, Strength

STRONG = 0.95
"""Chance from which an unaltered mark shows its brand for certain."""
_DIGITS = 4

Box = tuple[float, float, float, float]


class SeenMark(Protocol):
    """A registered mark in a picture of a listing."""

    @property
    def brand_id(self) -> str: ...
    @property
    def mark_id(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def picture(self) -> int: ...
    @property
    def box(self) -> Box: ...
    @property
    def altered(self) -> bool: ...
    @property
    def score(self) -> float: ...
    @property
    def differences(self) -> tuple[Box, ...]: ...
    @property
    def stretch(self) -> float: ...
    @property
    def means(self) -> str: ...


def mark_signals(seen: Iterable[SeenMark]) -> list[Signal]:
    """S1 for every brand whose mark is seen, S7 besides where the surest sight of it is altered; sorted by brand.

    An altered mark beside an unaltered one of the same brand in the same picture moves nothing: the goods bear the
    registered mark, and the other is more likely badly seen.
    """
    best: dict[str, SeenMark] = {}
    for mark in sorted(seen, key=_order):
        best.setdefault(mark.brand_id, mark)
    signals = []
    for brand in sorted(best):
        signals.append(_identity(best[brand]))
        if best[brand].altered:
            signals.append(_disagreement(best[brand]))
    return signals


def _order(mark: SeenMark) -> tuple[bool, float, int, str]:
    return mark.altered, -mark.score, mark.picture, mark.mark_id


def _identity(mark: SeenMark) -> Signal:
    strong = not mark.altered and mark.score >= STRONG
    strength = Strength.STRONG if strong else Strength.WEAK
    return Signal(SignalCode.S1, strength, mark.brand_id, mark.picture, _evidence(mark))


def _disagreement(mark: SeenMark) -> Signal:
    """Weak alone: whether it was altered or badly seen is for a person to say."""
    return Signal(SignalCode.S7, Strength.WEAK, mark.brand_id, mark.picture, _evidence(mark))


def _evidence(mark: SeenMark) -> dict[str, JsonValue]:
    return {
        "kind": "altered mark" if mark.altered else "mark",
        "mark_id": mark.mark_id,
        "mark_kind": str(mark.kind),
        "score": round(mark.score, _DIGITS),
        "box": [round(edge, _DIGITS) for edge in mark.box],
        "differences": [[round(edge, _DIGITS) for edge in box] for box in mark.differences],
        "stretch": round(mark.stretch, _DIGITS),
        "means": mark.means,
    }
