from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from model.encoders.dummy import DummyEncoder
from service.opening import open_runtime
from service.runtime import Runtime
from service.screening.findings import RuleStatus
from service.screening.policy import UnknownRule
from service.settings import Settings
from tests.service.databases import Engine


def test_a_started_service_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    answer = client.get("/readyz").json()
    assert answer["status"] == "ready"
    assert answer["encoder"] == "dummy:dummy"


def test_an_unknown_address_is_answered_with_a_problem_document(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-found"
    assert client.get("/problems/not-found").json()["status"] == 404


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Nobody but the tests uses the database."""
    return settings.model_copy(update={"job_workers": 0})


@pytest.fixture
def engine() -> Engine:
    """These tests harm its file."""
    return Engine.SQLITE


@pytest.fixture
def database_file(runtime: Runtime, settings: Settings) -> Iterator[Path]:
    """Of a service that has been running, and whose next connection will be a new one."""
    runtime.database.engine.dispose()
    yield settings.data_dir / "mizugiwa.db"
    runtime.database.engine.dispose()


def assert_not_ready(answer: httpx.Response, kind: str = "not-ready") -> None:
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{kind}"
    assert int(answer.headers["Retry-After"]) >= 1
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]


def test_with_a_database_that_is_no_database_it_is_not_ready(client: TestClient, database_file: Path) -> None:
    for journal in database_file.parent.glob("mizugiwa.db-*"):
        journal.unlink()
    database_file.write_bytes(b"no database" * 1000)
    assert_not_ready(client.get("/readyz"))
    assert client.get("/healthz").status_code == 200


def test_with_a_database_that_is_gone_it_is_not_ready(client: TestClient, database_file: Path) -> None:
    for file in database_file.parent.glob("mizugiwa.db*"):
        file.unlink()
    assert_not_ready(client.get("/readyz"))


def test_with_a_database_that_cannot_be_opened_it_is_not_ready(
    client: TestClient, database_file: Path
) -> None:
    for file in database_file.parent.glob("mizugiwa.db*"):
        file.unlink()
    database_file.mkdir()
    assert_not_ready(client.get("/readyz"))


def test_while_somebody_locks_the_database_it_is_not_ready_and_afterwards_it_is(
    client: TestClient, database_file: Path
) -> None:
    with closing(sqlite3.connect(database_file)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE spaces SET revision = revision")
        assert_not_ready(client.get("/readyz"))
        other.rollback()
    assert client.get("/readyz").json()["status"] == "ready"


def test_with_no_connection_free_it_is_not_ready(
    client: TestClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime.database.engine, "connect", _raising(PoolTimeout("QueuePool limit")))
    assert_not_ready(client.get("/readyz"))


def test_a_request_that_gets_no_connection_is_asked_to_come_back(
    client: TestClient, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime.database.engine, "connect", _raising(PoolTimeout("QueuePool limit")))
    answer = client.get("/v1/keys", headers={"Authorization": "Bearer mzg_000000000000_any"})
    assert_not_ready(answer, "unavailable")


def test_with_an_index_ahead_of_the_database_it_is_not_ready(client: TestClient, runtime: Runtime) -> None:
    """As after an older backup was restored."""
    with runtime.database.write() as session:
        session.execute(text("update spaces set revision = -1"))
    assert_not_ready(client.get("/readyz"), "index-not-ready")


@pytest.mark.parametrize("cause", [OSError("no space left on device"), KeyError("embedding"), MemoryError()])
def test_with_an_index_that_cannot_follow_it_is_not_ready_and_the_log_says_why(
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    cause: Exception,
) -> None:
    monkeypatch.setattr("service.vectors.service._follow", _raising(cause))
    answer = client.get("/readyz")
    assert_not_ready(answer)
    assert str(cause) not in answer.text or not str(cause)
    (record,) = [each for each in caplog.records if each.name == "service.health"]
    assert record.exc_info is not None
    assert record.exc_info[1] is cause


def _raising(cause: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise cause

    return fail


def test_a_status_for_a_rule_that_the_policy_lacks_is_refused_at_start(settings: Settings) -> None:
    wrong = settings.model_copy(update={"rule_status": {"no-such-rule": RuleStatus.LIVE}})
    with pytest.raises(UnknownRule, match="no-such-rule"):
        open_runtime(wrong, DummyEncoder())
