"""How well rings of accounts are told from honest shops that share pictures all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from model.copies.hashes import MATCH_DISTANCE, PerceptualHash, distance, pdq
from model.evaluation.kit import build_kit, catalogue_views
from model.evaluation.metrics import Interval
from model.evaluation.traffic import Market, simulated_market
from model.rings import OwnPicture, Ring, RingLimits, alike_groups, find_rings, links_between

_BOOTSTRAPS = 1_000
Pairs = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Report:
    accounts: int
    pictures: int
    true_rings: int
    found_rings: int
    precision: Interval
    """Of pairs of accounts that are put into one ring: those that are of one hand."""
    recall: Interval
    """Of pairs of one hand: those that are put into one ring."""
    members_found: float
    """Of the accounts of rings."""
    honest_named: int
    """Honest shops that are put into a ring."""

    def figures(self) -> dict[str, float | int | str]:
        return {
            "accounts": self.accounts,
            "pictures": self.pictures,
            "rings": self.true_rings,
            "rings_found": self.found_rings,
            "precision": self.precision.value,
            "precision_low": self.precision.low,
            "precision_high": self.precision.high,
            "recall": self.recall.value,
            "recall_low": self.recall.low,
            "recall_high": self.recall.high,
            "members_found": self.members_found,
            "honest_named": self.honest_named,
        }


def evaluate_rings(seed: int, rings: int, honest: int, limits: RingLimits = RingLimits()) -> Report:  # noqa: B008 - frozen
    """Draw a market, hash its pictures, take out what brand or stock own, and look for rings."""
    kit = build_kit(seed, brands=4)
    market = simulated_market(kit, seed, rings, honest)
    owned = [pdq(view) for product in kit.products for view in catalogue_views(product)]
    owned += [pdq(each) for each in market.stock]
    pictures = own_pictures(market, owned)
    found = find_rings(links_between(alike_groups(pictures), limits), limits)
    return _report(market, found, seed)


def own_pictures(market: Market, owned: Sequence[PerceptualHash]) -> list[OwnPicture]:
    made = [OwnPicture(each.owner, f"{at:05d}", pdq(each.pixels)) for at, each in enumerate(market.pictures)]
    return [each for each in made if all(distance(each.hash, known) > MATCH_DISTANCE for known in owned)]


def _report(market: Market, found: Sequence[Ring], seed: int) -> Report:
    named = [frozenset(each.members) for each in found]
    truth = [frozenset(each) for each in market.rings]
    ringed, members = frozenset[str]().union(*truth), frozenset[str]().union(*named)
    precision, recall = _pairs_right(named, truth), _pairs_right(truth, named)
    return Report(
        accounts=len({each.owner for each in market.pictures}),
        pictures=len(market.pictures),
        true_rings=len(truth),
        found_rings=len(named),
        precision=_interval(precision, seed),
        recall=_interval(recall, seed),
        members_found=len(ringed & members) / len(ringed),
        honest_named=len(members - ringed),
    )


def _pairs_right(asked: Iterable[frozenset[str]], known: Sequence[frozenset[str]]) -> list[tuple[int, int]]:
    """For each ring its pairs that are together in `known`, and all its pairs."""
    together: Pairs = frozenset(pair for ring in known for pair in combinations(sorted(ring), 2))
    return [
        (sum(pair in together for pair in combinations(sorted(ring), 2)), len(ring) * (len(ring) - 1) // 2)
        for ring in asked
    ]


def _interval(counted: Sequence[tuple[int, int]], seed: int) -> Interval:
    """Over rings, which stand or fall together."""
    if not counted:
        return Interval(0.0, 0.0, 1.0)
    rows, rng = np.array(counted, np.float64), np.random.default_rng(seed)
    drawn = [rows[rng.integers(0, len(rows), len(rows))].sum(axis=0) for _ in range(_BOOTSTRAPS)]
    low, high = np.quantile([right / every for right, every in drawn], (0.025, 0.975))
    right, every = rows.sum(axis=0)
    return Interval(float(right / every), float(low), float(high))
