"""Fits `model/scoring/findings.json`: what evidence weighs, and what its sum means, on a day of the kit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from model.scoring.calibration import fit
from model.scoring.evidence import fit_weights
from model.scoring.findings import FindingModel
from service.control.evidence import START_WEIGHTS, degrees
from service.evaluation.traffic import Judged, truths

_FOLDS = 10
_DIGITS = 4


def fit_findings(judged: Sequence[Judged], version: str, command: str, seed: int) -> FindingModel:
    """Weights of everything; the calibration of scores that each tenth got from weights of the other nine."""
    names = list(START_WEIGHTS)
    start = np.array([START_WEIGHTS[name] for name in names])
    given = given_degrees(judged, names)
    right = truths(judged)
    scores = np.empty(len(right))
    for own, other in StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(given, right):
        scores[other] = given[other] @ fit_weights(given[own], right[own], start)
    weights = fit_weights(given, right, start)
    source: dict[str, str | int] = {
        "command": command,
        "seed": seed,
        "listings": len(judged),
        "encoder": judged[0].record.versions.encoder,
        "date": datetime.now(UTC).date().isoformat(),
    }
    rounded = {name: round(float(weight), _DIGITS) for name, weight in zip(names, weights, strict=True)}
    return FindingModel(version, rounded, fit(scores, right, seed), source)


def given_degrees(judged: Sequence[Judged], names: Sequence[str]) -> NDArray[np.float64]:
    """Shape (listings, names)."""
    found = [degrees(each.record.findings, each.record.outcome.brand_id) for each in judged]
    return np.array([[each.get(name, 0.0) for name in names] for each in found])


def scored(judged: Sequence[Judged], model: FindingModel) -> NDArray[np.float64]:
    """Shape (listings,): the score of each, as a check would tell it."""
    return np.array(
        [model.score(degrees(each.record.findings, each.record.outcome.brand_id)) for each in judged]
    )
