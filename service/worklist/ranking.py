"""Which parcel first? Chance × value of a finding ÷ minutes of work; every factor is measured and told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from service.screening.parcel_outcome import Advice
from service.worklist.chances import ChanceModel, Traits

LEAST_MEASURED = 5
"""Parcels whose minutes must be known before their mean is used."""


class Worth(StrEnum):
    """What a finding counts for."""

    FINDINGS = "findings"
    """One, whatever is inside."""
    ARTICLES = "articles"
    """The pieces declared."""


@dataclass(frozen=True)
class Waiting:
    parcel_id: str
    inspection_id: str
    reference: str
    advice: Advice
    traits: Traits
    quantity: int
    sampled: bool


@dataclass(frozen=True)
class Minutes:
    """What a parcel takes, by advice; None where too few were timed."""

    by_advice: Mapping[Advice, float]
    overall: float | None

    def of(self, advice: Advice) -> tuple[float, bool]:
        """Minutes, and whether they are measured; 1 for every parcel alike while nothing is."""
        known = self.by_advice.get(advice, self.overall)
        return (known, True) if known is not None else (1.0, False)


@dataclass(frozen=True)
class Ranked:
    parcel: Waiting
    chance: float
    value: float
    minutes: float
    minutes_measured: bool
    reasons: tuple[str, ...]
    """Names of the traits that raise it most."""

    @property
    def per_hour(self) -> float:
        """Expected findings, or articles, for an hour of work."""
        return 60 * self.chance * self.value / self.minutes


def measured_minutes(spent: Iterable[tuple[Advice, float]]) -> Minutes:
    """From parcels that were decided, with the advice that they had had."""
    by_advice: dict[Advice, list[float]] = {}
    for advice, minutes in spent:
        by_advice.setdefault(advice, []).append(minutes)
    everything = [each for found in by_advice.values() for each in found]
    return Minutes(
        {advice: fmean(found) for advice, found in by_advice.items() if len(found) >= LEAST_MEASURED},
        fmean(everything) if len(everything) >= LEAST_MEASURED else None,
    )


def ranked(waiting: Sequence[Waiting], model: ChanceModel, minutes: Minutes, worth: Worth) -> list[Ranked]:
    """Best first; the longest waiting first among equals."""
    if not waiting:
        return []
    chances = model.chances([each.traits for each in waiting])
    found = [
        Ranked(
            each,
            float(chance),
            float(each.quantity) if worth is Worth.ARTICLES else 1.0,
            *minutes.of(each.advice),
            _reasons(model, each.traits),
        )
        for each, chance in zip(waiting, chances, strict=True)
    ]
    return sorted(found, key=lambda each: (-each.per_hour, each.parcel.parcel_id))


def _reasons(model: ChanceModel, traits: Traits) -> tuple[str, ...]:
    return tuple([name for name, added in model.contributions(traits).items() if added > 0][:4])
