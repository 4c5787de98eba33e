from __future__ import annotations

import numpy as np
import pytest

from model.evaluation.metrics import (
    auroc,
    bootstrap,
    expected_calibration_error,
    mean_average_precision,
    micro_average_precision,
    recall_at,
    recall_at_precision,
)


def test_recall_counts_ranks_up_to_k() -> None:
    assert recall_at(np.array([1, 2, 5, 6]), 5) == 0.75


def test_mean_average_precision_is_the_mean_inverse_rank() -> None:
    assert mean_average_precision(np.array([1, 2, 4])) == pytest.approx((1 + 0.5 + 0.25) / 3)


def test_auroc_counts_ties_half() -> None:
    assert auroc(np.array([0.5]), np.array([0.5])) == 0.5
    assert auroc(np.array([0.9, 0.8]), np.array([0.1])) == 1.0


def test_micro_average_precision_charges_what_was_never_returned() -> None:
    scores, correct = np.array([0.9, 0.8]), np.array([True, True])
    assert micro_average_precision(scores, correct, positives=4) == pytest.approx(0.5)


def test_recall_at_precision_takes_no_threshold_within_a_tie() -> None:
    scores = np.array([0.9, 0.5, 0.5])
    correct = np.array([True, True, False])
    assert recall_at_precision(scores, correct, positives=2, precision=0.9) == 0.5


def test_calibration_error_is_zero_for_honest_probabilities_and_large_for_bold_ones() -> None:
    rng = np.random.default_rng(0)
    honest = rng.uniform(size=20_000)
    happened = rng.uniform(size=20_000) < honest
    assert expected_calibration_error(honest, happened) < 0.02
    assert expected_calibration_error(np.full(20_000, 0.99), happened) == pytest.approx(0.49, abs=0.02)


def test_bootstrap_intervals_hold_the_value_and_repeat_with_the_seed() -> None:
    sample = np.random.default_rng(1).normal(size=200)
    first = bootstrap(lambda values: float(np.mean(values)), sample, seed=3)
    assert first.low < first.value < first.high
    assert first == bootstrap(lambda values: float(np.mean(values)), sample, seed=3)
