"""What is counted of a run that looked for marks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from service.evaluation.logistic import weighed
from service.evaluation.marks import Answer, Change, Question, Surface
from service.evaluation.marks_report import report_of


def answer(surface: Surface, change: Change, right: int, wrong: int, *, altered: bool = False) -> Answer:
    question = Question(np.zeros((4, 4, 3), np.uint8), surface, None, 0.0, "b", change, np.zeros((4, 2)))
    seen = cast("Any", SimpleNamespace(altered=altered))
    return Answer(question, (seen,) * right, (seen,) * wrong, 3.0, 2.0)


def test_false_alarms_on_photos_without_marks_count_against_precision_on_cloth() -> None:
    figures = report_of(
        [
            answer(Surface.CLOTH, Change.NONE, 1, 0),
            answer(Surface.CLOTH, Change.NONE, 0, 0),
            answer(Surface.PRODUCT, Change.NONE, 1, 0),
            answer(Surface.NOTHING, Change.NONE, 0, 1),
        ],
        20,
    ).figures()
    assert figures["recall_cloth"] == 0.5
    assert figures["precision_cloth"] == 0.5
    assert figures["precision_product"] == 1.0
    assert figures["precision"] == pytest.approx(2 / 3)
    assert figures["false_alarms_a_picture"] == 1.0


def test_an_altered_mark_that_is_absent_is_not_told() -> None:
    figures = report_of(
        [
            answer(Surface.PRODUCT, Change.STRETCHED, 1, 0, altered=True),
            answer(Surface.PRODUCT, Change.STRETCHED, 1, 0),
            answer(Surface.PRODUCT, Change.RESPELLED, 0, 0),
            answer(Surface.PRODUCT, Change.RESPELLED, 2, 0, altered=True),
        ],
        20,
    ).figures()
    assert figures["altered_told_product"] == 0.5
    assert figures["altered_found_product"] == 0.75


def test_weights_find_the_measure_that_tells() -> None:
    rng = np.random.default_rng(0)
    measures = rng.normal(size=(400, 3))
    truth = measures[:, 1] + rng.normal(scale=0.3, size=400) > 0.5
    weights, intercept = weighed(measures, truth)
    assert abs(weights[1]) > 5 * max(abs(weights[0]), abs(weights[2]))
    assert -intercept / weights[1] == pytest.approx(0.5, abs=0.15)
