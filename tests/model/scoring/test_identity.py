from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.scoring.identity import IdentityCalibration, fit_platt, load_calibration


def made(slope: float, intercept: float) -> IdentityCalibration:
    return IdentityCalibration("f" * 16, "v", slope, intercept, "a test", 10)


def test_the_fit_finds_the_sigmoid_that_made_the_data() -> None:
    rng = np.random.default_rng(0)
    cosines = rng.uniform(-0.2, 1, 40_000)
    same = rng.uniform(size=40_000) < 1 / (1 + np.exp(-(12 * cosines - 6)))
    slope, intercept = fit_platt(cosines, same)
    balanced = np.log(same.sum() / (~same).sum())
    assert slope == pytest.approx(12, rel=0.05)
    assert intercept + balanced == pytest.approx(-6, rel=0.05)


def test_probability_and_cosine_are_each_others_inverse() -> None:
    calibration = made(12, -8)
    assert calibration.probability(calibration.cosine_at(0.9)) == pytest.approx(0.9)
    assert calibration.probability(0.2) < calibration.probability(0.8)


def test_an_encoder_that_tells_nothing_is_refused() -> None:
    cosines = np.linspace(0, 1, 100)
    with pytest.raises(ValueError, match="tells nothing"):
        fit_platt(cosines, cosines < 0.5)


def test_a_calibration_needs_both_kinds_of_pairs() -> None:
    with pytest.raises(ValueError, match="same and of different"):
        fit_platt(np.ones(3), np.ones(3, bool))


def test_a_calibration_is_read_back_as_it_was_kept(tmp_path: Path) -> None:
    made(12, -8).save(tmp_path / "deep" / "c.json")
    assert load_calibration(tmp_path / "deep" / "c.json") == made(12, -8)


def test_a_damaged_calibration_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "c.json").write_text('{"slope": 1}')
    with pytest.raises(ValueError, match="mizugiwa calibrate"):
        load_calibration(tmp_path / "c.json")
