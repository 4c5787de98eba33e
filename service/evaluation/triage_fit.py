"""Learns from simulated parcels how much each trait of an inspection says of what will be found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from sklearn.linear_model import LogisticRegression

from model.evaluation.traffic import traffic_shares
from service.evaluation.triage_traffic import Placed
from service.parcels.traits import NAMES
from service.worklist.chances import ChanceModel

_STRENGTH = 1.0
"""Inverse of the regularisation, as scikit-learn has it."""
_NEGLIGIBLE = 1e-3


def fit_chances(
    parcels: Sequence[Placed], prevalence: float, version: str, source: Mapping[str, str | int | float]
) -> ChanceModel:
    """Logistic regression; each parcel weighs as much as its kind comes in traffic of the prevalence.

    Weights are scaled so that counterfeits and others weigh alike in the fit, and the intercept is set back to the
    prevalence (King and Zeng 2001, prior correction).
    """
    values = np.array([[each.traits.get(name, 0.0) for name in NAMES] for each in parcels])
    labels = np.array([each.truth.value == "counterfeit" for each in parcels])
    shares, counts = traffic_shares(prevalence), Counter(each.truth for each in parcels)
    weights = np.array([shares[each.truth] / counts[each.truth] for each in parcels])
    for label in (True, False):
        weights[labels == label] *= len(parcels) / 2 / weights[labels == label].sum()
    fitted = LogisticRegression(C=_STRENGTH, max_iter=2_000).fit(values, labels, sample_weight=weights)
    found = dict(zip(NAMES, map(float, fitted.coef_[0]), strict=True))
    return ChanceModel(
        version=version,
        weights={name: round(weight, 4) for name, weight in found.items() if abs(weight) > _NEGLIGIBLE},
        intercept=round(float(fitted.intercept_[0]) + float(np.log(prevalence / (1 - prevalence))), 4),
        source=dict(source),
    )
