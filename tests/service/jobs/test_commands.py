"""`mizugiwa jobs` and `mizugiwa worker`, on a data folder of their own."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest
from typer.testing import CliRunner, Result

from model.encoders.dummy import DummyEncoder
from service.audit.models import AuditEntry
from service.cli import app
from service.commands import server
from service.database import Database
from service.jobs.handlers import JobFunction
from service.jobs.models import Job, JobState
from service.jobs.service import submit
from service.migration import migrate
from service.opening import open_runtime
from service.security.principals import Principal, Role
from service.security.service import organisation_named, tenant_named
from service.settings import Settings
from tests.service.conftest import CALIBRATION

Handle = Callable[[str, JobFunction], None]


@pytest.fixture
def database(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("COLUMNS", "120")
    opened = Database(settings.resolved_database_url)
    migrate(opened)
    yield opened
    opened.close()


def submitted(database: Database, tenant: str = "house", state: JobState = JobState.QUEUED) -> str:
    with database.write() as session:
        owner = organisation_named(session, tenant_named(session, tenant).id, "someone")
        principal = Principal("key_x", owner.tenant_id, owner.id, Role.PLATFORM)
        job = submit(session, principal, "count", {}, total=2)
        job.state = state.value
        job.finished_at = job.created_at
        job.errors, job.error_count = [{"line": 7, "message": "The [price] is no number."}], 3
    return job.id


def stored(database: Database, job_id: str) -> Job:
    with database.read() as session:
        return session.get_one(Job, job_id)


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_jobs_of_all_tenants_are_listed_latest_first_with_their_whole_ids(database: Database) -> None:
    older, newer = submitted(database), submitted(database, "elsewhere")
    printed = ran("jobs", "list")
    assert printed.exit_code == 0, printed.output
    assert 0 < printed.output.index(newer) < printed.output.index(older)
    assert "0/2" in printed.output


def test_jobs_are_listed_by_state(database: Database) -> None:
    waiting, done = submitted(database), submitted(database, state=JobState.DONE)
    printed = ran("jobs", "list", "--state", "done").output
    assert done in printed
    assert waiting not in printed


def test_a_job_is_shown_with_what_was_wrong_with_its_input(database: Database) -> None:
    printed = ran("jobs", "show", submitted(database))
    assert printed.exit_code == 0, printed.output
    assert "line 7: The [price] is no number." in printed.output
    assert "and 2 more" in printed.output


def test_a_job_is_cancelled_and_the_log_says_that_the_operator_did_it(database: Database) -> None:
    job_id = submitted(database)
    assert ran("jobs", "cancel", job_id).exit_code == 0
    assert stored(database, job_id).state == JobState.CANCELLED
    with database.read() as session:
        (entry,) = session.query(AuditEntry).filter_by(object_id=job_id)
    assert entry.action == "job.cancel"
    assert '"by":"operator"' in entry.detail


def test_a_finished_job_is_not_cancelled_and_says_why_without_a_traceback(database: Database) -> None:
    refused = ran("jobs", "cancel", submitted(database, state=JobState.DONE))
    assert refused.exit_code == 1
    assert "is done since" in refused.output
    assert isinstance(refused.exception, SystemExit)


@pytest.mark.parametrize("command", ["show", "cancel"])
def test_a_job_that_is_not_there_is_refused_with_what_to_do(database: Database, command: str) -> None:
    refused = ran("jobs", command, "job_none")
    assert refused.exit_code == 2
    assert "mizugiwa jobs list" in refused.output


@pytest.fixture
def signals() -> Iterator[None]:
    """Whatever the command does with the signals of this process and its log is undone."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    handlers, level = list(logging.root.handlers), logging.root.level
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.mark.usefixtures("signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_does_what_waits_and_ends_when_told_to(
    database: Database, handle: Handle, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    monkeypatch.setattr(
        server, "open_runtime", lambda found: open_runtime(found, DummyEncoder(), CALIBRATION)
    )
    ended = Event()

    def count(_context: object) -> None:
        ended.set()

    def stop() -> None:
        ended.wait(60)
        os.kill(os.getpid(), number)

    handle("count", count)
    job_id = submitted(database)
    stopper = Thread(target=stop)
    stopper.start()
    finished = ran("worker")
    stopper.join()
    assert finished.exit_code == 0, finished.output
    assert stored(database, job_id).state == JobState.DONE
