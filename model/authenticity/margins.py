"""By how much the model beats the stronger of its controls, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.evaluation.metrics import Interval

MODEL = "object"
Array = NDArray[np.float64]
_LEVELS = (2.5, 97.5)


@dataclass(frozen=True)
class Trial:
    """One training draw, and what each source said of the pictures whose groups it had not seen."""

    counterfeit: NDArray[np.bool_]
    groups: NDArray[np.int64]
    scores: Mapping[str, Array]
    """From `MODEL` and each control, higher for counterfeits; all of shape (N,)."""


@dataclass(frozen=True)
class Margin:
    """Mean AUROCs over the trials and their paired bootstrap samples, of shape (rounds,) each."""

    values: Mapping[str, float]
    samples: Mapping[str, Array]

    @property
    def margin(self) -> Interval:
        """The model's AUROC less the stronger control's; in each sample the control that is stronger there."""
        values = {source: np.array([value]) for source, value in self.values.items()}
        return _interval(float(_over_controls(values)[0]), _over_controls(self.samples))

    @property
    def used(self) -> bool:
        """Whether the model clearly beats its controls: the interval's lower end lies above zero."""
        return self.margin.low > 0

    def auroc(self, source: str) -> Interval:
        return _interval(self.values[source], self.samples[source])


def margin(trials: Sequence[Trial], *, seed: int, rounds: int = 1000) -> Margin:
    """Resample groups of each label, and trials, with replacement; the same sample for model and controls."""
    rng = np.random.default_rng(seed)
    wins = [{source: _wins(trial, trial.scores[source]) for source in trial.scores} for trial in trials]
    count = 1 + max(int(trial.groups.max()) for trial in trials)
    labels = [_groups_of(trials, label) for label in (False, True)]
    values = {source: float(np.mean([each[source].mean() for each in wins])) for source in wins[0]}
    drawn = [_sample(trials, wins, labels, count, rng) for _ in range(rounds)]
    samples = {source: np.array([each[source] for each in drawn if each]) for source in values}
    return Margin(values, samples)


def mean_margin(margins: Sequence[Margin]) -> Margin:
    """The mean over products, whose samples are independent of each other."""
    sources = margins[0].values
    shortest = min(len(each.samples[MODEL]) for each in margins)
    return Margin(
        {source: float(np.mean([each.values[source] for each in margins])) for source in sources},
        {
            source: np.mean([each.samples[source][:shortest] for each in margins], axis=0)
            for source in sources
        },
    )


def _sample(
    trials: Sequence[Trial],
    wins: Sequence[Mapping[str, Array]],
    labels: Sequence[NDArray[np.int64]],
    count: int,
    rng: np.random.Generator,
) -> dict[str, float]:
    """AUROCs of one sample; empty where it holds no pair of both labels."""
    weights = np.zeros(count)
    for groups in labels:
        weights += np.bincount(rng.choice(groups, len(groups)), minlength=count)
    found: dict[str, list[float]] = {}
    for number in rng.integers(len(trials), size=len(trials)):
        trial = trials[number]
        every = weights[trial.groups]
        rows, columns = every[trial.counterfeit], every[~trial.counterfeit]
        if rows.any() and columns.any():
            for source, matrix in wins[number].items():
                value = float(rows @ matrix @ columns) / float(rows.sum() * columns.sum())
                found.setdefault(source, []).append(value)
    return {source: float(np.mean(values)) for source, values in found.items()}


def _wins(trial: Trial, scores: Array) -> Array:
    """Of each counterfeit over each genuine picture: 1, or 0.5 for a tie."""
    high, low = scores[trial.counterfeit][:, None], scores[~trial.counterfeit][None, :]
    won: Array = (high > low) + 0.5 * (high == low)
    return won


def _groups_of(trials: Sequence[Trial], label: bool) -> NDArray[np.int64]:
    return np.unique(np.concatenate([trial.groups[trial.counterfeit == label] for trial in trials]))


def _over_controls(values: Mapping[str, Array]) -> Array:
    controls = np.array([values[source] for source in values if source != MODEL])
    less: Array = values[MODEL] - controls.max(axis=0)
    return less


def _interval(value: float, samples: Array) -> Interval:
    low, high = np.percentile(samples, _LEVELS)
    return Interval(value, float(low), float(high))
