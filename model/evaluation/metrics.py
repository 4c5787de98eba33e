"""Figures of retrieval and detection, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score


@dataclass(frozen=True)
class Interval:
    """A figure with its 95 % percentile bootstrap interval over queries."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def recall_at(ranks: NDArray[np.int64], k: int) -> float:
    """Share of queries whose product is among the first k.

    Args:
        ranks: shape (N,), 1 for the best place; a large number where the product was not returned.
    """
    return float(np.mean(ranks <= k))


def mean_average_precision(ranks: NDArray[np.int64]) -> float:
    """mAP where each query has exactly one relevant product: the mean of 1/rank."""
    return float(np.mean(1.0 / ranks))


def auroc(positive: NDArray[np.float64], negative: NDArray[np.float64]) -> float:
    """Chance that a positive scores above a negative (ties count half)."""
    labels = np.concatenate([np.ones(len(positive)), np.zeros(len(negative))])
    return float(roc_auc_score(labels, np.concatenate([positive, negative])))


def micro_average_precision(scores: NDArray[np.float64], correct: NDArray[np.bool_], positives: int) -> float:
    """µAP: average precision over the pooled candidates of all queries.

    Args:
        scores, correct: shape (M,), one for each returned candidate.
        positives: how many queries have a right answer; those never returned count as missed.
    """
    if not positives or not correct.any():
        return 0.0
    return float(average_precision_score(correct, scores)) * float(correct.sum()) / positives


def recall_at_precision(
    scores: NDArray[np.float64], correct: NDArray[np.bool_], positives: int, precision: float
) -> float:
    """The largest share of positives found at a threshold whose precision is at least the given one."""
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(correct[order])
    reached = found / np.arange(1, len(scores) + 1) >= precision
    last_of_ties = np.append(np.diff(scores[order]) != 0, True)
    usable = reached & last_of_ties
    return float(found[usable].max() / positives) if usable.any() and positives else 0.0


def expected_calibration_error(
    probabilities: NDArray[np.float64], outcomes: NDArray[np.bool_], bins: int = 10
) -> float:
    """ECE with bins of equal count (Nixon et al. 2019, "adaptive"): mean |confidence − frequency|."""
    order = np.argsort(probabilities, kind="stable")
    parts = np.array_split(order, bins)
    gaps = [
        abs(probabilities[part].mean() - outcomes[part].mean()) * len(part) for part in parts if len(part)
    ]
    return float(sum(gaps) / len(probabilities))


def bootstrap(
    figure: Callable[..., float],
    *samples: Sequence[float] | NDArray[np.generic],
    seed: int,
    rounds: int = 1000,
) -> Interval:
    """Resample each sample by itself with replacement and take the 2.5 % and 97.5 % percentiles."""
    rng = np.random.default_rng(seed)
    arrays = [np.asarray(sample) for sample in samples]
    drawn = [figure(*(rng.choice(array, len(array)) for array in arrays)) for _ in range(rounds)]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(figure(*arrays), float(low), float(high))
