"""What of an inspection tells how likely a finding is: a few numbers, kept beside the record for the work list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import log, log1p

from service.screening.findings import Findings
from service.screening.parcel_outcome import Advice, ParcelOutcome
from service.screening.record import Candidate
from service.screening.signals import Signal, SignalCode, Strength

Traits = dict[str, float]

_WEIGHED = (
    SignalCode.S1, SignalCode.S2, SignalCode.S3, SignalCode.S4, SignalCode.S5, SignalCode.S6, SignalCode.S7,
    SignalCode.S8, SignalCode.S9, SignalCode.S10, SignalCode.S11, SignalCode.S12, SignalCode.S13,
)  # fmt: skip
_CHEAPEST = 0.01
"""Ratio to the usual price under which it makes no difference how cheap something is."""

NAMES: tuple[str, ...] = (
    *(f"{code.value}_{name}" for code in _WEIGHED for name in ("weak", "strong")),
    "likeness",
    "cheapness",
    "history",
    "copy",
    "released",
    "unjudged",
    "unnamed",
    "cheap_if_so",
)
"""Every trait there is; all are 0 where nothing was noticed."""


def traits_of(
    findings: Findings,
    candidates: Iterable[Candidate],
    outcome: ParcelOutcome,
    value_ratios: Mapping[str, float],
) -> Traits:
    """Of the brand that the advice is about, and of no brand; strengths as 0 or 1, the rest from 0 to about 5."""
    bearing = [each for each in findings.signals if each.brand_id in (None, outcome.brand_id)]
    strengths = _strengths(bearing)
    likest = _likest(candidates, outcome.brand_id)
    found = {
        **{f"{code.value}_weak": float(strengths.get(code) is Strength.WEAK) for code in _WEIGHED},
        **{f"{code.value}_strong": float(strengths.get(code) is Strength.STRONG) for code in _WEIGHED},
        "likeness": likest.likeness[1] if likest else 0.0,
        "cheap_if_so": _cheap_if_so(likest, value_ratios),
        "cheapness": _cheapness(bearing),
        "history": log1p(sum(_confirmed(each) for each in findings.signals)),
        "copy": _most(bearing, SignalCode.S3, "probability"),
        "released": float(outcome.advice is Advice.RELEASE_SUGGESTED),
        "unjudged": float(outcome.advice is Advice.RETAKE),
        "unnamed": float(bool(strengths.get(SignalCode.S1)) and outcome.brand_id not in findings.text_names),
    }
    return {name: round(found[name], 4) for name in NAMES}


def _likest(candidates: Iterable[Candidate], brand_id: str | None) -> Candidate | None:
    """Of the brand that the advice is about; of any, where it is about none."""
    likely = [each for each in candidates if brand_id in (None, each.brand_id)]
    return max(likely, key=lambda each: (each.likeness[1], each.reference_id), default=None)


def _cheap_if_so(likest: Candidate | None, value_ratios: Mapping[str, float]) -> float:
    """How cheap it would be if it were the likeliest product, as far as it is likely to be that."""
    if likest is None or likest.product_id not in value_ratios:
        return 0.0
    return likest.likeness[1] * max(0.0, -log(max(_CHEAPEST, value_ratios[likest.product_id])))


def _strengths(signals: Iterable[Signal]) -> Mapping[SignalCode, Strength]:
    found: dict[SignalCode, Strength] = {}
    for signal in signals:
        found[signal.code] = max(signal.strength, found.get(signal.code, Strength.NONE))
    return found


def _cheapness(signals: Iterable[Signal]) -> float:
    """How far the declared value is under the usual price: 0 at the price or above, about 4.6 at a hundredth."""
    ratios = [
        each.evidence["ratio"]
        for each in signals
        if each.code is SignalCode.S6 and isinstance(each.evidence.get("ratio"), int | float)
    ]
    numbers = [float(each) for each in ratios if isinstance(each, int | float)]
    return max(0.0, -log(max(_CHEAPEST, min(numbers)))) if numbers else 0.0


def _confirmed(signal: Signal) -> float:
    """Cases of the sender, of whatever brand: they order a queue, and alone move no rule."""
    return _most([signal], SignalCode.S9, "confirmed")


def _most(signals: Iterable[Signal], code: SignalCode, name: str) -> float:
    values = [each.evidence.get(name) for each in signals if each.code is code and each.strength]
    return max((float(each) for each in values if isinstance(each, int | float)), default=0.0)
