"""A threshold with a promise: of what scores above it at most so many are wrong.

Learn then Test (Angelopoulos, Bates, Candès, Jordan, Lei 2021, arXiv:2110.01052) with fixed-sequence testing: the
thresholds to try are laid down before the labels are seen, strictest first; each is tested by an exact binomial
p-value, and the first that fails ends it. With probability at least `confidence` over the labels no threshold that is
given breaks the promise. "Cannot tell" is a result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.scoring.bounds import CONFIDENCE, clopper_pearson_upper, labels_needed, p_value

_STRICTEST = 10


@dataclass(frozen=True)
class Promise:
    """At most `risk` of what is selected is wrong, at this confidence."""

    risk: float = 0.01
    confidence: float = CONFIDENCE


@dataclass(frozen=True)
class Threshold:
    """The least score that may be acted upon, with the labels that speak for it."""

    score: float
    selected: int
    """Labelled items at or above it."""
    wrong: int
    """Of those."""
    upper_bound: float
    """Of the share that is wrong: exact and one-sided, in [0, 1]."""
    p_value: float


@dataclass(frozen=True)
class CannotTell:
    """No threshold can be promised; `reason` says so in words."""

    best: Threshold | None
    """The one that came nearest; None where nothing was selected."""
    needed: int
    """Labels above a threshold that would do if, of all of them, no more were wrong than now."""
    reason: str


def control(
    scores: NDArray[np.float64], right: NDArray[np.bool_], grid: Sequence[float], promise: Promise = Promise()
) -> Threshold | CannotTell:
    """The lowest threshold of the grid that the labels prove.

    Args:
        scores, right: shape (N,), of items drawn as those are that the threshold will be used on.
        grid: thresholds laid down without looking at `right`; `sequence` makes one.
    """
    proven: Threshold | None = None
    failed: Threshold | None = None
    for score in sorted(grid, reverse=True):
        tried = _tried(scores, right, float(score), promise)
        if tried.p_value > 1 - promise.confidence:
            failed = tried
            break
        proven = tried
    if proven is not None:
        return proven
    return _cannot_tell(failed, len(scores), promise)


def sequence(scores: NDArray[np.float64], promise: Promise = Promise(), steps: int = 25) -> list[float]:
    """Thresholds to try in turn, made of scores alone, strictest first.

    A first test that fails ends the sequence, so the strictest selects a tenth of the items: but no fewer than a
    faultless proof needs, and no more than twice as many, where one wrong item may be among them.
    """
    ordered = np.sort(scores)[::-1]
    if not len(ordered):
        return []
    least = labels_needed(0, 1 - promise.risk, promise.confidence)
    first = min(int(np.clip(len(ordered) / _STRICTEST, least, 2 * least)), len(ordered))
    counts = np.unique(np.geomspace(first, len(ordered), steps).round().astype(int))
    return sorted({float(ordered[count - 1]) for count in counts}, reverse=True)


def _tried(
    scores: NDArray[np.float64], right: NDArray[np.bool_], score: float, promise: Promise
) -> Threshold:
    above = scores >= score
    selected, wrong = int(above.sum()), int((above & ~right).sum())
    return Threshold(
        score,
        selected,
        wrong,
        clopper_pearson_upper(wrong, selected, promise.confidence),
        p_value(wrong, selected, promise.risk),
    )


def _cannot_tell(failed: Threshold | None, labels: int, promise: Promise) -> CannotTell:
    wrong = failed.wrong if failed else 0
    needed = labels_needed(wrong, 1 - promise.risk, promise.confidence)
    have = failed.selected if failed else labels
    said = (
        f"to promise at most {promise.risk:.1%} wrong at {promise.confidence:.0%} confidence takes {needed} labelled "
        f"findings above a threshold with {wrong} wrong among them; there are {have} with {wrong} wrong"
    )
    return CannotTell(failed, needed, said)
