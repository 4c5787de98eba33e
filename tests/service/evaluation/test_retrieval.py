from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from model.evaluation.kit import build_kit, write_retrieval
from service.cli import app
from service.evaluation.manifest import ManifestInvalid, read_retrieval
from tests.service.listings.conftest import png, textured


def manifest(folder: Path, *lines: str) -> Path:
    (folder / "p.png").write_bytes(png(textured(1, 100)))
    path = folder / "manifest.csv"
    path.write_text("\n".join(["path,role,product", *lines]))
    return path


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("p.png,picture,A", "role is 'picture'"),
        ("q.png,query,A", "there is no picture"),
        ("p.png,reference,", "needs a product"),
    ],
)
def test_a_wrong_line_is_named_with_its_number(tmp_path: Path, line: str, complaint: str) -> None:
    with pytest.raises(ManifestInvalid, match=f":3:.*{complaint}"):
        read_retrieval(manifest(tmp_path, "p.png,reference,A", line))


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("path,role\n")
    with pytest.raises(ManifestInvalid, match="lacks product"):
        read_retrieval(path)


@pytest.mark.long
def test_the_command_enrols_checks_and_writes_its_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(tmp_path / "data"))
    kit = write_retrieval(build_kit(seed=2, brands=6), tmp_path / "kit", queries=24, hardness=0.2)
    figures = tmp_path / "figures.json"
    result = CliRunner().invoke(
        app,
        ["evaluate", "retrieval", str(kit), "--split", "", "--json", str(figures)],
        catch_exceptions=False,
    )
    assert result.exit_code == 0, result.output
    found = json.loads(figures.read_text())
    assert found["r_at_1"] >= 0.5
    assert found["r_at_5"] >= found["r_at_1"]
    assert found["map_low"] <= found["map"] <= found["map_high"]
    assert {
        "seed",
        "encoder",
        "commit",
        "machine",
        "command",
        "auroc_unknown",
        "ece",
        "p95_ms",
    } <= found.keys()
