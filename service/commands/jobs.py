"""Looking after background work on the machine itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table
from sqlalchemy.orm import Session

from service.database import Database
from service.errors import Problem
from service.jobs import repository, upkeep
from service.jobs.models import Job, JobState
from service.migration import migrate
from service.settings import Settings

app = typer.Typer(help="Background work: what waits, runs and is done.", no_args_is_help=True)
_out = Console()


@app.command("list")
def list_jobs(
    state: Annotated[JobState | None, typer.Option(help="Only jobs in this state.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """The latest jobs of all tenants."""
    table = Table(Column("id", no_wrap=True), "kind", "state", "progress", "errors", "created")
    with _session() as session:
        for job in upkeep.latest(session, state, limit):
            table.add_row(
                job.id, job.kind, job.state, _progress(job), str(job.error_count), f"{job.created_at:%F %T}"
            )
    _out.print(table)


@app.command()
def show(job_id: str) -> None:
    """One job, with its errors and its result."""
    with _session() as session:
        job = _found(session, job_id)
        _out.print(f"{job.id}  {job.kind}  {job.state}  {_progress(job)}  attempts {job.attempts}")
        for error in job.errors:
            _out.print(f"  line {error['line'] or '-'}: {error['message']}", markup=False)
        if job.error_count > len(job.errors):
            _out.print(f"  and {job.error_count - len(job.errors)} more")
        _out.print_json(data={"result": job.result, "failure": job.failure})


@app.command()
def cancel(job_id: str) -> None:
    """Cancel a job; one that is running ends at its next step."""
    with _session(writing=True) as session:
        upkeep.cancel(session, _found(session, job_id))
    _out.print(f"{job_id}: cancellation asked for")


@contextmanager
def _session(writing: bool = False) -> Iterator[Session]:
    database = Database(Settings().resolved_database_url)
    try:
        migrate(database)
        with database.write() if writing else database.read() as session:
            yield session
    except Problem as problem:
        typer.echo(problem.detail, err=True)
        raise typer.Exit(1) from problem
    finally:
        database.close()


def _found(session: Session, job_id: str) -> Job:
    job = repository.any_job(session, job_id)
    if job is None:
        raise typer.BadParameter(f"there is no job {job_id}; `mizugiwa jobs list` shows them")
    return job


def _progress(job: Job) -> str:
    return f"{job.done}/{job.total}" if job.total is not None else str(job.done)
