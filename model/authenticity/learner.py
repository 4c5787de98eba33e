"""A small, regularised, monotone model of genuine against counterfeit over bags of cells.

Three scores, none of which needs many pictures: a linear discriminant of cells with Ledoit–Wolf shrinkage, logistic
regression on the picture's mean, and how much farther the cells lie from genuine cells than from counterfeit ones
("Towards Total Recall in Industrial Anomaly Detection", Roth et al. 2022). Weights that cannot be negative join them,
fitted on scores of groups that had been left out. Object, background and file properties are learnt by this same code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.decomposition import PCA
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.linear_model import LogisticRegression

Bag = NDArray[np.float32]
Array = NDArray[np.float64]

INNER_FOLDS = 4
_MOST_COMPONENTS = 128
_CELLS_FOR_COMPONENTS = 4000
_REMEMBERED = 24
"""Cells of each training picture that the memory keeps."""
_STRICTNESS = 0.05
"""Inverse of the penalty on the mean's weights."""
_EQUAL_WEIGHT = 0.5
_LOYALTY = 2.0
"""Weight of each score before anything is seen, and what leaving it costs."""


@dataclass(frozen=True)
class Space:
    """Cells standardised and turned to their main directions, both as found in training cells alone."""

    mean: Array
    deviation: Array
    turn: PCA

    def project(self, bags: Sequence[Bag]) -> list[Bag]:
        lengths = np.cumsum([len(bag) for bag in bags])[:-1]
        scaled = (np.concatenate(bags) - self.mean) / self.deviation
        return np.split(self.turn.transform(scaled).astype(np.float32), lengths)


@dataclass(frozen=True)
class Base:
    """The three scores, each higher for counterfeits."""

    cells: LinearDiscriminantAnalysis
    means: LogisticRegression
    genuine: Bag
    counterfeit: Bag

    def score(self, bags: Sequence[Bag]) -> Array:
        """Shape (N, 3)."""
        means = np.array([bag.mean(axis=0) for bag in bags])
        nearer = [farness(bag, self.genuine) - farness(bag, self.counterfeit) for bag in bags]
        return np.column_stack(
            [self.cells.decision_function(means), self.means.decision_function(means), nearer]
        )


@dataclass(frozen=True)
class Learnt:
    space: Space
    base: Base
    centre: Array
    spread: Array
    weights: Array

    def score(self, bags: Sequence[Bag]) -> Array:
        """Shape (N,), higher for counterfeits; to be ranked, not read as a probability."""
        scores: Array = (self.base.score(self.space.project(bags)) - self.centre) / self.spread @ self.weights
        return scores


@dataclass(frozen=True)
class NoveltyOf:
    """Distance to what genuine pictures show; it has never seen a counterfeit."""

    space: Space
    genuine: Bag

    def score(self, bags: Sequence[Bag]) -> Array:
        """Shape (N,), higher where less like the genuine."""
        return np.array([farness(bag, self.genuine) for bag in self.space.project(bags)])


def learn(
    bags: Sequence[Bag], counterfeit: NDArray[np.bool_], groups: NDArray[np.int64], seed: int
) -> Learnt:
    """Fit on labelled pictures.

    Args:
        bags: for each of N pictures its cells, shape (cells, channels).
        counterfeit, groups: shape (N,). Both labels must be there in two groups at least.
    """
    space = _space(bags, seed)
    inside = space.project(bags)
    apart = np.zeros((len(bags), 3))
    for fold in _folds(counterfeit, groups, seed):
        kept = np.flatnonzero(~fold).tolist()
        base = _base([inside[i] for i in kept], counterfeit[kept], seed)
        apart[fold] = base.score([inside[i] for i in np.flatnonzero(fold).tolist()])
    centre, spread = apart.mean(axis=0), np.maximum(apart.std(axis=0), 1e-9)
    weights = _weights((apart - centre) / spread, counterfeit)
    return Learnt(space, _base(inside, counterfeit, seed), centre, spread, weights)


