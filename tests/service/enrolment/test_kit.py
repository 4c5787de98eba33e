"""The synthetic kit is a folder that bulk enrolment takes as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from model.encoders.dummy import DummyEncoder
from model.evaluation.kit import KNOWN_CASES
from service.commands import kit as kit_command
from service.enrolment.importer import enrol
from service.enrolment.place import Enrolling
from service.enrolment.sources import FolderSource
from service.evaluation.manifest import PictureUse, read_retrieval
from service.opening import open_runtime
from service.security.principals import Principal, Role
from service.security.service import organisation_named, tenant_named
from service.settings import Settings
from tests.service.conftest import CALIBRATION

_CREATED = {
    "brands.csv": 2, "rights.csv": 3, "products.csv": 6, "price_bands.csv": 6, "authorised_sellers.csv": 2,
    "references.csv": 18, "known_counterfeits.csv": KNOWN_CASES,
}  # fmt: skip


class Watcher:
    """Remembers what was refused."""

    def __init__(self) -> None:
        self.errors: list[tuple[str, int | None, str]] = []

    def progress(self, done: int, total: int) -> None:
        pass

    def error(self, file: str, line: int | None, message: str) -> None:
        self.errors.append((file, line, message))

    def keep(self, checkpoint: object, session: object) -> None:
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As somebody without photos gets it."""
    path = tmp_path_factory.mktemp("kit")
    answer = _kit("write", str(path), "--seed", "0", "--brands", "2", "--listings", "0")
    assert answer.exit_code == 0, answer.output
    return path


def test_a_written_kit_is_enrolled_without_an_error(folder: Path, settings: Settings) -> None:
    runtime = open_runtime(settings, DummyEncoder(), CALIBRATION)
    watcher = Watcher()
    try:
        with runtime.database.write() as session:
            house = tenant_named(session, "house")
            owner = organisation_named(session, house.id, "Kit")
            principal = Principal("test", house.id, owner.id, Role.ADMIN)
        tally = enrol(
            Enrolling(runtime, principal, principal.organisation_id, False), FolderSource(folder), watcher, {}
        )
    finally:
        runtime.close()
    assert watcher.errors == []
    assert {file: counts["created"] for file, counts in tally.items()} == _CREATED
    assert all(sum(counts.values()) == counts["created"] for counts in tally.values())


def test_a_folder_that_holds_something_is_left_alone(folder: Path) -> None:
    before = (folder / "brands.csv").read_bytes()
    assert _kit("write", str(folder), "--seed", "1").exit_code == 2
    assert _kit("retrieval", str(folder)).exit_code == 2
    assert (folder / "brands.csv").read_bytes() == before


def test_photos_to_evaluate_on_are_read_as_they_are_written(tmp_path: Path) -> None:
    answer = _kit("retrieval", str(tmp_path / "new"), "--brands", "1", "--queries", "5", "--hardness", "0.9")
    assert answer.exit_code == 0, answer.output
    rows = read_retrieval(tmp_path / "new" / "manifest.csv")
    assert [row.use for row in rows].count(PictureUse.REFERENCE) == 9
    assert [bool(row.product) for row in rows if row.use is PictureUse.QUERY] == [
        False,
        True,
        True,
        True,
        True,
    ]


def test_a_sheet_is_a_picture_file(tmp_path: Path) -> None:
    answer = _kit("sheet", str(tmp_path / "sheet.png"), "--rows", "1")
    assert answer.exit_code == 0, answer.output
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.height == 326


@pytest.mark.parametrize("name", ["sheet", "sheet.txt"])
def test_a_sheet_whose_name_is_no_pictures_is_refused(tmp_path: Path, name: str) -> None:
    assert _kit("sheet", str(tmp_path / name), "--rows", "1").exit_code == 2


def _kit(*words: str):
    root = typer.Typer()
    root.add_typer(kit_command.app, name="kit")
    return CliRunner().invoke(root, ["kit", *words])
