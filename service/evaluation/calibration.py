"""Are probabilities of findings what they say? On halves of a day of the kit that were not fitted on.

Prevalences of the market are made by leaving out findings, or others, by lot: label shift and nothing else. A house
knows its own prevalence from verdicts on what it samples; the probabilities are carried to it (`with_prior`). What
they would be without, and with a prior that is estimated from the scores alone, is reported beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from model.evaluation.figures import Figures
from model.scoring.calibration import Calibration, Method, estimated_prior, fit, splits, with_prior
from model.scoring.findings import FindingModel
from model.scoring.reliability import Reliability, reliability

PREVALENCES: Mapping[str, float] = {"1pct": 0.01, "10pct": 0.10, "50pct": 0.50}
_BOOTSTRAP = 200
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass
class Found:
    """Over halves, of one way to come to probabilities."""

    each: list[Reliability] = field(default_factory=list)

    def figures(self, name: str) -> Figures:
        """The mean over halves; its interval is that of the mean half: bootstrap ends, averaged."""
        return {
            name: float(np.mean([one.ece for one in self.each])),
            f"{name}_low": float(np.mean([one.low for one in self.each])),
            f"{name}_high": float(np.mean([one.high for one in self.each])),
            f"{name}_debiased": float(np.mean([one.debiased for one in self.each])),
        }


def calibration_figures(
    scores: Floats, right: Bools, model: FindingModel, *, halves: int, seed: int
) -> Figures:
    """Fit on one half, look at the other, so many times; `ece` is the worst prevalence's.

    Args:
        scores, right: shape (N,), of a day that nothing was fitted on.
    """
    ways = ("", "_uncorrected", "_estimated", "_pooled")
    found = {f"ece_{name}{way}": Found() for name in PREVALENCES for way in ways}
    platt = 0
    rng = np.random.default_rng(seed)
    for half in splits(len(right), halves, seed):
        own = fit(scores[half], right[half], seed)
        platt += own.method is Method.PLATT
        for name, prevalence in PREVALENCES.items():
            kept = np.flatnonzero(~half)[at_prevalence(right[~half], prevalence, rng)]
            for way, probabilities in _ways(own, model.calibration, scores[kept], prevalence):
                found[f"ece_{name}{way}"].each.append(
                    reliability(probabilities, right[kept], seed=seed, rounds=_BOOTSTRAP)
                )
    figures: Figures = {"listings": len(right), "findings": int(right.sum()), "halves": halves}
    for name, each in found.items():
        figures |= each.figures(name)
    worst = max(float(figures[f"ece_{name}"]) for name in PREVALENCES)
    return {"ece": worst, **figures, "platt_chosen": platt / halves}


def at_prevalence(right: Bools, prevalence: float, rng: np.random.Generator) -> NDArray[np.int64]:
    """Places of as many as possible, drawn so that findings have this share of them."""
    findings, others = np.flatnonzero(right), np.flatnonzero(~right)
    most = min(len(findings) / prevalence, len(others) / (1 - prevalence))
    wanted = max(1, round(most * prevalence)), max(1, round(most * (1 - prevalence)))
    drawn = [rng.permutation(held)[:count] for held, count in zip((findings, others), wanted, strict=True)]
    return np.sort(np.concatenate(drawn))


def _ways(
    own: Calibration, pooled: Calibration, scores: Floats, prevalence: float
) -> Iterator[tuple[str, Floats]]:
    probabilities = own.probabilities(scores)
    yield "", with_prior(probabilities, own.prior, prevalence)
    yield "_uncorrected", probabilities
    estimated = estimated_prior(probabilities, own.prior)
    yield "_estimated", with_prior(probabilities, own.prior, estimated)
    yield "_pooled", with_prior(pooled.probabilities(scores), pooled.prior, prevalence)
