"""What chance alone does to the measures of drift, and what they find when something moved: by simulation."""

from __future__ import annotations

import numpy as np

from model.evaluation.figures import Figures
from model.scoring.bounds import clopper_pearson_upper
from model.scoring.drift import (
    BINS,
    FEWEST,
    Moved,
    Standing,
    judged,
    kinds_moved,
    null_threshold,
    numbers_moved,
    worst,
)

_WINDOWS = ((FEWEST, FEWEST), (1000, 500), (5000, 1000), (20_000, 5000))
_SHIFTS = (0.1, 0.25, 0.5)
"""Of the mean of a score, in its standard deviations."""
_BEFORE, _AFTER = 2000, 1000
_KINDS = ("allow", "review", "block")
_SHARES = (0.9, 0.09, 0.01)


def measured_null(*, days: int, seed: int) -> Figures:
    """Thresholds of the index by size of windows; how often a day without change is an alarm; how often shifts are."""
    figures: Figures = {}
    for before, after in _WINDOWS:
        equal = np.full(BINS, (before + after) // BINS)
        figures[f"psi_threshold_{before}_{after}"] = null_threshold(equal, before, after, seed=seed)
    rng = np.random.default_rng(seed)
    false = sum(_alarm(rng, 0.0) for _ in range(days))
    figures |= {
        "days": days,
        "false_alarms": false,
        "false_alarm_upper_95": clopper_pearson_upper(false, days),
    }
    for shift in _SHIFTS:
        found = sum(_alarm(rng, shift) for _ in range(days // 10))
        figures[f"found_shift_{shift}"] = found / (days // 10)
    return figures


def _alarm(rng: np.random.Generator, shift: float) -> bool:
    return worst(judged(_day(rng, shift))) in (Standing.ALARM, Standing.NOTICED)


def _day(rng: np.random.Generator, shift: float) -> list[Moved]:
    """Four streams as a house has; the shift is in the first alone."""
    kinds = [list(rng.choice(_KINDS, size=count, p=_SHARES)) for count in (_BEFORE, _AFTER) * 2]
    return [
        numbers_moved("finding", rng.normal(size=_BEFORE), rng.normal(size=_AFTER) + shift),
        numbers_moved("identity", rng.normal(size=_BEFORE), rng.normal(size=_AFTER)),
        kinds_moved("coverage", kinds[0], kinds[1]),
        kinds_moved("decision", kinds[2], kinds[3]),
    ]
