"""Reads the files of an enrolment in their order and settles their rows, batch by batch.

A batch and the note of how far the run has come are one transaction. So a run that was killed goes on after its last
batch; and because a row that is known already is left as it is, repeating rows does no harm either.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from service.enrolment.errors import FileUnusable
from service.enrolment.pictures import settle_pictures
from service.enrolment.place import Enrolling, Outcome
from service.enrolment.rows import FILES, CounterfeitRow, ReferenceRow
from service.enrolment.settling import settle
from service.enrolment.sources import Source
from service.enrolment.tables import MAX_BYTES, Row, RowError, read_table
from service.errors import Problem

_ROWS_AT_ONCE = 200
PICTURES_AT_ONCE = 32
Tally = dict[str, dict[str, int]]
"""How many rows of each file had each outcome."""


class Report(Protocol):
    """Whoever watches the run: a terminal or a job."""

    def progress(self, done: int, total: int) -> None: ...
    def error(self, file: str, line: int | None, message: str) -> None: ...
    def keep(self, checkpoint: dict[str, Any], session: Session | None) -> None:
        """Note how far the run has come, within the transaction of what was done; None in a dry run."""
        ...


class NothingToEnrol(FileUnusable):
    slug = "nothing-to-enrol"
    title = "There is nothing to enrol"

    def __init__(self) -> None:
        super().__init__("enrolment", None, f"holds none of {', '.join(FILES)} at its top")


@dataclass
class _Progress:
    total: int
    done: int = 0
    tally: Tally = field(default_factory=dict)

    def count(self, file: str, outcome: Outcome) -> None:
        counts = self.tally.setdefault(file, dict.fromkeys(map(str, Outcome), 0))
        counts[outcome.value] += 1


def enrol(
    run: Enrolling, source: Source, report: Report, checkpoint: dict[str, Any], encoding: str | None = None
) -> Tally:
    """Enrol everything that the source holds, and say how many rows became what.

    Args:
        checkpoint: what `report.keep` was last given in an earlier run over the same source, or nothing.

    Raises:
        NothingToEnrol: the source holds none of the files.
    """
    tables = _tables(source, report, encoding, quiet=bool(checkpoint))
    progress = _Progress(sum(map(len, tables.values())), tally=dict(checkpoint.get("tally", {})))
    report.progress(0, progress.total)
    for file, rows in tables.items():
        start = _start(file, checkpoint)
        progress.done += min(start, len(rows))
        size = PICTURES_AT_ONCE if _has_pictures(file) else _ROWS_AT_ONCE
        for at in range(start, len(rows), size):
            _settle_batch(run, source, report, progress, file, rows[at : at + size], at)
    return progress.tally


def _tables(
    source: Source, report: Report, encoding: str | None, *, quiet: bool
) -> dict[str, list[Row | RowError]]:
    present = [file for file in FILES if source.has(file)]
    if not present:
        raise NothingToEnrol
    tables = {}
    for file in present:
        try:
            tables[file] = read_table(file, source.read(file, MAX_BYTES), FILES[file], encoding)
        except Problem as refusal:
            if not quiet:
                line = refusal.line if isinstance(refusal, FileUnusable) else None
                reason = refusal.reason if isinstance(refusal, FileUnusable) else refusal.detail
                report.error(file, line, reason)
    return tables


def _start(file: str, checkpoint: dict[str, Any]) -> int:
    return int(checkpoint.get("rows", {}).get(file, 0))


def _has_pictures(file: str) -> bool:
    return FILES[file] in {ReferenceRow, CounterfeitRow}


def _settle_batch(
    run: Enrolling,
    source: Source,
    report: Report,
    progress: _Progress,
    file: str,
    rows: Sequence[Row | RowError],
    at: int,
) -> None:
    sound = [row for row in rows if isinstance(row, Row)]
    before = {name: dict(counts) for name, counts in progress.tally.items()}

    def keep(session: Session | None, results: list[Outcome | Exception]) -> None:
        progress.tally = {name: dict(counts) for name, counts in before.items()}
        _count(progress, report, file, rows, results)
        rows_done = {**_finished_before(file), file: at + len(rows)}
        report.keep({"rows": rows_done, "tally": progress.tally}, session)

    if run.dry_run:
        results = (
            settle_pictures(run, source, sound, keep) if _has_pictures(file) else _settle(run, None, sound)
        )
        keep(None, results)
    elif _has_pictures(file):
        settle_pictures(run, source, sound, keep)
    else:
        with run.runtime.database.write() as session:
            keep(session, _settle(run, session, sound))
    progress.done += len(rows)
    report.progress(progress.done, progress.total)


def _settle(run: Enrolling, session: Session | None, rows: Sequence[Row]) -> list[Outcome | Exception]:
    if session is not None:
        return [_settle_row(run, session, row) for row in rows]
    with run.runtime.database.read() as reading:
        return [_settle_row(run, reading, row) for row in rows]


def _settle_row(run: Enrolling, session: Session, row: Row) -> Outcome | Exception:
    try:
        step: AbstractContextManager[object] = session.begin_nested()
        with step:
            return settle(row.content, run, session)
    except Problem as refusal:
        return refusal


def _count(
    progress: _Progress,
    report: Report,
    file: str,
    rows: Sequence[Row | RowError],
    results: Sequence[Outcome | Exception],
) -> None:
    left = iter(results)
    for row in rows:
        result = next(left) if isinstance(row, Row) else row
        if isinstance(result, Outcome):
            progress.count(file, result)
            continue
        progress.count(file, Outcome.REFUSED)
        message = result.message if isinstance(result, RowError) else _said(result)
        report.error(file, row.line, message)


def _said(refusal: Exception) -> str:
    return refusal.detail if isinstance(refusal, Problem) else str(refusal)


def _finished_before(file: str) -> dict[str, int]:
    """Files are read in one order; those before this one are done, whatever their length."""
    names = list(FILES)
    return dict.fromkeys(names[: names.index(file)], 2**31)
