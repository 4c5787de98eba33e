"""What a way of finding copies answered, and how good that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.evaluation.attacks import Family
from model.evaluation.metrics import Interval, bootstrap, micro_average_precision, recall_at_precision

_ROUNDS = 200


@dataclass(frozen=True, eq=False)
class Answer:
    """To one query."""

    reference: int | None
    """The right one; None: none is right."""
    family: Family
    references: NDArray[np.intp]
    """Those answered, in any order."""
    scores: NDArray[np.float64]
    """Of each; comparable over queries."""
    milliseconds: float

    @property
    def correct(self) -> NDArray[np.bool_]:
        return np.asarray(self.references == (-1 if self.reference is None else self.reference), np.bool_)


@dataclass(frozen=True)
class CopyFigures:
    micro_ap: Interval
    recall_at_p90: Interval
    recall_at_p99: Interval
    found: float
    """Share of copies whose reference is among those answered."""
    p50_ms: float
    p95_ms: float
    per_family: dict[Family, float]
    """Recall of a family's copies at the threshold that has precision 0.9 over all."""

    def flat(self, suffix: str = "") -> Iterator[tuple[str, float]]:
        """Names as figure files spell them; the suffix names the way."""
        for name in ("micro_ap", "recall_at_p90", "recall_at_p99"):
            interval: Interval = getattr(self, name)
            yield f"{name}{suffix}", interval.value
            yield f"{name}_low{suffix}", interval.low
            yield f"{name}_high{suffix}", interval.high
        yield f"found{suffix}", self.found
        yield f"p50_ms{suffix}", self.p50_ms
        yield f"p95_ms{suffix}", self.p95_ms
        for family, recall in self.per_family.items():
            yield f"recall_at_p90_{family}{suffix}", recall


def copy_figures(answers: Sequence[Answer], seed: int) -> CopyFigures:
    """Intervals are 95 % bootstrap intervals over queries."""
    at = np.arange(len(answers))

    def interval(figure: str) -> Interval:
        return bootstrap(lambda drawn: _figure(answers, drawn, figure), at, seed=seed, rounds=_ROUNDS)

    copies = [each for each in answers if each.reference is not None]
    times = [each.milliseconds for each in answers]
    return CopyFigures(
        micro_ap=interval("micro_ap"),
        recall_at_p90=interval("0.9"),
        recall_at_p99=interval("0.99"),
        found=float(np.mean([each.correct.any() for each in copies])),
        p50_ms=float(np.median(times)),
        p95_ms=float(np.percentile(times, 95)),
        per_family=_per_family(answers, copies),
    )


def _figure(answers: Sequence[Answer], drawn: NDArray[np.int64], figure: str) -> float:
    some = [answers[int(at)] for at in drawn]
    scores, correct = _pooled(some)
    positives = sum(each.reference is not None for each in some)
    if figure == "micro_ap":
        return micro_average_precision(scores, correct, positives)
    return recall_at_precision(scores, correct, positives, float(figure))


def _pooled(answers: Sequence[Answer]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    return (
        np.concatenate([each.scores for each in answers]),
        np.concatenate([each.correct for each in answers]),
    )


def _per_family(answers: Sequence[Answer], copies: Sequence[Answer]) -> dict[Family, float]:
    threshold = _threshold(*_pooled(answers), 0.9)
    found: dict[Family, list[bool]] = {}
    for each in copies:
        found.setdefault(each.family, []).append(bool((each.scores[each.correct] >= threshold).any()))
    return {family: float(np.mean(found[family])) for family in Family if family in found}


def _threshold(scores: NDArray[np.float64], correct: NDArray[np.bool_], precision: float) -> float:
    """The lowest score from which on the precision is reached; infinite where none is."""
    order = np.argsort(-scores, kind="stable")
    reached = np.cumsum(correct[order]) / np.arange(1, len(scores) + 1) >= precision
    reached &= np.append(np.diff(scores[order]) != 0, True)
    return float(scores[order][reached][-1]) if reached.any() else float("inf")
