"""Nothing overdue goes unseen: near deadlines are told of once, passed ones once more, changed ones anew."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from service.cases.reminders import NEAR, TELL, Told, tell
from service.cases.service import count_overdue
from service.jobs.periodic import submit_wanted
from service.runtime import Runtime
from service.security.principals import Role
from service.security.service import known_tenant
from tests.service.cases.conftest import Headers, Port

DUE = datetime(2026, 5, 15, 15, tzinfo=UTC)
"""Of the importer, when the notice was given on Monday, 27 April 2026, in Japan."""


def told(runtime: Runtime, at: datetime) -> Told:
    with runtime.database.write() as session:
        return tell(session, known_tenant(session, "house").id, at)


def events(runtime: Runtime) -> list[tuple[str, str]]:
    """Kind and deadline of what went to the outbox about clocks, in order."""
    with runtime.database.read() as session:
        rows = session.execute(text("select event, body from webhook_events order by id")).all()
    return [
        (row.event, json.loads(row.body)["data"]["deadline"])
        for row in rows
        if row.event.startswith("case.deadline")
    ]


def listen(port: Port) -> None:
    body = {"url": "https://hooks.example.com/", "events": ["case.deadline_near", "case.deadline_overdue"]}
    port.client.post("/v1/webhooks", json=body, headers=port.market).raise_for_status()


def test_a_deadline_is_told_of_when_it_is_near_and_again_when_it_has_passed(
    port: Port, runtime: Runtime, key_for: Callable[..., Headers]
) -> None:
    listen(port)
    case_id = port.open()["id"]
    port.steps(case_id, "notified")
    assert told(runtime, DUE - NEAR - timedelta(seconds=1)) == Told(0, 0)
    assert told(runtime, DUE - NEAR) == Told(1, 0)
    assert told(runtime, DUE - timedelta(seconds=1)) == Told(0, 0)
    assert told(runtime, DUE) == Told(0, 1)
    assert told(runtime, DUE + timedelta(seconds=1)) == Told(0, 0)
    assert events(runtime) == [
        ("case.deadline_near", "importer_dispute"),
        ("case.deadline_overdue", "importer_dispute"),
    ]
    entries = port.client.get(
        "/v1/audit/entries", params={"object_id": case_id}, headers=key_for(Role.AUDITOR, "Audit")
    ).json()["items"]
    assert (entries[-1]["action"], entries[-1]["key_id"]) == ("case.deadline_overdue", "clock")


def test_a_deadline_that_moved_is_told_of_again(port: Port, runtime: Runtime) -> None:
    case_id = port.open()["id"]
    port.steps(case_id, "notified")
    assert told(runtime, DUE).overdue == 1
    changes = {"perishable": True, "why": "fresh"}
    port.client.patch(f"/v1/cases/{case_id}", json=changes, headers=port.inspector).raise_for_status()
    assert told(runtime, DUE).overdue == 1


def test_what_is_settled_is_not_told_of(port: Port, runtime: Runtime) -> None:
    case_id = port.open()["id"]
    port.steps(case_id, "notified", "disputed")
    assert told(runtime, DUE) == Told(0, 0)


def test_overdue_deadlines_are_counted_where_readiness_is_asked(port: Port) -> None:
    case_id = port.open()["id"]
    port.steps(case_id, "notified")
    assert port.client.get("/readyz").json()["overdue_deadlines"] == 0
    port.clock.at = DUE
    assert port.client.get("/readyz").json()["overdue_deadlines"] == 1


def test_the_house_submits_the_job_by_itself_where_there_is_something_to_tell(
    port: Port, runtime: Runtime
) -> None:
    case_id = port.open()["id"]
    port.steps(case_id, "notified")
    assert submit_wanted(runtime.database) == 0
    port.clock.at = DUE
    with runtime.database.read() as session:
        assert count_overdue(session) == 1
    assert submit_wanted(runtime.database) == 1
    with runtime.database.read() as session:
        kinds = session.execute(text("select kind, tenant_id from jobs")).all()
        assert [tuple(each) for each in kinds] == [(TELL, known_tenant(session, "house").id)]
