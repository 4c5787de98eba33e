"""An enrolment by ZIP: checked and kept at once, read by a job, thrown away when that is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

import service.brands.service as brands
from service.audit.service import record
from service.enrolment.archive import MAX_BYTES, ZipSource
from service.enrolment.errors import ArchiveRefused
from service.enrolment.importer import enrol
from service.enrolment.place import Enrolling
from service.errors import PayloadTooLarge
from service.ids import new_id
from service.jobs import service as jobs
from service.jobs.context import JobContext
from service.jobs.handlers import job_handler
from service.jobs.models import Job
from service.runtime import Runtime
from service.security.principals import Principal

KIND = "enrol"


class JobReport:
    """Passes on what the importer says to the job's record."""

    def __init__(self, context: JobContext) -> None:
        self._context = context

    def progress(self, done: int, total: int) -> None:
        self._context.progress(done, total)

    def error(self, file: str, line: int | None, message: str) -> None:
        where = file if line is None else f"{file} line {line}"
        self._context.add_error(line, f"{where}: {message}")

    def keep(self, checkpoint: dict[str, Any], session: Session | None) -> None:
        if session is not None:
            self._context.save_checkpoint(checkpoint, session)


def accept(
    runtime: Runtime,
    principal: Principal,
    archive: BinaryIO,
    owner_id: str | None,
    encoding: str | None,
    *,
    dry_run: bool,
) -> Job:
    """Keep the ZIP and ask for the job that reads it.

    Raises:
        ArchiveRefused: it is no ZIP, or hostile.
        PayloadTooLarge: it has more than 1 GiB.
        NotFound: the principal may not act for the owner.
    """
    with runtime.database.read() as session:
        owner = brands.resolve_owner(session, principal, owner_id)
    path = _kept(runtime, archive)
    try:
        ZipSource(path).close()
        payload = {"upload": path.name, "owner_id": owner, "encoding": encoding, "dry_run": dry_run}
        with runtime.database.write() as session:
            job = jobs.submit(session, principal, KIND, payload)
            record(session, principal, "enrolment.create", job.id, {"owner_id": owner, "dry_run": dry_run})
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return job


@job_handler(KIND)
def read_archive(context: JobContext) -> dict[str, Any]:
    """Raises: ArchiveRefused: the kept ZIP cannot be read."""
    payload = context.payload
    path = _folder(context.runtime) / payload["upload"]
    if not path.exists():
        raise ArchiveRefused("The kept ZIP is no longer there; send it again.")
    run = Enrolling(context.runtime, context.principal, payload["owner_id"], payload["dry_run"])
    source = ZipSource(path)
    try:
        checkpoint = {} if run.dry_run else context.checkpoint
        tally = enrol(run, source, JobReport(context), checkpoint, payload["encoding"])
    finally:
        source.close()
    path.unlink()
    return {"dry_run": run.dry_run, "rows": tally}


def _kept(runtime: Runtime, archive: BinaryIO) -> Path:
    folder = _folder(runtime)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{new_id('upl')}.zip"
    with path.open("xb") as file:
        left = MAX_BYTES
        while chunk := archive.read(2**20):
            left -= len(chunk)
            if left < 0:
                path.unlink()
                raise PayloadTooLarge(f"The ZIP has more than {MAX_BYTES:,} bytes; send it in parts.")
            file.write(chunk)
    return path


def _folder(runtime: Runtime) -> Path:
    return runtime.settings.data_dir / "uploads"
