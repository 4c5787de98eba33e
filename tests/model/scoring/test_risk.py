"""Thresholds with a promise: given only when the labels prove them, and then kept."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from model.scoring.risk import CannotTell, Promise, Threshold, control, sequence


def findings(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=count) * 2
    return scores, rng.random(count) < expit(3 * scores)


def test_299_faultless_findings_earn_a_threshold_and_298_do_not() -> None:
    grid = [0.5]
    given = control(np.ones(299), np.ones(299, np.bool_), grid)
    refused = control(np.ones(298), np.ones(298, np.bool_), grid)
    assert isinstance(given, Threshold)
    assert isinstance(refused, CannotTell)
    assert refused.needed == 299
    assert "takes 299 labelled findings" in refused.reason


def test_wrong_findings_raise_the_number_of_labels_needed() -> None:
    right = np.ones(400, np.bool_)
    right[7] = False
    refused = control(np.ones(400), right, [0.5])
    assert isinstance(refused, CannotTell)
    assert refused.needed == 473


def test_without_labels_it_cannot_tell() -> None:
    refused = control(np.empty(0), np.empty(0, np.bool_), sequence(np.empty(0)))
    assert isinstance(refused, CannotTell)
    assert refused.best is None
    assert refused.needed == 299


def test_the_sequence_ends_at_the_first_threshold_that_is_not_proven() -> None:
    """A lower one that would pass by itself is not looked at: that would spend the confidence twice."""
    scores = np.array([3.0] * 100 + [2.0] * 400)
    right = np.array([True] * 99 + [False] + [True] * 400)
    assert isinstance(control(scores, right, [2.0, 3.0]), CannotTell)
    assert isinstance(control(scores, right, [2.0]), Threshold)


def test_thresholds_to_try_do_not_depend_on_labels_and_begin_where_a_proof_is_possible() -> None:
    for count, strictest in ((2000, 299), (4000, 400), (9000, 598)):
        scores, _ = findings(count, 0)
        grid = sequence(scores)
        assert (scores >= grid[0]).sum() == strictest
        assert grid == sorted(grid, reverse=True)


def test_the_promise_is_broken_in_5_percent_of_draws_at_most() -> None:
    promise = Promise(risk=0.05)
    everything, truth = findings(200_000, 1)
    rng = np.random.default_rng(2)
    broken = given = 0
    for _ in range(200):
        drawn = rng.integers(len(everything), size=1500)
        found = control(everything[drawn], truth[drawn], sequence(everything[drawn], promise), promise)
        if isinstance(found, Threshold):
            given += 1
            broken += bool((~truth[everything >= found.score]).mean() > promise.risk)
    assert given > 150
    assert broken <= 200 * 0.05 + 2 * np.sqrt(200 * 0.05 * 0.95)


@pytest.mark.parametrize("risk", [0.01, 0.1])
def test_a_looser_promise_is_never_harder_to_keep(risk: float) -> None:
    scores, right = findings(3000, 3)
    grid = sequence(scores, Promise(risk))
    strict, loose = (control(scores, right, grid, Promise(each)) for each in (risk, risk * 2))
    if isinstance(strict, Threshold):
        assert isinstance(loose, Threshold)
        assert loose.score <= strict.score
