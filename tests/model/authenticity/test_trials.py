"""Groups are learnt from or tested on, never both."""

from __future__ import annotations

import numpy as np

from model.authenticity import Bags, genuine_trials, groups_for, labelled_trials

GROUPS = np.repeat(np.arange(24), 2)
COUNTERFEIT = GROUPS % 2 == 1
CELLS = list(np.random.default_rng(0).normal(size=(48, 3, 6)).astype(np.float32))


def bags(kept_aside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]] | None = None) -> Bags:
    return Bags(COUNTERFEIT, GROUPS, {"object": CELLS, "control": CELLS}, kept_aside)


def test_all_groups_that_were_not_drawn_are_tested_whole() -> None:
    for trial in labelled_trials(bags(), 5, rounds=3, seed=0):
        assert len(np.unique(trial.groups)) == 24 - 10
        assert len(trial.groups) == 2 * (24 - 10)


def test_pictures_kept_aside_are_all_that_is_tested() -> None:
    aside = GROUPS >= 16
    for trial in [*labelled_trials(bags(aside), 5, 2, 0), *genuine_trials(bags(aside), 2, 0)]:
        assert np.array_equal(trial.groups, GROUPS[aside])


def test_model_and_control_learn_the_same_from_the_same() -> None:
    for trial in [*labelled_trials(bags(), 5, 2, 0), *genuine_trials(bags(), 2, 0)]:
        assert np.array_equal(trial.scores["object"], trial.scores["control"])


def test_genuine_references_alone_score_every_picture() -> None:
    assert all(len(trial.groups) == 48 for trial in genuine_trials(bags(), 2, 0))


def test_fewer_groups_are_learnt_from_where_there_are_fewer() -> None:
    assert groups_for(bags(), 50) == 9
    assert groups_for(bags(GROUPS >= 16), 50) == 8
