"""One number for all the evidence: a sum of degrees, each with a weight of known sign.

Logistic regression with every weight held on its own side of zero, drawn towards a start value where the data say
nothing of it (a Gaussian prior; maximum a posteriori). More suspicious evidence never lowers the score.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

Floats = NDArray[np.float64]


def fit_weights(degrees: Floats, right: NDArray[np.bool_], start: Floats, penalty: float = 0.5) -> Floats:
    """Shape (features,), each of the sign of its start value.

    Args:
        degrees: shape (N, features), in [0, 1].
        right: shape (N,).
        start: shape (features,), none of them 0.
        penalty: how strongly weights are drawn to their start values, in labels' worth of log loss.
    """

    def loss(parameters: Floats) -> tuple[float, Floats]:
        weights, intercept = parameters[:-1], parameters[-1]
        logits = degrees @ weights + intercept
        gaps = expit(logits) - right
        away = weights - start
        value = float(np.sum(np.logaddexp(0, logits) - right * logits) + penalty * away @ away / 2)
        return value, np.append(degrees.T @ gaps + penalty * away, gaps.sum())

    bounds = [(0.0, None) if each > 0 else (None, 0.0) for each in start]
    found = minimize(loss, np.append(start, 0.0), jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    return np.asarray(found.x[:-1], np.float64)
