"""Workers on a fresh database, without the encoder and the indexes of a whole service."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.database import Database
from service.jobs import handlers
from service.jobs.models import FINISHED, Job
from service.jobs.runner import JobRunner
from service.jobs.service import submit
from service.security.principals import Principal, Role
from service.security.service import organisation_named, tenant_named
from tests.service.databases import Engine, fresh_database


@dataclass
class Bench:
    """The parts of a runtime that jobs need."""

    database: Database
    principal: Principal
    data_dir: Path
    url: str
    """Of the database."""

    def runner(self, workers: int = 1) -> JobRunner:
        runner = JobRunner(self.data_dir, self.database)
        runner.start(self, workers)  # type: ignore[arg-type]  # as much of a runtime as jobs use
        return runner

    def submit(self, kind: str, **payload: Any) -> str:
        with self.database.write() as session:
            return submit(session, self.principal, kind, payload).id

    def job(self, job_id: str) -> Job:
        with self.database.read() as session:
            job = session.get(Job, job_id)
            assert job is not None
            session.expunge(job)
        return job

    def wait(self, job_id: str, until: Callable[[Job], bool] | None = None, seconds: float = 15) -> Job:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            job = self.job(job_id)
            if until(job) if until else job.state in FINISHED:
                return job
            time.sleep(0.02)
        raise AssertionError(f"still {job.state} after {seconds} s, {job.failures} failures")


@pytest.fixture
def bench(tmp_path: Path, engine: Engine) -> Iterator[Bench]:
    url = fresh_database(tmp_path, engine)
    database = Database(url)
    with database.write() as session:
        owner = organisation_named(session, tenant_named(session, "house").id, "someone")
        principal = Principal("key_x", owner.tenant_id, owner.id, Role.PLATFORM)
    yield Bench(database, principal, tmp_path, url)
    database.close()


@pytest.fixture
def runner(bench: Bench) -> Iterator[JobRunner]:
    running = bench.runner()
    yield running
    running.close()


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, handlers.JobFunction], None]:
    """Declare a function for a kind of job, for this test alone."""
    monkeypatch.setattr(handlers, "_functions", {})

    def declare(kind: str, function: handlers.JobFunction) -> None:
        handlers.job_handler(kind)(function)

    return declare
