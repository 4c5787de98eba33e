"""From scores to probabilities: which method, how near to frequencies, and under another prior."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from model.scoring.calibration import (
    Method,
    at_prior,
    estimated_prior,
    fit,
    fit_as,
    log_loss,
    with_prior,
)
from model.scoring.reliability import binned, reliability


def sigmoid(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=count) * 2
    return scores, rng.random(count) < expit(1.5 * scores - 1)


def steps(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    scores = rng.uniform(0, 3, size=count)
    return scores, rng.random(count) < np.select([scores < 1, scores < 1.2], [0.05, 0.5], 0.6)


def test_platt_finds_the_sigmoid_that_made_the_labels() -> None:
    found = fit_as(Method.PLATT, *sigmoid(20_000, 0))
    assert found.slope == pytest.approx(1.5, rel=0.05)
    assert found.intercept == pytest.approx(-1, abs=0.06)


def test_cross_validation_takes_isotonic_where_there_are_steps_and_platt_where_there_is_a_sigmoid() -> None:
    assert fit(*steps(3000, 1)).method is Method.ISOTONIC
    assert fit(*sigmoid(3000, 1)).method is Method.PLATT


def test_few_labels_get_a_sigmoid() -> None:
    assert fit(*steps(60, 2)).method is Method.PLATT


def test_one_class_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="two right and two wrong"):
        fit(np.arange(10.0), np.ones(10, np.bool_))


@given(st.integers(0, 2**31), st.sampled_from(list(Method)))
@settings(max_examples=30, deadline=None)
def test_a_larger_score_never_has_a_smaller_probability(seed: int, method: Method) -> None:
    scores, right = steps(200, seed)
    found = fit_as(method, scores, right).probabilities(np.linspace(-5, 8, 300))
    assert (np.diff(found) >= 0).all()
    assert ((found > 0) & (found < 1)).all()


def test_what_was_fitted_is_calibrated_on_what_was_not() -> None:
    scores, right = steps(3000, 3)
    found = fit(scores, right)
    others, truth = steps(3000, 4)
    assert reliability(found.probabilities(others), truth, rounds=1).ece < 0.03


@pytest.mark.parametrize("method", list(Method))
def test_another_prior_is_met_by_carrying_the_probabilities_over(method: Method) -> None:
    scores, right = sigmoid(6000, 5)
    fitted = fit_as(method, scores, right)
    others, truth = sigmoid(60_000, 6)
    kept = ~truth | (np.random.default_rng(7).random(len(truth)) < 0.05)
    rare = truth[kept].mean()
    plain = reliability(fitted.probabilities(others[kept]), truth[kept], rounds=1).ece
    carried = reliability(
        at_prior(fitted, float(rare)).probabilities(others[kept]), truth[kept], rounds=1
    ).ece
    assert carried < 0.01 < plain


def test_a_prior_is_estimated_without_labels() -> None:
    scores, right = sigmoid(6000, 8)
    fitted = fit_as(Method.PLATT, scores, right)
    others, truth = sigmoid(30_000, 9)
    kept = ~truth | (np.random.default_rng(10).random(len(truth)) < 0.1)
    found = estimated_prior(fitted.probabilities(others[kept]), fitted.prior)
    assert found == pytest.approx(truth[kept].mean(), abs=0.02)


def test_carrying_to_a_prior_and_back_changes_nothing() -> None:
    given_ = np.linspace(0.01, 0.99, 50)
    assert with_prior(with_prior(given_, 0.4, 0.01), 0.01, 0.4) == pytest.approx(given_)


def test_log_loss_of_a_coin_is_the_logarithm_of_two() -> None:
    assert log_loss(np.full(10, 0.5), np.arange(10) % 2 == 0) == pytest.approx(np.log(2))


def test_bins_hold_equally_many() -> None:
    counts = [each.count for each in binned(np.random.default_rng(0).random(105), np.ones(105, np.bool_))]
    assert max(counts) - min(counts) <= 1


def test_true_probabilities_have_no_error_left_once_chance_is_taken_off() -> None:
    rng = np.random.default_rng(11)
    given_ = rng.uniform(size=1000)
    found = reliability(given_, rng.random(1000) < given_)
    assert found.debiased < found.ece
    assert found.low == 0.0


def test_overconfidence_is_measured() -> None:
    rng = np.random.default_rng(12)
    found = reliability(np.full(2000, 0.9), rng.random(2000) < 0.7)
    assert 0.15 < found.low < found.high < 0.26
    assert found.debiased == pytest.approx(0.2, abs=0.03)
