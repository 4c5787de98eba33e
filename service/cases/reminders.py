"""Nothing overdue goes unseen: whoever listens is told when a deadline is near, and again when it has passed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from service.audit.service import record
from service.cases import repository
from service.cases.models import Case, CaseDeadline
from service.clock import now
from service.jobs.context import JobContext
from service.jobs.handlers import job_handler
from service.jobs.periodic import by_itself, periodic
from service.webhooks.service import publish

TELL = "case-clocks"
NEAR = timedelta(days=3)
_AT_ONCE = 100


@dataclass(frozen=True)
class Told:
    near: int
    overdue: int


def tell(session: Session, tenant_id: str, at: datetime) -> Told:
    """Send what is to be said at that moment of up to a hundred deadlines; each is said once."""
    near = overdue = 0
    for deadline, case in repository.to_tell(session, tenant_id, at, at + NEAR, _AT_ONCE):
        if deadline.due_at <= at:
            deadline.escalated_at = at
            _publish(session, "case.deadline_overdue", deadline, case)
            detail = {"deadline": deadline.key, "due_at": deadline.due_at.isoformat()}
            record(session, by_itself(tenant_id), "case.deadline_overdue", case.id, detail)
            overdue += 1
        else:
            deadline.reminded_at = at
            _publish(session, "case.deadline_near", deadline, case)
            near += 1
    session.flush()
    return Told(near, overdue)


@job_handler(TELL)
def tell_of_clocks(context: JobContext) -> dict[str, Any]:
    """Until there is nothing more to say."""
    near = overdue = 0
    while True:
        with context.runtime.database.write() as session:
            told = tell(session, context.tenant_id, now())
        near, overdue = near + told.near, overdue + told.overdue
        context.progress(near + overdue)
        if told.near + told.overdue == 0:
            return {"near": near, "overdue": overdue}


def _tenants(session: Session) -> Iterable[str]:
    at = now()
    return repository.tenants_to_tell(session, at, at + NEAR)


def _publish(session: Session, event: str, deadline: CaseDeadline, case: Case) -> None:
    payload = {
        "case_id": case.id,
        "state": case.state,
        "deadline": deadline.key,
        "party": deadline.party,
        "due_at": deadline.due_at.isoformat(),
        "binding": deadline.binding,
    }
    publish(session, case.tenant_id, event, payload, case.organisation_id)


periodic(TELL, _tenants)
