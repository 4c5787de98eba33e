"""Which of several, or none: a conditional logit.

McFadden, "Conditional logit analysis of qualitative choice behavior", Frontiers in Econometrics (1974).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import softmax

NONE = -1
_FARTHEST = 8.0
"""Standard deviations beyond which nothing was learnt, and nothing is made of a feature's being farther still."""


@dataclass(frozen=True)
class ChoiceModel:
    """Strength of an option = weights · (features − mean) / scale, kept in bounds; of none = `none`."""

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weights: tuple[float, ...]
    none: float

    def strengths(self, features: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape (C,) of features of shape (C, F)."""
        scaled = np.clip((features - np.array(self.mean)) / np.array(self.scale), -_FARTHEST, _FARTHEST)
        return np.asarray(scaled @ np.array(self.weights), np.float64)

    def chances(self, strengths: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shape (C + 1,), summing to 1; the last is none."""
        return np.asarray(softmax(np.append(strengths, self.none)), np.float64)


@dataclass(frozen=True, eq=False)
class Choice:
    """One question with its answer."""

    features: NDArray[np.float64]
    """Shape (C, F)."""
    right: int
    """The row that is right; NONE where none is."""
    weight: float = 1.0


def fit_choice(choices: Sequence[Choice], penalty: float) -> ChoiceModel:
    """The most likely model, its squared weights (over scaled features) penalised.

    Raises:
        ValueError: there is nothing to learn from.
    """
    if not any(choice.right != NONE for choice in choices):
        raise ValueError("Fitting needs photos of enrolled products.")
    rows = np.concatenate([choice.features for choice in choices])
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    loss = _Loss(choices, (rows - mean) / scale, penalty)
    found = minimize(
        loss, np.zeros(rows.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 500}
    ).x
    return ChoiceModel(tuple(mean), tuple(scale), tuple(found[:-1]), float(found[-1]))


class _Loss:
    """Mean negative log-likelihood and its gradient, for options of all choices in one array."""

    def __init__(self, choices: Sequence[Choice], rows: NDArray[np.float64], penalty: float) -> None:
        sizes = [len(choice.features) for choice in choices]
        self._rows, self._penalty = rows, penalty
        self._starts = np.cumsum([0, *sizes[:-1]])
        self._of = np.repeat(np.arange(len(choices)), sizes)
        right = np.array([choice.right for choice in choices])
        self._some = right != NONE
        self._at = (self._starts + right)[self._some]
        weights = np.array([choice.weight for choice in choices])
        self._weights = weights / weights.sum()

    def __call__(self, parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, none = parameters[:-1], parameters[-1]
        strengths = self._rows @ weights
        highest = np.maximum(np.maximum.reduceat(strengths, self._starts), none)
        shares = np.exp(strengths - highest[self._of])
        nothing = np.exp(none - highest)
        total = np.add.reduceat(shares, self._starts) + nothing
        right = np.full(len(total), none)
        right[self._some] = strengths[self._at]
        unlikely = -(self._weights * (right - highest - np.log(total))).sum()
        slope = shares / total[self._of] * self._weights[self._of]
        slope[self._at] -= self._weights[self._some]
        slope_of_none = (self._weights * (nothing / total - ~self._some)).sum()
        gradient = np.append(self._rows.T @ slope + self._penalty * weights, slope_of_none)
        return float(unlikely + self._penalty * weights @ weights / 2), gradient
