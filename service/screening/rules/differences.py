"""S4 and S8: where goods differ from the genuine ones that they were laid over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from model.anomaly import Comparison
from model.anomaly.points import PointFinding
from model.anomaly.usual import Usual
from service.screening.signals import Signal, SignalCode, Strength

_STRONG_FROM = 2
"""Identification points that fail on an aligned view."""
_BOXES_KEPT = 12
_DIGITS = 4


@dataclass(frozen=True)
class JudgedHere:
    """An identification point on one picture."""

    point_id: str
    picture: int
    finding: PointFinding
    mass: float


@dataclass(frozen=True, eq=False)
class Laid:
    """A picture that lies over a reference of the product that it shows."""

    brand_id: str
    product_id: str
    reference_id: str
    picture: int
    found: Comparison


def point_signals(brand_id: str, judged: Iterable[JudgedHere]) -> list[Signal]:
    """One signal for all points of a brand; a point that agrees on any picture does not fail."""
    best = best_findings(judged)
    if not best:
        return []
    failed = [each for each in best.values() if each.finding is PointFinding.DIFFERS]
    strength = Strength(min(len(failed), _STRONG_FROM))
    told: list[JsonValue] = [_told(best[point]) for point in sorted(best)]
    picture = failed[0].picture if failed else None
    return [Signal(SignalCode.S4, strength, brand_id, picture, {"points": told})]


def best_findings(judged: Iterable[JudgedHere]) -> dict[str, JudgedHere]:
    """Of each point what counts: agrees before differs before not visible; then the clearest."""
    best: dict[str, JudgedHere] = {}
    for each in sorted(judged, key=lambda one: (_ORDER[one.finding], -one.mass, one.picture)):
        best.setdefault(each.point_id, each)
    return best


def anomaly_signals(laid: Iterable[Laid], usual: Usual) -> list[Signal]:
    """One signal for each picture; weak beyond what genuine goods reach, and never more.

    Goods on a studio ground are measured against fitted values; until those are there, nothing moves.
    """
    return [_anomaly(each, usual) for each in laid]


def not_compared(brand_id: str, picture: int, why: str) -> Signal:
    """Moves nothing, and says that nobody looked, and why."""
    return Signal(SignalCode.S8, Strength.NONE, brand_id, picture, {"not_compared": why})


_ORDER: Mapping[PointFinding, int] = {
    PointFinding.AGREES: 0,
    PointFinding.DIFFERS: 1,
    PointFinding.NOT_VISIBLE: 2,
}


def _told(judged: JudgedHere) -> JsonValue:
    return {
        "point_id": judged.point_id,
        "picture": judged.picture,
        "finding": judged.finding.value,
        "mass": judged.mass,
    }


def _anomaly(laid: Laid, usual: Usual) -> Signal:
    found = laid.found
    score = usual.score(found)
    boxes: list[JsonValue] = [
        {
            "on_reference": [round(edge, _DIGITS) for edge in (box.x0, box.y0, box.x1, box.y1)],
            "on_suspect": [[x, y] for x, y in each.on_suspect],
            "mass": box.mass,
        }
        for each in found.differences[:_BOXES_KEPT]
        for box in (each.box,)
    ]
    evidence: dict[str, JsonValue] = {
        "reference_id": laid.reference_id,
        "product_id": laid.product_id,
        "agreement": round(found.aligned.agreement, _DIGITS),
        "score": round(score, _DIGITS),
        "mass": found.score,
        "tint": None if found.tint is None else round(found.tint, 2),
        "usual": usual.version,
        "boxes": boxes,
    }
    measured = usual.fitted or found.tint is None
    strength = Strength.WEAK if score >= 1 and measured else Strength.NONE
    return Signal(SignalCode.S8, strength, laid.brand_id, laid.picture, evidence)
