"""From a cosine to the chance that two pictures show the same product (S1), by Platt scaling.

Platt (1999), "Probabilistic outputs for support vector machines", with his smoothed targets.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit


@dataclass(frozen=True)
class IdentityCalibration:
    """p = 1 / (1 + exp(−(slope · cosine + intercept))) for one encoder, with where it was measured."""

    fingerprint: str
    version: str
    slope: float
    intercept: float
    source: str
    """The command, data and seed that it came from."""
    pairs: int

    def probability(self, cosine: float) -> float:
        """In [0, 1], rising with the cosine."""
        return float(expit(self.slope * cosine + self.intercept))

    def cosine_at(self, probability: float) -> float:
        """The cosine that has this probability, in (0, 1)."""
        return float((logit(probability) - self.intercept) / self.slope)

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".new")
        aside.write_text(json.dumps(asdict(self), indent=2) + "\n")
        aside.replace(path)


def load_calibration(path: Path) -> IdentityCalibration:
    """Raises: ValueError: the file is not a calibration."""
    try:
        return IdentityCalibration(**json.loads(path.read_text()))
    except (TypeError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{path} is not a calibration ({error}); make it anew with `mizugiwa calibrate`."
        ) from None


def fit_platt(cosines: NDArray[np.float64], same: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and intercept of the most likely sigmoid.

    Args:
        cosines, same: shape (N,); both classes must occur.

    Raises:
        ValueError: one of the classes is missing, or cosines do not rise with sameness.
    """
    positives, negatives = int(same.sum()), int((~same).sum())
    if not positives or not negatives:
        raise ValueError("A calibration needs pairs of the same and of different products.")
    targets = np.where(same, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    weights = np.where(same, 0.5 / positives, 0.5 / negatives)

    def loss(parameters: NDArray[np.float64]) -> float:
        logits = parameters[0] * cosines + parameters[1]
        return float(np.sum(weights * (np.logaddexp(0, logits) - targets * logits)))

    slope, intercept = minimize(loss, x0=np.array([10.0, -5.0]), method="BFGS").x
    if slope <= 0:
        raise ValueError(
            "Cosines of the same product are not larger than of others; the encoder tells nothing."
        )
    return float(slope), float(intercept)
