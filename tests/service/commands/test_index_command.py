"""`mizugiwa index status` says how the index was made up when it was last saved."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from typer.testing import CliRunner

from index.base import Item, Library, Modality
from index.faiss import FaissIndex, Tuning
from service.benchmarks.picture_vectors import PictureVectors
from service.cli import app
from service.clock import now
from service.database import Database
from service.migration import migrate
from service.settings import Settings
from service.vectors.models import Space
from service.vectors.service import index_place

D = 32


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, int, str]:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("service.commands.index.console", Console(width=250))
    database = Database(Settings().resolved_database_url)
    migrate(database)
    space = Space(
        name="emb:f",
        incarnation="one",
        kind="embedding",
        encoder="bundled",
        fingerprint="f",
        dimension=D,
        revision=7,
        active=True,
        created_at=now(),
    )
    made = index_place(tmp_path / "index", space)
    with database.write() as session:
        session.add(space)
    return made


def status() -> str:
    done = CliRunner().invoke(app, ["index", "status"])
    assert done.exit_code == 0, done.output
    return " ".join(done.output.replace("│", " ").split())


def test_without_a_snapshot_it_says_so(place: tuple[Path, int, str]) -> None:
    assert "emb:f: no snapshot yet" in status()


def test_a_trained_part_is_shown_with_its_sizes_and_recall(place: tuple[Path, int, str]) -> None:
    index = FaissIndex(*place[1:2], place[0], place[2], Tuning(exact_numbers=500 * D))
    vectors = PictureVectors(800, D, 1).piece(0, 800).vectors
    items = [
        Item(f"i-{n}", "acme", Library.GENUINE, Modality.PHOTO, "b", row) for n, row in enumerate(vectors)
    ]
    index.upsert(items[:700])
    index.settle()
    index.upsert(items[700:])
    index.remove([f"i-{n}" for n in range(30)])
    index.save_snapshot()
    (part,) = index.status()
    index.close()
    shown = status()
    assert "acme genuine photo trained 700 100 30" in shown
    assert f"{part.probes} of {part.lists}" in shown
    assert f"{part.recall_at_10:.4f}" in shown


def test_a_damaged_snapshot_is_named_with_its_reason(place: tuple[Path, int, str]) -> None:
    index = FaissIndex(D, place[0], place[2])
    index.upsert([Item("i", "acme", Library.GENUINE, Modality.PHOTO, "b", np.eye(D, dtype=np.float32)[0])])
    (index.save_snapshot() / "status.json").write_text("{}")
    index.close()
    assert "snapshot-000000000001 is not used: damaged" in status()
