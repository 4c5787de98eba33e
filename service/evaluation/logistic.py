"""Logistic regression with a ridge, for a few numbers and some thousands of examples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_RIDGE = 1.0
"""On weights of measures that were brought to a spread of one."""
_ROUNDS = 60


def weighed(measures: NDArray[np.float64], truth: NDArray[np.bool_]) -> tuple[list[float], float]:
    """Weights and intercept of the logit, by Newton's method.

    Args:
        measures: shape (N, D).
        truth: shape (N,), both values present.
    """
    middle, spread = measures.mean(axis=0), measures.std(axis=0) + 1e-6
    seen = np.c_[(measures - middle) / spread, np.ones(len(measures))]
    weights = np.zeros(seen.shape[1])
    ridge = np.diag([_RIDGE] * measures.shape[1] + [1e-6])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(seen @ weights, -30, 30)))
        slope = seen.T @ (chance - truth) + ridge @ weights
        bend = (seen * (chance * (1 - chance))[:, None]).T @ seen + ridge + 1e-9 * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    scaled = weights[:-1] / spread
    return [round(float(each), 4) for each in scaled], round(float(weights[-1] - scaled @ middle), 4)