def remember(genuine: Sequence[Bag], seed: int) -> NoveltyOf:
    """Keep what genuine pictures show."""
    space = _space(genuine, seed)
    return NoveltyOf(space, _memory(space.project(genuine), seed))


def farness(bag: Bag, memory: Bag) -> float:
    """Mean distance to the nearest remembered cell over the quarter of the cells that are farthest from any."""
    squares = (bag**2).sum(axis=1)[:, None] + (memory**2).sum(axis=1)[None, :] - 2 * bag @ memory.T
    nearest = np.sqrt(np.maximum(squares.min(axis=1), 0))
    return float(np.sort(nearest)[-max(1, len(nearest) // 4) :].mean())


def _space(bags: Sequence[Bag], seed: int) -> Space:
    cells = np.concatenate(bags)
    if len(cells) > _CELLS_FOR_COMPONENTS:
        cells = cells[np.random.default_rng(seed).choice(len(cells), _CELLS_FOR_COMPONENTS, replace=False)]
    mean, deviation = cells.mean(axis=0), cells.std(axis=0)
    deviation = np.where(deviation > 1e-6, deviation, 1.0)
    scaled = (cells - mean) / deviation
    count = min(_MOST_COMPONENTS, *scaled.shape)
    return Space(mean, deviation, PCA(count, svd_solver="randomized", random_state=seed).fit(scaled))


def _base(bags: Sequence[Bag], counterfeit: NDArray[np.bool_], seed: int) -> Base:
    truth = np.repeat(counterfeit, [len(bag) for bag in bags])
    cells = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto", priors=[0.5, 0.5])
    means = LogisticRegression(C=_STRICTNESS, class_weight="balanced", max_iter=2000)
    genuine, other = (
        [bags[i] for i in np.flatnonzero(counterfeit == label).tolist()] for label in (False, True)
    )
    return Base(
        cells.fit(np.concatenate(bags), truth),
        means.fit(np.array([bag.mean(axis=0) for bag in bags]), counterfeit),
        _memory(genuine, seed),
        _memory(other, seed),
    )


def _memory(bags: Sequence[Bag], seed: int) -> Bag:
    rng = np.random.default_rng(seed)
    return np.concatenate(
        [bag if len(bag) <= _REMEMBERED else rng.choice(bag, _REMEMBERED, replace=False) for bag in bags]
    )


def _folds(counterfeit: NDArray[np.bool_], groups: NDArray[np.int64], seed: int) -> list[NDArray[np.bool_]]:
    """Masks that part the pictures by group, each label's groups spread evenly."""
    rng = np.random.default_rng(seed)
    places = np.zeros(len(groups), dtype=np.int64)
    per_label = [rng.permutation(np.unique(groups[counterfeit == label])) for label in (False, True)]
    count = min(INNER_FOLDS, *(len(each) for each in per_label))
    for names in per_label:
        for place, group in enumerate(names):
            places[groups == group] = place % count
    return [places == fold for fold in range(count)]


def _weights(scores: Array, counterfeit: NDArray[np.bool_]) -> Array:
    """Logistic regression whose weights cannot be negative, held near equal ones."""
    signs = np.where(counterfeit, 1.0, -1.0)
    balance = np.where(counterfeit, 0.5 / counterfeit.mean(), 0.5 / (1 - counterfeit.mean()))

    def loss(parameters: Array) -> float:
        odds = scores @ parameters[:-1] + parameters[-1]
        away = ((parameters[:-1] - _EQUAL_WEIGHT) ** 2).sum()
        return float((balance * np.logaddexp(0, -signs * odds)).sum() + _LOYALTY * away)

    start = np.append(np.full(scores.shape[1], _EQUAL_WEIGHT), 0.0)
    bounds = [(0.0, None)] * scores.shape[1] + [(None, None)]
    found: Array = minimize(loss, start, method="L-BFGS-B", bounds=bounds).x[:-1]
    return found
