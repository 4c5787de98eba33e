"""Does the work list find counterfeits early? The curve of counterfeits found against parcels opened.

Counterfeits are rare in the post, so as many are drawn as a figure needs, and each parcel is weighed by how often its
kind comes in traffic of the given prevalence: the curve is that of the traffic, its interval a stratified bootstrap's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.evaluation.metrics import Interval
from model.evaluation.traffic import ParcelTruth, traffic_shares
from service.evaluation.triage_traffic import Placed

_BOOTSTRAPS = 1_000
DEPTHS = (0.01, 0.02, 0.05, 0.10, 0.20, 0.50)


@dataclass(frozen=True)
class Report:
    parcels: Sequence[Placed]
    prevalence: float
    seed: int

    def found_at(self, depth: float) -> Interval:
        """Share of counterfeits among the first `depth` of the traffic."""
        return self._interval(np.array([each.place for each in self.parcels], np.float64), depth)

    def found_by_value(self, depth: float) -> Interval:
        """Likewise where the dearest declared are opened first."""
        return self._interval(-np.array([each.value for each in self.parcels], np.float64), depth)

    def figures(self) -> dict[str, float | int | str]:
        found: dict[str, float | int | str] = {"parcels": len(self.parcels), "prevalence": self.prevalence}
        for depth in DEPTHS:
            name, ranked, by_value = (
                f"{round(depth * 100):02d}",
                self.found_at(depth),
                self.found_by_value(depth),
            )
            found |= {
                f"found_at_{name}": ranked.value,
                f"found_at_{name}_low": ranked.low,
                f"found_at_{name}_high": ranked.high,
                f"found_at_{name}_by_value": by_value.value,
                f"found_at_{name}_random": depth,
            }
        return found

    def _interval(self, order: NDArray[np.float64], depth: float) -> Interval:
        truths = np.array([each.truth.value for each in self.parcels])
        shares = traffic_shares(self.prevalence)
        kinds = {truth: np.flatnonzero(truths == truth.value) for truth in ParcelTruth}
        rng = np.random.default_rng(self.seed)

        def found(taken: Mapping[ParcelTruth, NDArray[np.int64]]) -> float:
            weights = {kind: shares[kind] / max(1, len(at)) for kind, at in taken.items()}
            return found_within(order, taken, weights, depth)

        drawn = [
            found({kind: rng.choice(at, len(at)) if len(at) else at for kind, at in kinds.items()})
            for _ in range(_BOOTSTRAPS)
        ]
        low, high = np.quantile(drawn, (0.025, 0.975))
        return Interval(found(kinds), float(low), float(high))


def found_within(
    order: NDArray[np.float64],
    taken: Mapping[ParcelTruth, NDArray[np.int64]],
    weights: Mapping[ParcelTruth, float],
    depth: float,
) -> float:
    """Share of counterfeits in the first `depth` of the traffic; a parcel across the line counts in part.

    Args:
        order: of each parcel, smallest first.
        taken: of each kind, which parcels.
        weights: of each kind, how much of the traffic one of its parcels stands for.
    """
    at = np.concatenate([taken[kind] for kind in taken])
    weight = np.concatenate([np.full(len(taken[kind]), weights[kind]) for kind in taken])
    counterfeit = np.concatenate([np.full(len(taken[k]), k is ParcelTruth.COUNTERFEIT) for k in taken])
    placed = np.argsort(order[at], kind="stable")
    ends = np.cumsum(weight[placed])
    within = np.clip((depth - (ends - weight[placed])) / weight[placed], 0, 1)
    caught = weight[placed] * within * counterfeit[placed]
    return float(caught.sum() / (weight * counterfeit).sum())
