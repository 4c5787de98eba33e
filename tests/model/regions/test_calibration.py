from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.encoders import bundled
from model.regions import (
    Near,
    RegionCalibration,
    RegionCalibrationMissing,
    load_region_calibration,
    shipped_calibration,
)
from model.regions.calibration import fit, lowest_bar


def near(cosine: float, matches: int | None) -> Near:
    return Near("reference", "product", "brand", cosine, matches)


def test_the_bundled_encoder_comes_with_a_calibration() -> None:
    calibration = shipped_calibration(bundled.info().fingerprint)
    assert calibration.source.startswith("mizugiwa calibrate-regions")
    assert calibration.score(near(0.9, 120)) > calibration.bar > calibration.score(near(0.4, 1))


def test_an_encoder_without_a_calibration_is_told_how_to_get_one() -> None:
    with pytest.raises(RegionCalibrationMissing, match="calibrate-regions"):
        shipped_calibration("0" * 16)


def test_a_calibration_is_read_as_it_was_saved(tmp_path: Path) -> None:
    calibration = RegionCalibration("f" * 16, "v", 3.0, 1.5, -4.0, 0.7, "a test", 12)
    calibration.save(tmp_path / "regions" / "one.json")
    assert load_region_calibration(tmp_path / "regions" / "one.json") == calibration


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"fingerprint": "f", "unknown": 1}'])
def test_a_damaged_calibration_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "one.json").write_text(text)
    with pytest.raises(ValueError, match="calibrate-regions"):
        load_region_calibration(tmp_path / "one.json")


def test_matches_and_cosines_of_right_answers_raise_the_score() -> None:
    rng = np.random.default_rng(0)
    right = np.arange(400) % 2 == 0
    answers = [
        near(float(rng.normal(0.75 if each else 0.6, 0.08)), int(rng.integers(30, 90) if each else rng.integers(0, 40)))
        for each in right
    ]  # fmt: skip
    cosine, matches, intercept = fit(answers, right)
    calibration = RegionCalibration("f", "v", cosine, matches, intercept, 0.5, "", 0)
    assert cosine > 0
    assert matches > 0
    scores = np.array([calibration.score(each) for each in answers])
    assert np.mean((scores >= 0.5) == right) > 0.9


def test_nothing_can_be_fitted_to_right_answers_alone() -> None:
    with pytest.raises(ValueError, match="right and wrong"):
        fit([near(0.5, 3)], np.array([True]))


def test_the_bar_is_the_lowest_that_keeps_the_precision() -> None:
    scores = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    right = np.array([True, True, False, True, False])
    assert lowest_bar(scores, right, 1.0) == 0.8
    assert lowest_bar(scores, right, 0.75) == 0.6
    assert lowest_bar(scores, np.zeros(5, bool), 0.5) == 1.0
