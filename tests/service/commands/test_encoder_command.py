"""`mizugiwa encoder` says what is there and fails loudly where it is damaged."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.commands.encoder import app


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(tmp_path))
    return tmp_path


def test_list_names_the_encoder_that_needs_no_download(data: Path) -> None:
    shown = CliRunner().invoke(app, ["list"])
    assert shown.exit_code == 0
    assert "bundled" in shown.output


def test_verify_of_a_damaged_manifest_fails(data: Path) -> None:
    folder = data / "encoders" / "some-encoder"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text("{")
    shown = CliRunner().invoke(app, ["verify"])
    assert shown.exit_code == 1
    assert "manifest" in shown.output


def test_pull_of_a_name_that_means_nothing_fails_and_says_so(data: Path) -> None:
    shown = CliRunner().invoke(app, ["pull", "nothing"])
    assert shown.exit_code == 1
    assert "no encoder" in shown.output
