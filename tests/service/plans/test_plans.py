"""No question of a list or of a check reads a whole table once the tables are large."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import event

from service.database import Database
from service.runtime import Runtime
from service.settings import Settings
from tests.service.databases import Engine
from tests.service.security.houses import Headers, houses
from tests.service.security.test_isolation import _pages, _plenty, scoped

from .filling import SMALL, fill

Authorised = Callable[..., Headers]
Asked = dict[str, Any]
"""Parameters by statement."""

ROWS = int(os.environ.get("MIZUGIWA_TEST_ROWS", "20000"))
"""Of each table. A plan that reads no table of 20,000 rows reads none of 1,000,000: the choice is by cost."""

WHOLE: dict[str, str] = {}
"""Tables that a question does read from end to end, by a word of the question, with the reason."""


@pytest.fixture
def engine() -> Engine:
    return Engine.POSTGRESQL


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"requests_per_minute": 1_000_000})


@pytest.fixture
def asked(runtime: Runtime) -> Iterator[Asked]:
    """What the service has asked its database since; each statement once, with the parameters of its last time."""
    heard: Asked = {}

    def hear(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.lstrip().startswith(("SELECT", "UPDATE", "DELETE")) and "pg_" not in statement:
            heard[statement] = parameters

    event.listen(runtime.database.engine, "before_cursor_execute", hear)
    yield heard
    event.remove(runtime.database.engine, "before_cursor_execute", hear)


@pytest.mark.long
def test_no_question_reads_a_large_table_from_end_to_end(
    client: TestClient, runtime: Runtime, key_for: Authorised, asked: Asked
) -> None:
    ours = houses(client, key_for)[0]
    things = _plenty(ours)[0]
    for operation in (each for each in scoped(client) if each.method == "get"):
        for headers in ours.people:
            _pages(client, operation, things, headers)
    questions = dict(asked)
    assert len(questions) > 200
    with runtime.database.read() as session:
        tenant_id = (
            session.connection()
            .exec_driver_sql("SELECT id FROM tenants WHERE name = %s", (ours.tenant,))
            .scalar_one()
        )
    fill(runtime.database.engine, tenant_id, ROWS)
    whole = {
        statement: found
        for statement in questions
        if (found := _read_whole(runtime.database, statement, questions[statement]))
    }
    assert not whole, "\n\n".join(f"{', '.join(found)}:\n{statement}" for statement, found in whole.items())


def _read_whole(database: Database, statement: str, parameters: Any) -> list[str]:
    """Large tables that the plan of the statement reads from end to end."""
    one = parameters[0] if isinstance(parameters, list) else parameters
    with database.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", one).scalar_one()
    document = plan if isinstance(plan, list) else json.loads(plan)
    return sorted(
        {
            node["Relation Name"]
            for node in _nodes(document[0]["Plan"])
            if node["Node Type"] == "Seq Scan" and node["Relation Name"] not in SMALL
        }
    )


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from _nodes(below)
