"""How likely a parcel is to turn out counterfeit, from the traits of its inspection: a logistic model, fitted.

It orders a queue; it is no verdict and no probability to be told to anybody outside.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SHIPPED = Path(__file__).with_name("chances.json")

Traits = Mapping[str, float]


@dataclass(frozen=True)
class ChanceModel:
    """Weights of `mizugiwa fit triage`, with where they come from."""

    version: str
    weights: dict[str, float]
    intercept: float
    """At the prevalence that `source` names."""
    source: dict[str, str | int | float]

    def chances(self, parcels: Sequence[Traits]) -> NDArray[np.float64]:
        """Shape (N,), each from 0 to 1."""
        names = list(self.weights)
        values = np.array([[each.get(name, 0.0) for name in names] for each in parcels], np.float64)
        logits = values.reshape(len(parcels), len(names)) @ np.array(list(self.weights.values()))
        return np.asarray(1 / (1 + np.exp(-(logits + self.intercept))), np.float64)

    def contributions(self, parcel: Traits) -> dict[str, float]:
        """What each trait that is there adds to the logarithm of the odds, the largest first."""
        found = {name: weight * parcel.get(name, 0.0) for name, weight in self.weights.items()}
        return dict(sorted(((n, v) for n, v in found.items() if v), key=lambda each: (-each[1], each[0])))

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n")


def load_chances(path: Path) -> ChanceModel:
    """
    Raises:
        OSError, ValueError, TypeError: the file is missing or damaged; fit it anew.
    """
    return ChanceModel(**json.loads(path.read_text("utf-8")))


@cache
def shipped_chances() -> ChanceModel:
    return load_chances(SHIPPED)
