"""Figures of answers whose quality is known."""

from __future__ import annotations

import numpy as np
import pytest

from model.evaluation.attacks import Family
from model.evaluation.copy_answers import Answer, copy_figures


def answer(
    right: int | None, found: dict[int, float], family: Family = Family.CROP, milliseconds: float = 10.0
) -> Answer:
    return Answer(right, family, np.array(list(found), np.intp), np.array(list(found.values())), milliseconds)


PERFECT = [answer(n, {n: 0.9, n + 50: 0.2}) for n in range(20)] + [answer(None, {n: 0.1}) for n in range(20)]


def test_answers_that_are_all_right_and_surest_are_perfect() -> None:
    figures = copy_figures(PERFECT, seed=0)
    assert figures.micro_ap.value == pytest.approx(1)
    assert figures.recall_at_p99.value == 1
    assert figures.found == 1


def test_what_is_not_answered_counts_as_missed() -> None:
    silent = [answer(n, {}) for n in range(20)]
    figures = copy_figures([*PERFECT, *silent], seed=0)
    assert figures.found == 0.5
    assert figures.recall_at_p90.value == 0.5
    assert figures.micro_ap.value == pytest.approx(0.5)


def test_sure_mistakes_on_unrelated_queries_cost_recall() -> None:
    mistaken = [answer(None, {3: 0.95}) for _ in range(20)]
    assert copy_figures([*PERFECT, *mistaken], seed=0).recall_at_p90.value == 0


def test_families_are_measured_at_the_threshold_of_all() -> None:
    low = [answer(n, {n: 0.05}, Family.BLUR) for n in range(10)]
    figures = copy_figures([*PERFECT, *low], seed=0)
    assert figures.per_family == {Family.CROP: 1.0, Family.BLUR: 0.0}


def test_times_are_of_all_queries() -> None:
    slow = [answer(None, {}, milliseconds=100.0) for _ in range(3)]
    figures = copy_figures([*PERFECT, *slow], seed=0)
    assert figures.p50_ms == 10
    assert 10 < figures.p95_ms <= 100


def test_figures_are_flat_under_the_name_of_their_way() -> None:
    flat = dict(copy_figures(PERFECT, seed=0).flat("_pdq"))
    assert flat["micro_ap_pdq"] == pytest.approx(1)
    assert {"recall_at_p90_pdq", "recall_at_p99_low_pdq", "p95_ms_pdq", "recall_at_p90_crop_pdq"} <= set(flat)
