"""Have scores come to lie elsewhere than where the calibration saw them?

Numbers by the Kolmogorov–Smirnov test of two samples; kinds and shares by the population stability index, whose
threshold comes from its own distribution under no change, drawn by simulation. Of all streams together a false alarm
has at most the chance `level` (Holm 1979). Large windows find changes too small to matter, so an alarm also asks for a
change of a size that is customary to act upon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.stats import ks_2samp

LEVEL = 0.001
"""Looked at daily: one false alarm in about three years."""
FEWEST = 200
"""In each window; fewer cannot tell."""
PSI_MATTERS = 0.10
KS_MATTERS = 0.10
"""An index of 0.10 is where credit scoring begins to look; 0.10 is as large a shift of a tenth of all items."""
BINS = 10
_DRAWS = 20_000
_HALF = 0.5
Floats = NDArray[np.float64]


class Standing(StrEnum):
    STEADY = "steady"
    NOTICED = "noticed"
    """More than chance explains, yet too small to act upon."""
    ALARM = "alarm"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True)
class Moved:
    """One stream, then and now."""

    stream: str
    standing: Standing
    psi: float
    ks: float | None
    """Largest distance of the two distribution functions; None for kinds."""
    p_value: float
    """Of no change, before the others are reckoned with."""
    psi_threshold: float
    """Which chance alone passes with a probability of `LEVEL`."""
    before: int
    after: int


def numbers_moved(stream: str, before: Floats, after: Floats, seed: int = 0) -> Moved:
    """Args: before, after: shapes (N,) and (M,), in any unit."""
    if min(len(before), len(after)) < FEWEST:
        return _cannot_tell(stream, len(before), len(after))
    edges = np.unique(np.quantile(before, np.linspace(0, 1, BINS + 1)[1:-1]))
    then, since = (
        np.bincount(np.searchsorted(edges, each), minlength=len(edges) + 1) for each in (before, after)
    )
    test = ks_2samp(before, after)
    return Moved(
        stream, Standing.STEADY, stability_index(then, since), float(test.statistic), float(test.pvalue),
        null_threshold(then + since, len(before), len(after), seed=seed), len(before), len(after),
    )  # fmt: skip


def kinds_moved(stream: str, before: Sequence[str], after: Sequence[str], seed: int = 0) -> Moved:
    if min(len(before), len(after)) < FEWEST:
        return _cannot_tell(stream, len(before), len(after))
    kinds = sorted({*before, *after})
    then, since = (np.array([list(each).count(kind) for kind in kinds]) for each in (before, after))
    index = stability_index(then, since)
    drawn = null_indexes(then + since, len(before), len(after), seed=seed)
    p_value = float((1 + (drawn >= index).sum()) / (1 + len(drawn)))
    return Moved(
        stream, Standing.STEADY, index, None, p_value, float(np.quantile(drawn, 1 - LEVEL)), len(before), len(after)
    )  # fmt: skip


def judged(found: Sequence[Moved], level: float = LEVEL) -> list[Moved]:
    """Each with its standing, all of them reckoned with together."""
    told = [each for each in found if each.standing is not Standing.CANNOT_TELL]
    unlikely = holm([each.p_value for each in told], level)
    standing = {each.stream: _standing(each, odd) for each, odd in zip(told, unlikely, strict=True)}
    return [_with(each, standing.get(each.stream, Standing.CANNOT_TELL)) for each in found]


def holm(p_values: Sequence[float], level: float) -> list[bool]:
    """Which hypotheses are rejected, so that any is wrongly with a probability of `level` at most."""
    rejected = [False] * len(p_values)
    for rank, at in enumerate(np.argsort(p_values, kind="stable")):
        if p_values[at] > level / (len(p_values) - rank):
            break
        rejected[int(at)] = True
    return rejected


def stability_index(before: NDArray[np.int64], after: NDArray[np.int64]) -> float:
    """PSI of counts, shape (bins,); half an item is added to each bin, so that none is empty."""
    return float(_indexes(before[None, :], after[None, :])[0])


def null_indexes(
    pooled: NDArray[np.int64], before: int, after: int, *, seed: int = 0, draws: int = _DRAWS
) -> Floats:
    """Indexes, shape (draws,), of windows of these sizes drawn from the same shares."""
    rng = np.random.default_rng(seed)
    shares = pooled / pooled.sum()
    return _indexes(rng.multinomial(before, shares, size=draws), rng.multinomial(after, shares, size=draws))


def null_threshold(
    pooled: NDArray[np.int64], before: int, after: int, *, seed: int = 0, level: float = LEVEL
) -> float:
    """The index that chance alone passes with a probability of `level`."""
    return float(np.quantile(null_indexes(pooled, before, after, seed=seed), 1 - level))


def summary(found: Sequence[Moved]) -> Mapping[str, Standing]:
    return {each.stream: each.standing for each in found}


def worst(found: Sequence[Moved]) -> Standing:
    """An alarm before what was noticed, that before steadiness; `cannot_tell` where nothing could be told."""
    order = [Standing.ALARM, Standing.NOTICED, Standing.STEADY]
    held = {each.standing for each in found}
    return next((each for each in order if each in held), Standing.CANNOT_TELL)


def _indexes(before: NDArray[np.int64], after: NDArray[np.int64]) -> Floats:
    then = (before + _HALF) / (before + _HALF).sum(axis=1, keepdims=True)
    since = (after + _HALF) / (after + _HALF).sum(axis=1, keepdims=True)
    return np.asarray(((since - then) * np.log(since / then)).sum(axis=1), np.float64)


def _standing(moved: Moved, unlikely: bool) -> Standing:
    if not unlikely:
        return Standing.STEADY
    large = moved.psi >= PSI_MATTERS or (moved.ks or 0.0) >= KS_MATTERS
    return Standing.ALARM if large else Standing.NOTICED


def _with(moved: Moved, standing: Standing) -> Moved:
    return Moved(
        moved.stream, standing, moved.psi, moved.ks, moved.p_value, moved.psi_threshold, moved.before, moved.after
    )  # fmt: skip


def _cannot_tell(stream: str, before: int, after: int) -> Moved:
    return Moved(stream, Standing.CANNOT_TELL, 0.0, None, 1.0, 0.0, before, after)
