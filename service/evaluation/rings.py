"""How well rings of accounts are told from honest shops that share pictures all the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from rich.progress import track

from model.copies.hashes import MATCH_DISTANCE, PerceptualHash, distance, pdq
from model.copies.verification import verify
from model.encoders.base import Encoder
from model.evaluation.kit import build_kit, catalogue_views
from model.evaluation.metrics import Interval
from model.evaluation.traffic import Market, ShownPicture, simulated_market
from model.keypoints import LocalPicture, look_closely
from model.rings import (
    OwnPicture,
    Ring,
    alike_groups,
    find_rings,
    links_between,
    same_by_hash,
    worth_a_look,
)
from service.rings.service import LIMITS, LOOKED_AT, WORTH_COSINE

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


def evaluate_rings(seed: int, rings: int, honest: int, encoder: Encoder) -> Report:
    """Draw a market, take out what brand or stock own, compare what is near, and look for rings."""
    kit = build_kit(seed, brands=4)
    market = simulated_market(kit, seed, rings, honest)
    owned = [pdq(view) for product in kit.products for view in catalogue_views(product)]
    owned += [pdq(each) for each in market.stock]
    own = _own(market, owned)
    pictures = [OwnPicture(each.owner, f"{at:05d}", pdq(each.pixels)) for at, each in enumerate(own)]
    groups = alike_groups(pictures, _verified(own, pictures, encoder))
    return _report(market, find_rings(links_between(groups, LIMITS), LIMITS), seed)


def _own(market: Market, owned: Sequence[PerceptualHash]) -> list[ShownPicture]:
    hashes = [pdq(each.pixels) for each in market.pictures]
    return [
        each
        for each, found in zip(market.pictures, hashes, strict=True)
        if all(distance(found, known) > MATCH_DISTANCE for known in owned)
    ]


def _verified(
    own: Sequence[ShownPicture], pictures: Sequence[OwnPicture], encoder: Encoder
) -> list[tuple[int, int]]:
    """As the service does, with the same bars."""
    vectors = np.concatenate([encoder.encode([each.pixels]) for each in track(own, description="describing")])
    certain = set(same_by_hash(pictures))
    near = worth_a_look([each.owner for each in own], vectors, WORTH_COSINE, LOOKED_AT)
    closeups: dict[int, LocalPicture] = {}

    def closely(at: int) -> LocalPicture:
        if at not in closeups:
            closeups[at] = look_closely(own[at].pixels)
        return closeups[at]

    left = [pair for pair in near if pair not in certain]
    return [
        (first, second)
        for first, second in track(left, description="comparing")
        if verify(closely(first), closely(second)).is_copy
    ]


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
