"""Figures of retrieval, from what checks said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from model.evaluation.metrics import (
    Interval,
    auroc,
    bootstrap,
    expected_calibration_error,
    mean_average_precision,
    recall_at,
)
from model.products import Verdict

NOT_RETURNED = 1_000_000
"""Rank of a product that the decision does not name among its candidates."""


@dataclass(frozen=True)
class Answer:
    """What a check said of one query."""

    product: str
    """What is shown; empty for nothing that is ever enrolled."""
    ranked: tuple[str, ...]
    verdict: Verdict
    brand_right: bool
    """The brand that the closer look names is the one that is shown."""
    probability: float
    """Of the first product; its calibrated similarity where nobody looked closer, 0 without one."""
    known: float
    """Chance that it is one of the enrolled products; likewise."""
    milliseconds: float

    @property
    def rank(self) -> int:
        return self.ranked.index(self.product) + 1 if self.product in self.ranked else NOT_RETURNED


@dataclass(frozen=True)
class LeftOut:
    """A house in which some of the products are not enrolled."""

    known: Sequence[Answer]
    unknown: Sequence[Answer]


@dataclass(frozen=True)
class Report:
    references: int
    queries: int
    unknown_queries: int
    intervals: dict[str, Interval]
    further: dict[str, float]
    """`ece` of the chance that the first product is right; shares of verdicts and how often they are right; times."""

    def figures(self) -> dict[str, float | int | str]:
        found: dict[str, float | int | str] = {"references": self.references, "queries": self.queries}
        for name, interval in self.intervals.items():
            found |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
        return found | self.further

    def rows(self) -> Iterator[tuple[str, str]]:
        yield from ((name, str(interval)) for name, interval in self.intervals.items())
        yield from ((name, f"{value:.3g}") for name, value in self.further.items())


def report(references: int, answers: Sequence[Answer], left_out: dict[str, LeftOut], seed: int) -> Report:
    """Sum up.

    Args:
        answers: of the house in which everything is enrolled; some may be of products that never are.
        left_out: further houses, by the suffix of their figures.
    """
    known = [answer for answer in answers if answer.product]
    ranks = np.array([answer.rank for answer in known])
    own = LeftOut(known, [answer for answer in answers if not answer.product])
    houses = {"": own if own.unknown else _pooled(left_out.values())} | {
        f"_{name}": house for name, house in left_out.items()
    }
    intervals = {
        "r_at_1": bootstrap(partial(recall_at, k=1), ranks, seed=seed),
        "r_at_5": bootstrap(partial(recall_at, k=5), ranks, seed=seed),
        "map": bootstrap(mean_average_precision, ranks, seed=seed),
    }
    further = {"ece": _calibration(known)} | _verdicts(known, "")
    for suffix, house in houses.items():
        if house.known and house.unknown:
            intervals[f"auroc_unknown{suffix}"] = bootstrap(
                auroc, _known(house.known), _known(house.unknown), seed=seed, rounds=200
            )
            further[f"ece_unknown{suffix}"] = _calibration([*house.known, *house.unknown])
            further |= _verdicts(house.unknown, f"_unknown{suffix}")
    times = [answer.milliseconds for answer in known]
    further |= {"p50_ms": float(np.median(times)), "p95_ms": float(np.percentile(times, 95))}
    unknown = sum(len(house.unknown) for suffix, house in houses.items() if suffix or own.unknown)
    return Report(references, len(known), unknown, intervals, further)


def _pooled(houses: Iterable[LeftOut]) -> LeftOut:
    given = list(houses)
    return LeftOut(
        [answer for house in given for answer in house.known],
        [answer for house in given for answer in house.unknown],
    )


def _verdicts(answers: Sequence[Answer], suffix: str) -> dict[str, float]:
    """How often a product, or a brand alone, is named, and how often rightly where it is."""
    product = [answer for answer in answers if answer.verdict is Verdict.PRODUCT]
    brand = [answer for answer in answers if answer.verdict is Verdict.BRAND_ONLY]
    found = {
        f"named{suffix}": len(product) / len(answers),
        f"brand_only{suffix}": len(brand) / len(answers),
    }
    if product:
        found[f"named_right{suffix}"] = sum(answer.rank == 1 for answer in product) / len(product)
    if brand:
        found[f"brand_only_right{suffix}"] = sum(answer.brand_right for answer in brand) / len(brand)
    return found


def _calibration(answers: Sequence[Answer]) -> float:
    probabilities = np.array([answer.probability for answer in answers])
    return expected_calibration_error(probabilities, np.array([answer.rank == 1 for answer in answers]))


def _known(answers: Sequence[Answer]) -> NDArray[np.float64]:
    return np.array([answer.known for answer in answers])
