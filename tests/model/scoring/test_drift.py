"""Drift: found when it is there, seldom claimed when it is not, and untold of small windows."""

from __future__ import annotations

import numpy as np
import pytest

from model.scoring.drift import (
    Standing,
    holm,
    judged,
    kinds_moved,
    null_threshold,
    numbers_moved,
    stability_index,
    worst,
)


def window(count: int, seed: int, shift: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=count) + shift


def test_equal_counts_have_no_index() -> None:
    counts = np.array([10, 20, 30])
    assert stability_index(counts, counts) == 0.0


def test_the_index_agrees_with_its_definition() -> None:
    before, after = np.array([99.5, 99.5]), np.array([149.5, 49.5])
    expected = 0.25 * np.log(1.5) - 0.25 * np.log(0.5)
    assert stability_index(before, after) == pytest.approx(expected)


def test_the_threshold_is_what_chance_passes_once_in_a_thousand() -> None:
    shares, rng = np.full(10, 0.1), np.random.default_rng(5)
    bar = null_threshold(np.full(10, 150), 1000, 500, level=0.01)
    passed = np.mean(
        [
            stability_index(rng.multinomial(1000, shares), rng.multinomial(500, shares)) > bar
            for _ in range(4000)
        ]
    )
    assert passed == pytest.approx(0.01, abs=0.005)


def test_larger_windows_have_lower_thresholds() -> None:
    counts = np.full(10, 100)
    assert null_threshold(counts, 5000, 5000) < null_threshold(counts, 500, 500)


def test_a_shift_of_half_a_deviation_is_an_alarm() -> None:
    found = judged([numbers_moved("score", window(2000, 0), window(800, 1, 0.5))])
    assert worst(found) is Standing.ALARM


def test_a_small_shift_in_large_windows_is_noticed_and_no_alarm() -> None:
    found = judged([numbers_moved("score", window(40_000, 2), window(40_000, 3, 0.06))])
    assert worst(found) is Standing.NOTICED


def test_no_shift_is_steady() -> None:
    found = judged([numbers_moved("score", window(2000, 4), window(800, 6))])
    assert worst(found) is Standing.STEADY


def test_other_kinds_of_decision_are_an_alarm() -> None:
    before, after = ["allow"] * 900 + ["review"] * 100, ["allow"] * 600 + ["review"] * 200
    assert worst(judged([kinds_moved("decision", before, after)])) is Standing.ALARM


def test_a_kind_that_was_never_there_counts() -> None:
    before, after = ["allow"] * 1000, ["allow"] * 700 + ["review_pending"] * 300
    assert worst(judged([kinds_moved("decision", before, after)])) is Standing.ALARM


def test_small_windows_cannot_tell() -> None:
    found = judged([numbers_moved("score", window(2000, 7), window(199, 8, 3.0))])
    assert worst(found) is Standing.CANNOT_TELL


def test_one_score_for_all_is_no_error() -> None:
    found = judged([numbers_moved("score", np.zeros(500), np.zeros(500))])
    assert worst(found) is Standing.STEADY


def test_holm_is_stricter_the_more_is_asked() -> None:
    assert holm([0.03], 0.05) == [True]
    assert holm([0.03, 0.04], 0.05) == [False, False]
    assert holm([0.04, 0.01, 0.3], 0.05) == [False, True, False]
