"""What is learnt from bags of cells, and from genuine ones alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.authenticity import learn, remember
from model.authenticity.learner import Bag
from model.evaluation.metrics import auroc

COUNTERFEIT = np.arange(40) % 2 == 1
GROUPS = np.arange(40)


def bags(seed: int, shift: float) -> list[Bag]:
    """Forty bags of ten cells; a counterfeit's are shifted in one of thirty channels."""
    rng = np.random.default_rng(seed)
    cells = rng.normal(size=(40, 10, 30)).astype(np.float32)
    cells[COUNTERFEIT, :, 3] += shift
    return list(cells)


def area(scores: NDArray[np.float64]) -> float:
    return auroc(scores[COUNTERFEIT], scores[~COUNTERFEIT])


def test_a_shifted_channel_is_learnt() -> None:
    assert area(learn(bags(0, 1.5), COUNTERFEIT, GROUPS, seed=0).score(bags(1, 1.5))) > 0.9


def test_nothing_to_learn_gives_no_better_than_chance() -> None:
    areas = [
        area(learn(bags(s, 0.0), COUNTERFEIT, GROUPS, seed=0).score(bags(s + 50, 0.0))) for s in range(8)
    ]
    assert abs(float(np.mean(areas)) - 0.5) < 0.1


def test_no_score_weighs_negatively() -> None:
    assert (learn(bags(0, 0.3), COUNTERFEIT, GROUPS, seed=0).weights >= 0).all()


def test_what_differs_from_the_genuine_is_far() -> None:
    genuine = [bag for bag, other in zip(bags(0, 4.0), COUNTERFEIT, strict=True) if not other]
    assert area(remember(genuine, seed=0).score(bags(1, 4.0))) > 0.9
