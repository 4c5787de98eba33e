"""The daily look at every house that decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from service.clock import now
from service.control import repository
from service.control.looking import look
from service.control.service import act
from service.database import Database
from service.jobs.handlers import JobContext, job_handler
from service.jobs.periodic import periodic
from service.screening.findings import RuleStatus

KIND = "control"
_DAILY = timedelta(days=1)


@job_handler(KIND)
def control_job(context: JobContext) -> dict[str, Any]:
    runtime = context.runtime
    return {"events": run(runtime.database, context.tenant_id, runtime.settings.rule_status)}


def run(database: Database, tenant_id: str, settings: Mapping[str, RuleStatus]) -> list[str]:
    """Look, then do what follows from it in one short transaction; the kinds of what happened."""
    at = now()
    with database.read() as session:
        found = look(session, tenant_id, settings, at)
    with database.write() as session:
        return [event.kind for event in act(session, tenant_id, settings, found)]


def _overdue(session: Session) -> Iterable[str]:
    """Houses whose first decision is a day old: before, there is nothing to compare."""
    at = now()
    return repository.overdue(session, decided_before=at - _DAILY, ran_before=at - _DAILY)


periodic(KIND, _overdue)
