"""S9: what was confirmed about this seller before, brand by brand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pydantic import JsonValue

from service.screening.signals import Signal, SignalCode, Strength
from service.screening.thresholds import SellerThresholds


@dataclass(frozen=True)
class SellerCase:
    """A case against the seller that was confirmed and, on appeal, perhaps reversed."""

    brand_id: str
    confirmed_on: date
    reversed_on: date | None = None


def history_signals(cases: Iterable[SellerCase], on: date, thresholds: SellerThresholds) -> list[Signal]:
    """One signal for each brand with cases that stand on that day; sorted by brand.

    A reversed case counts no more from the day of its reversal, whenever it was confirmed.
    """
    standing: dict[str, list[date]] = defaultdict(list)
    for case in cases:
        if case.confirmed_on <= on and (case.reversed_on is None or case.reversed_on > on):
            standing[case.brand_id].append(case.confirmed_on)
    signals = [_signal(brand, standing[brand], on, thresholds) for brand in sorted(standing)]
    return [signal for signal in signals if signal.strength]


def _signal(brand: str, confirmed: list[date], on: date, thresholds: SellerThresholds) -> Signal:
    since = on - timedelta(days=thresholds.days)
    recent = sum(day > since for day in confirmed)
    evidence: dict[str, JsonValue] = {
        "confirmed": len(confirmed),
        "recent": recent,
        "thresholds": thresholds.version,
    }
    if recent >= thresholds.strong:
        return Signal(SignalCode.S9, Strength.STRONG, brand, evidence=evidence)
    strength = Strength.WEAK if len(confirmed) >= thresholds.weak else Strength.NONE
    return Signal(SignalCode.S9, strength, brand, evidence=evidence)
