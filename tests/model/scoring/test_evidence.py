"""Weights of evidence: of a known sign, learnt where there are data, kept where there are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit

from model.scoring.calibration import Calibration, Method
from model.scoring.evidence import fit_weights
from model.scoring.findings import FindingModel, load

MODEL = FindingModel(
    "test",
    {"S3": 4.0, "S5": -6.0},
    Calibration(Method.ISOTONIC, 0.4, 10, knots=(0.0, 1.0), values=(0.1, 0.9)),
    {"command": "by hand"},
)


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
    assert MODEL.score({"S3": 0.5, "S6": 1.0}) == 2.0


def test_a_model_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    MODEL.save(tmp_path / "findings.json")
    assert load(tmp_path / "findings.json") == MODEL


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    (tmp_path / "findings.json").write_text('{"version": "x"}')
    with pytest.raises(ValueError, match="mizugiwa fit findings"):
        load(tmp_path / "findings.json")
