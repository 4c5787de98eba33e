"""`mizugiwa evaluate xray`: what it measures without any picture at hand, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app


@pytest.mark.long
def test_rendered_parcels_are_counted_without_a_folder(tmp_path: Path) -> None:
    file = tmp_path / "xray.json"
    result = CliRunner().invoke(app, ["evaluate", "xray", "--kit", "--parcels", "1", "--json", str(file)])
    assert result.exit_code == 0, result.output
    figures = json.loads(file.read_text())
    assert figures["parcels"] == 14
    assert figures["count_within_one_upto_10"] >= 0.5
    assert "auroc" not in figures


def test_either_a_folder_or_the_kit_is_measured(tmp_path: Path) -> None:
    for words in ([], [str(tmp_path), "--kit"]):
        result = CliRunner().invoke(app, ["evaluate", "xray", *words])
        assert result.exit_code == 2
