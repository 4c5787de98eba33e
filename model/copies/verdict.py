"""How much the evidence is worth: a logistic regression, and the thresholds for what is said."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.copies.evidence import MEASURES, Evidence

SHIPPED = Path(__file__).with_name("verification.json")


class VerdictInvalid(ValueError):
    """The file does not hold a verdict on these measures; fit it again with `mizugiwa fit copies`."""


@dataclass(frozen=True)
class Verdict:
    measures: tuple[str, ...]
    weights: tuple[float, ...]
    """For each of `measures`, as measured (not standardised)."""
    intercept: float
    copy_from: float
    """Probability from which a copy is claimed."""
    artwork_inliers: int
    """Inliers from which, short of a copy, the same artwork is claimed."""
    provenance: dict[str, Any]

    def probability(self, evidence: Evidence) -> float:
        """That these are copies, in [0, 1]."""
        return float(self.probabilities(evidence.measures()[None])[0])

    def probabilities(self, measures: NDArray[np.float64]) -> NDArray[np.float64]:
        """Of (N, M) measures; shape (N,)."""
        logits = np.clip(measures @ np.array(self.weights) + self.intercept, -40, 40)
        return np.asarray(1 / (1 + np.exp(-logits)), np.float64)

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")


def load(path: Path) -> Verdict:
    """Read what `save` wrote.

    Raises:
        VerdictInvalid: other measures, or something missing.
    """
    held = json.loads(path.read_text())
    if set(held) != {each.name for each in fields(Verdict)} or tuple(held["measures"]) != MEASURES:
        raise VerdictInvalid(f"{path} weighs other measures than these; run `mizugiwa fit copies` again.")
    return Verdict(**held | {"measures": tuple(held["measures"]), "weights": tuple(held["weights"])})


@cache
def shipped() -> Verdict:
    return load(SHIPPED)
