"""`mizugiwa evaluate copy`: a suite from a folder, through the API and without it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from model.evaluation.attacks import TooFewPictures
from model.evaluation.kit import background_photo
from service.cli import app
from service.evaluation.copy import read_suite
from service.evaluation.manifest import ManifestInvalid


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("photos")
    for number in range(28):
        photo = Image.fromarray(background_photo(np.random.default_rng(number)))
        photo.resize((240, 320)).save(folder / f"{number:02}.jpg")
    return folder


def test_a_folder_without_pictures_is_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestInvalid, match=str(tmp_path)):
        read_suite(tmp_path, references=4, queries=2, seed=0)


def test_more_references_than_the_folder_can_give_are_edits_of_further_photos(photos: Path) -> None:
    made, further = read_suite(photos, references=100, queries=4, seed=0)
    assert len(made.references) + further == 100
    assert len(made.references) == 8
    assert len(made.further) > 0


def test_too_many_queries_are_refused(photos: Path) -> None:
    with pytest.raises(TooFewPictures):
        read_suite(photos, references=8, queries=40, seed=0)


@pytest.mark.long
def test_the_command_measures_the_service_and_the_other_ways(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(tmp_path / "data"))
    figures, sheets = tmp_path / "figures.json", tmp_path / "sheets"
    options = ["--references", "8", "--queries", "6", "--background", "6", "--curve"]
    result = CliRunner().invoke(
        app,
        ["evaluate", "copy", str(photos), *options, "--json", str(figures), "--write", str(sheets)],
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    found = json.loads(figures.read_text())
    assert found["micro_ap"] == found["micro_ap_service"] >= 0.5
    assert found["micro_ap_low"] <= found["micro_ap"] <= found["micro_ap_high"]
    assert found["micro_ap_views_all_verified_10"] >= 0.5
    assert found["p50_ms_views_whole_verified_1"] < found["p95_ms_views_all_verified_20"]
    assert {"micro_ap_pdq", "recall_at_p90_crop", "found_embedding", "seed", "encoder"} <= set(found)
    with Image.open(sheets / "attacks.png") as sheet:
        assert sheet.width > 1000
