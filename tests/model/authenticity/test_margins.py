"""A model is used where it clearly beats the stronger control, and not where that cannot be told."""

from __future__ import annotations

import numpy as np
import pytest

from model.authenticity import Trial, margin, mean_margin

GROUPS = np.arange(80)
COUNTERFEIT = GROUPS % 2 == 1


def trial(seed: int, **strengths: float) -> Trial:
    rng = np.random.default_rng(seed)
    scores = {name: strength * COUNTERFEIT + rng.normal(size=80) for name, strength in strengths.items()}
    return Trial(COUNTERFEIT, GROUPS, scores)


def test_margin_is_taken_from_the_stronger_control() -> None:
    found = margin([trial(0, object=2.0, control=0.0, control_files=1.0)], seed=0)
    assert found.margin.value == found.values["object"] - found.values["control_files"]


def test_model_that_clearly_beats_its_controls_is_used() -> None:
    assert margin([trial(0, object=3.0, control=0.0, control_files=0.0)], seed=0).used


@pytest.mark.parametrize("control", [2.0, 4.0])
def test_model_whose_control_does_as_well_is_not_used(control: float) -> None:
    assert not margin([trial(0, object=2.0, control=control, control_files=0.0)], seed=0).used


def test_few_groups_prove_nothing() -> None:
    whole = trial(0, object=1.5, control=0.0, control_files=0.0)
    few = Trial(
        whole.counterfeit[:6], whole.groups[:6], {name: each[:6] for name, each in whole.scores.items()}
    )
    assert not margin([few], seed=0).used


def test_mean_over_products_is_surer_than_each() -> None:
    each = [margin([trial(seed, object=1.0, control=0.3, control_files=0.0)], seed=seed) for seed in (1, 2)]
    whole = mean_margin(each).margin
    assert whole.high - whole.low < min(one.margin.high - one.margin.low for one in each)
