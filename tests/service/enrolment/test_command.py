"""`mizugiwa enrol`: the same run from a folder, with a table at the end."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from model.encoders.dummy import DummyEncoder
from service.brands.models import Brand
from service.commands import enrol
from service.opening import open_runtime
from service.references.models import Reference
from service.security.models import Organisation
from service.settings import Settings
from tests.service.conftest import CALIBRATION


@pytest.fixture
def folder(tmp_path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (tmp_path / "kit" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "kit" / name).write_bytes(data)
    return tmp_path / "kit"


@pytest.fixture
def run(monkeypatch, settings: Settings, folder: Path):
    """The command on this folder; the dummy stands in for weights alone."""
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(settings.data_dir))
    monkeypatch.setattr(enrol, "open_runtime", lambda found: open_runtime(found, DummyEncoder(), CALIBRATION))
    app = typer.Typer()
    enrol.add_to(app)
    return lambda *more: CliRunner().invoke(
        app, [str(folder), "--owner", "Ohashi", "--tenant", "house", *more]
    )


def counted(settings: Settings) -> tuple[int, int, int]:
    runtime = open_runtime(settings, DummyEncoder(), CALIBRATION)
    try:
        with runtime.database.read() as session:
            return tuple(session.query(kind).count() for kind in (Organisation, Brand, Reference))
    finally:
        runtime.close()


def test_a_folder_is_enrolled_once_and_then_left(run, settings):
    first = run()
    assert first.exit_code == 0, first.output
    assert "0 errors" in first.output
    assert run("--resume").exit_code == 0
    assert counted(settings) == (1, 1, 2)


def test_a_dry_run_does_not_even_make_the_owner(run, settings):
    assert run("--dry-run").exit_code == 0
    assert counted(settings) == (0, 0, 0)


def test_a_refused_row_is_named_and_the_exit_says_so(run, folder):
    (folder / "references.csv").write_text("brand,sku,path\nOhashi,A-1,absent.png\n")
    answer = run()
    assert answer.exit_code == 1
    assert "references.csv:2" in answer.output
