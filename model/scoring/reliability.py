"""How far probabilities are from frequencies: expected calibration error, its bias taken off, with an interval.

Bins of equal mass (Nixon et al. 2019); debiased as by Kumar, Liang, Ma (2019) and Bröcker (2012): within a bin the gap
squared overstates itself by the variance of the bin's mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Reliability:
    """All of it in [0, 1]."""

    ece: float
    """Mean gap between confidence and frequency, weighted by mass; overstated by chance in small samples."""
    debiased: float
    """The root of the mean squared gap less its variance: 0 where nothing is left that chance does not explain."""
    low: float
    high: float
    """95 % interval of `ece` by bootstrap (basic: reflected, since resampling adds bias of its own)."""


@dataclass(frozen=True)
class Bin:
    confidence: float
    frequency: float
    count: int


def reliability(
    probabilities: Floats, right: Bools, *, bins: int = BINS, seed: int = 0, rounds: int = 1000
) -> Reliability:
    """Args: probabilities, right: shape (N,), N at least 1."""
    value = _ece(binned(probabilities, right, bins))
    rng = np.random.default_rng(seed)
    drawn = []
    for _ in range(rounds):
        taken = rng.integers(len(right), size=len(right))
        drawn.append(_ece(binned(probabilities[taken], right[taken], bins)))
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Reliability(
        value,
        _debiased(binned(probabilities, right, bins)),
        max(0.0, 2 * value - float(high)),
        max(0.0, 2 * value - float(low)),
    )


def binned(probabilities: Floats, right: Bools, bins: int = BINS) -> list[Bin]:
    """Bins of equal mass, lowest first; fewer where there are fewer items than bins."""
    parts = np.array_split(np.argsort(probabilities, kind="stable"), bins)
    return [
        Bin(float(probabilities[part].mean()), float(right[part].mean()), len(part))
        for part in parts
        if len(part)
    ]


def _ece(found: list[Bin]) -> float:
    total = sum(each.count for each in found)
    return sum(each.count * abs(each.confidence - each.frequency) for each in found) / total


def _debiased(found: list[Bin]) -> float:
    total = sum(each.count for each in found)
    squared = sum(
        each.count
        * (
            (each.confidence - each.frequency) ** 2
            - each.frequency * (1 - each.frequency) / max(1, each.count - 1)
        )
        for each in found
    )
    return float(np.sqrt(max(0.0, squared / total)))
