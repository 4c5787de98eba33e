"""Learning what evidence is worth."""

from __future__ import annotations

import numpy as np
import pytest

from model.products.choice import NONE, Choice, fit_choice


def choices(count: int) -> list[Choice]:
    """The right one has the larger first feature; where all are small, none is right."""
    generator = np.random.default_rng(0)
    made = []
    for at in range(count):
        rows = generator.normal(0, 0.5, (4, 2))
        right = int(generator.integers(4)) if at % 3 else NONE
        if right != NONE:
            rows[right, 0] += 3
        made.append(Choice(rows, right))
    return made


def test_the_right_option_is_learnt_and_so_is_none() -> None:
    model = fit_choice(choices(150), penalty=0.01)
    chances = model.chances(model.strengths(np.array([[0.0, 0.0], [3.0, 0.0]])))
    assert chances.argmax() == 1
    assert model.chances(model.strengths(np.zeros((2, 2)))).argmax() == 2


def test_chances_are_as_often_right_as_they_say() -> None:
    generator = np.random.default_rng(1)
    coin = [Choice(generator.normal(size=(2, 1)), int(generator.integers(2))) for _ in range(400)]
    model = fit_choice(coin, penalty=0.1)
    assert model.chances(model.strengths(np.zeros((2, 1))))[:2] == pytest.approx([0.5, 0.5], abs=0.05)


def test_nothing_can_be_learnt_where_none_is_ever_right() -> None:
    with pytest.raises(ValueError, match="enrolled products"):
        fit_choice([Choice(np.zeros((2, 1)), NONE)], penalty=0.1)
