"""The process that the kill test kills: enrols a folder from where the last one was stopped, and says how far it is."""

from __future__ import annotations

import json
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

import service.schema  # noqa: F401 - every table
from model.encoders.dummy import DummyEncoder
from service.database import after_commit
from service.enrolment import importer
from service.enrolment.place import Enrolling
from service.enrolment.sources import FolderSource
from service.opening import open_runtime
from service.security.principals import Principal, Role
from service.settings import Settings
from tests.service.conftest import CALIBRATION


class SayingReport:
    """Acknowledges through a pipe, after the commit, each batch of references."""

    def __init__(self, kept: Path, said: Connection) -> None:
        self._kept, self._said = kept, said

    def progress(self, done: int, total: int) -> None: ...

    def error(self, file: str, line: int | None, message: str) -> None:
        self._said.send(f"error {file} {line} {message}")

    def keep(self, checkpoint: dict[str, Any], session: Session | None) -> None:
        assert session is not None
        after_commit(session, lambda: self._acknowledge(checkpoint))

    def _acknowledge(self, checkpoint: dict[str, Any]) -> None:
        self._said.send(checkpoint["rows"].get("references.csv", 0))
        aside = self._kept.with_suffix(".new")
        aside.write_text(json.dumps(checkpoint))
        aside.replace(self._kept)


def enrol_on(data_dir: Path, folder: Path, tenant_id: str, owner_id: str, said: Connection) -> None:
    importer.PICTURES_AT_ONCE = 3
    kept = folder / "checkpoint.json"
    runtime = open_runtime(
        Settings(data_dir=data_dir, threads=1, _env_file=None), DummyEncoder(), CALIBRATION
    )
    said.send("opened")
    run = Enrolling(runtime, Principal("key", tenant_id, owner_id, Role.ADMIN), owner_id, dry_run=False)
    checkpoint = json.loads(kept.read_text()) if kept.exists() else {}
    importer.enrol(run, FolderSource(folder), SayingReport(kept, said), checkpoint)
    said.send("finished")
    runtime.close()
