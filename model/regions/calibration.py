"""From what is known of a region and a reference to the chance that the region shows the reference's product."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from model.regions.verifying import Near

SHIPPED = Path(__file__).parent / "calibrations"
_SHRINKAGE = 1e-3


class RegionCalibrationMissing(LookupError):
    def __init__(self, fingerprint: str) -> None:
        super().__init__(
            f"Regions are not calibrated for encoder fingerprint {fingerprint}, so that their scores mean nothing. "
            "Make a calibration with `mizugiwa calibrate-regions FOLDER --encoder NAME`."
        )


@dataclass(frozen=True)
class RegionCalibration:
    """p = 1 / (1 + exp(−(cosine · c + log(1 + matches) · m + intercept))), and the bar above which a box is shown.

    The best of many windows is always somewhat alike, so this was measured on the best answers of whole pictures,
    with and without products that are enrolled.
    """

    fingerprint: str
    version: str
    cosine: float
    matches: float
    intercept: float
    bar: float
    source: str
    """The command, data and seed that it came from."""
    pictures: int

    def score(self, near: Near) -> float:
        """In [0, 1]. A reference whose keypoints nobody looked at counts as one of which none agree."""
        matched = np.log1p(near.matches or 0)
        return float(expit(self.cosine * near.cosine + self.matches * matched + self.intercept))

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")


def shipped_calibration(fingerprint: str) -> RegionCalibration:
    """What comes with the product for an encoder.

    Raises:
        RegionCalibrationMissing: nothing does.
    """
    path = SHIPPED / f"{fingerprint}.json"
    if not path.exists():
        raise RegionCalibrationMissing(fingerprint)
    return load_region_calibration(path)


def load_region_calibration(path: Path) -> RegionCalibration:
    """Raises: ValueError: the file is not a calibration of regions."""
    try:
        return RegionCalibration(**json.loads(path.read_text()))
    except (TypeError, json.JSONDecodeError) as error:
        raise ValueError(
            f"{path} is not a calibration of regions ({error}); make it anew with `mizugiwa calibrate-regions`."
        ) from None


def fit(near: Sequence[Near], right: NDArray[np.bool_]) -> tuple[float, float, float]:
    """The likeliest cosine, matches and intercept, slightly shrunk; neither weight is negative.

    Raises:
        ValueError: right and wrong answers must both occur.
    """
    if right.all() or not right.any():
        raise ValueError("A calibration needs right and wrong answers.")
    known = np.array([[one.cosine, np.log1p(one.matches or 0), 1.0] for one in near])

    def loss(weights: NDArray[np.float64]) -> float:
        logits = known @ weights
        return float(
            np.mean(np.logaddexp(0, logits) - right * logits) + _SHRINKAGE * (weights[:2] ** 2).sum() / 100
        )

    cosine, matches, intercept = minimize(
        loss, x0=np.array([5.0, 1.0, -5.0]), method="L-BFGS-B", bounds=[(0, None), (0, None), (None, None)]
    ).x
    return float(cosine), float(matches), float(intercept)


def lowest_bar(scores: NDArray[np.float64], right: NDArray[np.bool_], precision: float) -> float:
    """The lowest score at and above which at least that share of answers is right; 1 where none is."""
    order = np.argsort(-scores, kind="stable")
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    reached = np.flatnonzero(share >= precision)
    return float(scores[order][reached[-1]]) if len(reached) else 1.0
