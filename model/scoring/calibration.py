"""From a score of evidence to the chance that the finding is right: Platt or isotonic, whichever fits unseen data.

Platt (1999), with his smoothed targets; isotonic regression (Zadrozny and Elkan 2002), with its steps smoothed as his
targets are, so that no chance is 0 or 1. Probabilities belong to a prior: `with_prior` carries them to another, under
label shift (Saerens, Latinne, Decaestecker 2002).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.isotonic import IsotonicRegression
from sklearn.model_selection import StratifiedKFold

FOLDS = 5
FEWEST_FOR_ISOTONIC = 100
"""Below, steps follow single labels (Niculescu-Mizil and Caruana 2005 advise 1000; cross-validation decides above)."""
_SMALL = 1e-6
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Method(StrEnum):
    PLATT = "platt"
    ISOTONIC = "isotonic"


@dataclass(frozen=True)
class Calibration:
    """A rising map from scores to probabilities."""

    method: Method
    prior: float
    """Share of right findings among those it was fitted on, in (0, 1)."""
    labels: int
    slope: float = 1.0
    intercept: float = 0.0
    """Of Platt's sigmoid."""
    knots: tuple[float, ...] = ()
    values: tuple[float, ...] = ()
    """Of the isotonic map; linear between knots, constant beyond."""

    def probabilities(self, scores: Floats) -> Floats:
        """In (0, 1), shape as `scores`, rising with them."""
        if self.method is Method.PLATT:
            return np.asarray(expit(self.slope * scores + self.intercept), np.float64)
        return np.interp(scores, self.knots, self.values)

    def probability(self, score: float) -> float:
        return float(self.probabilities(np.array([score]))[0])


def fit(scores: Floats, right: Bools, seed: int = 0) -> Calibration:
    """The method with the smaller cross-validated log loss, fitted on everything.

    Args:
        scores, right: shape (N,); at least two of each class.

    Raises:
        ValueError: too few of one class.
    """
    if min(right.sum(), (~right).sum()) < 2:
        raise ValueError("A calibration needs two right and two wrong findings at the least.")
    methods = list(Method) if len(scores) >= FEWEST_FOR_ISOTONIC else [Method.PLATT]
    if len(methods) == 1:
        return fit_as(methods[0], scores, right)
    losses = {method: cross_validated_loss(method, scores, right, seed) for method in methods}
    return fit_as(min(methods, key=lambda method: losses[method]), scores, right)


def fit_as(method: Method, scores: Floats, right: Bools) -> Calibration:
    return _platt(scores, right) if method is Method.PLATT else _isotonic(scores, right)


def cross_validated_loss(method: Method, scores: Floats, right: Bools, seed: int) -> float:
    """Mean log loss on folds that were left out, in nats."""
    folds = min(FOLDS, int(min(right.sum(), (~right).sum())))
    parts = StratifiedKFold(folds, shuffle=True, random_state=seed).split(scores, right)
    losses = [
        log_loss(fit_as(method, scores[own], right[own]).probabilities(scores[other]), right[other])
        for own, other in parts
    ]
    return float(np.mean(losses))


def log_loss(probabilities: Floats, right: Bools) -> float:
    clipped = np.clip(probabilities, _SMALL, 1 - _SMALL)
    return float(-np.mean(np.where(right, np.log(clipped), np.log1p(-clipped))))


def with_prior(probabilities: Floats, before: float, after: float) -> Floats:
    """The probabilities where right findings are as frequent as `after`, given those where they are as `before`.

    Holds under label shift: how scores lie within right and within wrong findings stays the same.
    """
    return np.asarray(expit(logit(np.clip(probabilities, _SMALL, 1 - _SMALL)) + logit(after) - logit(before)))


def at_prior(calibration: Calibration, after: float) -> Calibration:
    """The calibration for another prior; the map is carried over point by point."""
    if calibration.method is Method.PLATT:
        shift = float(logit(after) - logit(calibration.prior))
        return replace(calibration, prior=after, intercept=calibration.intercept + shift)
    values = with_prior(np.array(calibration.values), calibration.prior, after)
    return replace(calibration, prior=after, values=tuple(float(each) for each in values))


def estimated_prior(probabilities: Floats, prior: float, rounds: int = 200) -> float:
    """How frequent right findings are among unlabelled ones, by expectation maximisation (Saerens et al. 2002).

    Args:
        probabilities: shape (N,), of a calibration with this prior.
    """
    found = prior
    for _ in range(rounds):
        found = float(np.clip(with_prior(probabilities, prior, found).mean(), _SMALL, 1 - _SMALL))
    return found


def _platt(scores: Floats, right: Bools) -> Calibration:
    positives, negatives = int(right.sum()), int((~right).sum())
    targets = np.where(right, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    middle, scale = float(scores.mean()), float(scores.std()) or 1.0
    scaled = (scores - middle) / scale

    def loss(parameters: Floats) -> tuple[float, Floats]:
        logits = parameters[0] * scaled + parameters[1]
        gaps = (expit(logits) - targets) / len(scores)
        value = float(np.mean(np.logaddexp(0, logits) - targets * logits))
        return value, np.array([gaps @ scaled, gaps.sum()])

    start = np.array([1.0, logit(positives / len(scores))])
    slope, intercept = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(0, None), (None, None)]).x
    return Calibration(
        Method.PLATT,
        positives / len(scores),
        len(scores),
        slope=float(slope / scale),
        intercept=float(intercept - slope * middle / scale),
    )


def _isotonic(scores: Floats, right: Bools) -> Calibration:
    model = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(scores, right.astype(np.float64))
    levels = model.predict(scores)
    knots: list[float] = []
    values: list[float] = []
    prior = float(right.mean())
    for level in np.unique(levels):
        own = scores[levels == level]
        smoothed = (level * len(own) + 2 * prior) / (len(own) + 2)
        knots += [float(own.min()), float(own.max())]
        values += [float(smoothed)] * 2
    rising = np.maximum.accumulate(np.clip(values, _SMALL, 1 - _SMALL))
    return Calibration(
        Method.ISOTONIC, prior, len(scores), knots=tuple(knots), values=tuple(float(each) for each in rising)
    )


def splits(count: int, rounds: int, seed: int) -> Sequence[Bools]:
    """Random halves: shape (count,) masks of the first one."""
    rng = np.random.default_rng(seed)
    masks = []
    for _ in range(rounds):
        mask = np.zeros(count, dtype=np.bool_)
        mask[rng.permutation(count)[: count // 2]] = True
        masks.append(mask)
    return masks
