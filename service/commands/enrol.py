"""`mizugiwa enrol FOLDER`: bulk enrolment from a folder, with a progress bar and a table at the end."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from sqlalchemy.orm import Session

import service.schema  # noqa: F401 - a command must know every table
from service.database import after_commit
from service.enrolment.importer import Tally, enrol
from service.enrolment.place import Enrolling, Outcome
from service.enrolment.sources import FolderSource
from service.opening import open_runtime
from service.runtime import Runtime
from service.security import keys, parties
from service.security.principals import Principal, Role
from service.settings import Settings

_console = Console()
_PICTURE_FILES = ("references.csv", "known_counterfeits.csv")


def add_to(app: typer.Typer) -> None:
    app.command(name="enrol")(enrol_folder)


def enrol_folder(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, help="As docs/enrolment.md says.")],
    owner: Annotated[str, typer.Option(help="The right holder's organisation; made if it is new.")],
    tenant: Annotated[str, typer.Option(help="The tenant; made if it is new.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything, change nothing.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where a run was cut off.")] = False,
    encoding: Annotated[str | None, typer.Option(help="Of the CSV files: utf-8 or cp932.")] = None,
) -> None:
    """Enrol from a folder all that a brand owner has. Exits with 1 if a row was refused."""
    runtime = open_runtime(Settings())
    try:
        principal = _principal(runtime, tenant, owner, keep=not dry_run)
        run = Enrolling(runtime, principal, principal.organisation_id, dry_run)
        report = TerminalReport(_checkpoint_file(runtime, folder, principal))
        started = time.perf_counter()
        with report.bar:
            tally = enrol(run, FolderSource(folder), report, report.earlier() if resume else {}, encoding)
        report.finished()
    finally:
        runtime.close()
    _print(tally, report, time.perf_counter() - started, dry_run=dry_run)
    if report.errors:
        raise typer.Exit(1)


class TerminalReport:
    """A progress bar, errors as they come, and a checkpoint beside the database."""

    def __init__(self, kept: Path) -> None:
        self._kept = kept
        self._task: TaskID | None = None
        self.errors = 0
        self.bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:.0f} rows/s"),
            TimeRemainingColumn(),
            console=_console,
        )
        self._started = time.perf_counter()

    def earlier(self) -> dict[str, Any]:
        """The checkpoint of a run that was cut off; empty where there is none."""
        found: dict[str, Any] = json.loads(self._kept.read_text()) if self._kept.exists() else {}
        return found

    def progress(self, done: int, total: int) -> None:
        if self._task is None:
            self._task = self.bar.add_task("enrolling", total=total, rate=0.0)
        rate = done / max(1e-9, time.perf_counter() - self._started)
        self.bar.update(self._task, completed=done, rate=rate)

    def error(self, file: str, line: int | None, message: str) -> None:
        self.errors += 1
        where = file if line is None else f"{file}:{line}"
        self.bar.console.print(f"{where}: {message}", style="red", markup=False, highlight=False)

    def keep(self, checkpoint: dict[str, Any], session: Session | None) -> None:
        """Written after the commit; a kill between the two repeats a batch, which changes nothing."""
        if session is not None:
            after_commit(session, lambda: self._write(checkpoint))

    def finished(self) -> None:
        self._kept.unlink(missing_ok=True)

    def _write(self, checkpoint: dict[str, Any]) -> None:
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        aside = self._kept.with_suffix(".new")
        aside.write_text(json.dumps(checkpoint))
        aside.replace(self._kept)


def _principal(runtime: Runtime, tenant: str, owner: str, *, keep: bool) -> Principal:
    """A tenant or an owner that is new is kept only where the run is no dry one."""
    with runtime.database.write() as session:
        house_id = parties.founded(session, tenant).id
        holder_id = parties.joined(session, keys.operator(house_id), owner).id
        if not keep:
            session.rollback()
        return Principal("command-line", house_id, holder_id, Role.ADMIN)


def _checkpoint_file(runtime: Runtime, folder: Path, principal: Principal) -> Path:
    name = hashlib.sha256(f"{folder.resolve()}|{principal.organisation_id}".encode()).hexdigest()[:16]
    return runtime.settings.data_dir / "enrolments" / f"{name}.json"


def _print(tally: Tally, report: TerminalReport, seconds: float, *, dry_run: bool) -> None:
    table = Table(title="what would happen (dry run)" if dry_run else "enrolled")
    table.add_column("file")
    for outcome in Outcome:
        table.add_column(outcome.value, justify="right")
    for file, counts in tally.items():
        table.add_row(file, *(str(counts[outcome.value]) for outcome in Outcome))
    _console.print(table)
    pictures = sum(sum(tally.get(file, {}).values()) for file in _PICTURE_FILES)
    _console.print(f"{seconds:.1f} s, {pictures / max(seconds, 1e-9):.1f} pictures/s, {report.errors} errors")
