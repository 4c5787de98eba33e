"""What the operator of the machine may do with jobs of every tenant."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.audit.service import record
from service.jobs import repository, service
from service.jobs.models import Job, JobState


def latest(session: Session, state: JobState | None, limit: int) -> Sequence[Job]:
    return repository.latest(session, state, limit)


def cancel(session: Session, job: Job) -> None:
    """Cancel it; the audit log says that it was done in the name of whoever asked for the job.

    Raises:
        JobFinished: it is too late.
    """
    requester = service.principal_from_json(job.requested_by)
    service.cancel(session, requester, job.id)
    record(session, requester, "job.cancel", job.id, {"kind": job.kind, "by": "operator"})
