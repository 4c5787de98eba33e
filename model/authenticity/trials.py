"""Training draws: so many groups of each label to learn from, the others to be tested on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.authenticity.learner import Bag, learn, remember
from model.authenticity.margins import Trial

LEAST_GROUPS = 4
"""Of each label, of one product: two to learn from and two to test on."""
_LEARNT_SHARE = 0.75
_FOLDS = 5
_GENUINE_ROUNDS = 3

Chosen = NDArray[np.bool_]


class TooFewGroups(ValueError):
    def __init__(self, product: str, genuine: int, counterfeit: int) -> None:
        super().__init__(
            f"{product}: {genuine} genuine and {counterfeit} counterfeit groups are left; "
            f"give {LEAST_GROUPS} of each at least, each of one label."
        )


@dataclass(frozen=True)
class Bags:
    """The pictures of one product, as each source sees them."""

    counterfeit: NDArray[np.bool_]
    groups: NDArray[np.int64]
    sources: Mapping[str, Sequence[Bag]]
    kept_aside: NDArray[np.bool_] | None = None
    """Pictures that are tested and never learnt from; without it, groups are drawn from all."""


def groups_for(bags: Bags, wanted: int) -> int:
    """How many groups of each label can be learnt from, where `wanted` are asked for."""
    fewest = min(len(each) for each in _to_learn(bags))
    return min(wanted, fewest if bags.kept_aside is not None else int(_LEARNT_SHARE * fewest))


def labelled_trials(bags: Bags, groups: int, rounds: int, seed: int) -> list[Trial]:
    """Learn from so many groups of each label, drawn anew each round, and score all others."""
    trials = []
    for number in range(rounds):
        rng = np.random.default_rng([seed, number])
        drawn = np.concatenate([rng.choice(each, groups, replace=False) for each in _to_learn(bags)])
        learnt = np.isin(bags.groups, drawn) & ~_aside(bags)
        tested = ~learnt if bags.kept_aside is None else bags.kept_aside
        scores = {
            source: learn(
                _of(every, learnt), bags.counterfeit[learnt], bags.groups[learnt], seed + number
            ).score(_of(every, tested))
            for source, every in bags.sources.items()
        }
        trials.append(Trial(bags.counterfeit[tested], bags.groups[tested], scores))
    return trials


def genuine_trials(bags: Bags, rounds: int, seed: int) -> list[Trial]:
    """Score every picture by its distance to genuine pictures of other groups; no counterfeit's label is used."""
    if bags.kept_aside is not None:
        scores = {
            source: _novelty(bags, every, bags.kept_aside, seed) for source, every in bags.sources.items()
        }
        tested = bags.kept_aside
        return [Trial(bags.counterfeit[tested], bags.groups[tested], scores)]
    return [
        _folded(bags, np.random.default_rng([seed, number]), seed)
        for number in range(min(rounds, _GENUINE_ROUNDS))
    ]


def _folded(bags: Bags, rng: np.random.Generator, seed: int) -> Trial:
    places = np.zeros(len(bags.groups), dtype=np.int64)
    for names in _to_learn(bags):
        for place, group in enumerate(rng.permutation(names)):
            places[bags.groups == group] = place % min(_FOLDS, len(names))
    scores = {source: np.zeros(len(places)) for source in bags.sources}
    for fold in np.unique(places):
        for source, every in bags.sources.items():
            scores[source][places == fold] = _novelty(bags, every, places == fold, seed)
    return Trial(bags.counterfeit, bags.groups, scores)


def _novelty(bags: Bags, every: Sequence[Bag], tested: Chosen, seed: int) -> NDArray[np.float64]:
    return remember(_of(every, ~tested & ~bags.counterfeit), seed).score(_of(every, tested))


def _to_learn(bags: Bags) -> list[NDArray[np.int64]]:
    """Groups of each label, genuine first."""
    open_to = ~_aside(bags)
    return [np.unique(bags.groups[open_to & (bags.counterfeit == label)]) for label in (False, True)]


def _aside(bags: Bags) -> Chosen:
    return np.zeros(len(bags.groups), dtype=bool) if bags.kept_aside is None else bags.kept_aside


def _of(every: Sequence[Bag], chosen: Chosen) -> list[Bag]:
    return [every[place] for place in np.flatnonzero(chosen).tolist()]
