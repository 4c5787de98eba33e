"""Weights of evidence: of a known sign, learnt where there are data, kept where there are none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from model.scoring.evidence import EvidenceWeights, fit_weights


def test_weights_that_made_the_labels_are_found() -> None:
    rng = np.random.default_rng(0)
    degrees = rng.random((20_000, 2))
    right = rng.random(20_000) < expit(degrees @ np.array([3.0, -2.0]) - 0.5)
    assert fit_weights(degrees, right, np.array([1.0, -1.0])) == pytest.approx([3.0, -2.0], abs=0.2)


def test_evidence_that_never_occurs_keeps_its_start_weight() -> None:
    rng = np.random.default_rng(1)
    degrees = np.column_stack([rng.random(500), np.zeros(500)])
    right = rng.random(500) < degrees[:, 0]
    assert fit_weights(degrees, right, np.array([1.0, 2.5]))[1] == pytest.approx(2.5)


def test_a_weight_never_changes_its_sign() -> None:
    rng = np.random.default_rng(2)
    degrees = rng.random((2000, 1))
    right = rng.random(2000) < 1 - degrees[:, 0]
    assert fit_weights(degrees, right, np.array([1.0]))[0] == 0.0


def test_a_score_is_the_sum_of_weighted_degrees() -> None:
    weights = EvidenceWeights("test", {"S3": 4.0, "S5": -6.0}, "by hand")
    assert weights.score({"S3": 0.5, "S6": 1.0}) == 2.0
