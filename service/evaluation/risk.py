"""Is the promised risk kept? Thresholds from labels of one half, looked at on the other; and on larger markets.

A half of a day has few findings, so a promise of 1 % can seldom be given there. Markets of any size are drawn from the
same day with replacement: then the day itself is the whole truth, and a broken promise is known without error.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.evaluation.figures import Figures
from model.scoring.bounds import clopper_pearson
from model.scoring.calibration import splits
from model.scoring.risk import Promise, Threshold, control, sequence

RISKS = {"": 0.01, "_5pct": 0.05, "_10pct": 0.10}
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Try:
    """One split, or one draw."""

    given: bool
    """Whether the labels proved a threshold."""
    broken: bool
    """Whether more of what it selects is wrong than was promised."""
    selected: float
    """Share of all findings that it selects; 0 without one."""


def risk_figures(scores: Floats, right: Bools, *, rounds: int, drawn: int, seed: int) -> Figures:
    """Args: scores, right: shape (N,). drawn: labelled items of each drawn market."""
    figures: Figures = {
        "listings": len(right),
        "findings": int(right.sum()),
        "splits": rounds,
        "drawn": drawn,
    }
    for name, risk in RISKS.items():
        promise = Promise(risk)
        halves = [_half(scores, right, half, promise) for half in splits(len(right), rounds, seed)]
        figures |= _summed(halves, name)
        rng = np.random.default_rng([seed, round(risk * 1000)])
        markets = [_market(scores, right, drawn, promise, rng) for _ in range(rounds)]
        figures |= _summed(markets, f"{name}_drawn")
    return figures


def _half(scores: Floats, right: Bools, half: Bools, promise: Promise) -> Try:
    found = control(scores[half], right[half], sequence(scores[half], promise), promise)
    return _tried(found, scores[~half], right[~half], promise)


def _market(scores: Floats, right: Bools, count: int, promise: Promise, rng: np.random.Generator) -> Try:
    taken = rng.integers(len(right), size=count)
    found = control(scores[taken], right[taken], sequence(scores[taken], promise), promise)
    return _tried(found, scores, right, promise)


def _tried(found: object, scores: Floats, right: Bools, promise: Promise) -> Try:
    if not isinstance(found, Threshold):
        return Try(given=False, broken=False, selected=0.0)
    above = scores >= found.score
    wrong = float((~right[above]).mean()) if above.any() else 0.0
    return Try(True, wrong > promise.risk, float(right[above].sum() / max(1, right.sum())))


def _summed(tries: Iterable[Try], name: str) -> Figures:
    each = list(tries)
    given, broken = sum(one.given for one in each), sum(one.broken for one in each)
    low, high = clopper_pearson(broken, len(each))
    return {
        f"risk_broken{name}": broken / len(each),
        f"risk_broken{name}_low": low,
        f"risk_broken{name}_high": high,
        f"risk_given{name}": given / len(each),
        f"risk_selected{name}": float(np.mean([one.selected for one in each if one.given] or [0.0])),
    }
