"""Asking for background work, and looking after it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from service.clock import now
from service.database import after_commit
from service.errors import Conflict, NotFound
from service.ids import new_id
from service.jobs import queue, repository
from service.jobs.models import FINISHED, Job, JobState
from service.security.principals import Principal, Role


class JobFinished(Conflict):
    slug = "job-finished"
    title = "The job has finished already"
    help = "Read its result; there is nothing left to cancel."


def submit(
    session: Session, principal: Principal, kind: str, payload: dict[str, Any], total: int | None = None
) -> Job:
    """Ask for a job within the caller's write transaction; it begins once that is committed.

    Args:
        payload: what its function is given; JSON.
        total: how many steps it will have, where that is known already.
    """
    at = now()
    job = Job(
        id=new_id("job"),
        tenant_id=principal.tenant_id,
        organisation_id=principal.organisation_id,
        kind=kind,
        state=JobState.QUEUED.value,
        payload=payload,
        checkpoint={},
        done=0,
        total=total,
        errors=[],
        error_count=0,
        requested_by=principal_to_json(principal),
        created_at=at,
        run_after=at,
    )
    session.add(job)
    session.flush()
    after_commit(session, partial(queue.wake, session.get_bind(), job.id))
    return job


def get(session: Session, principal: Principal, job_id: str) -> Job:
    """
    Raises:
        NotFound: there is none, or it is not for the principal to see.
    """
    job = repository.job(session, principal.tenant_id, job_id, _visible_organisation(principal))
    if job is None:
        raise NotFound(f"There is no job {job_id}.")
    return job


def list_jobs(
    session: Session, principal: Principal, state: JobState | None, after: str | None, limit: int
) -> Sequence[Job]:
    organisation = _visible_organisation(principal)
    return repository.page(session, principal.tenant_id, organisation, state, after, limit)


def newest(session: Session, principal: Principal, kind: str, limit: int) -> Sequence[Job]:
    """Jobs of a kind that the principal may see, the last one first."""
    return repository.newest(session, principal.tenant_id, _visible_organisation(principal), kind, limit)


def cancel(session: Session, principal: Principal, job_id: str) -> Job:
    """Cancel at once what has not begun; ask what is running to end at its next step.

    Raises:
        JobFinished: it is too late.
    """
    job = get(session, principal, job_id)
    if job.state in FINISHED:
        raise JobFinished(f"Job {job_id} is {job.state} since {job.finished_at:%Y-%m-%d %H:%M:%S} UTC.")
    job.cancel_requested = True
    if job.state == JobState.QUEUED:
        job.state, job.finished_at = JobState.CANCELLED.value, now()
    session.flush()
    return job


def principal_to_json(principal: Principal) -> dict[str, Any]:
    return {
        "key_id": principal.key_id,
        "tenant_id": principal.tenant_id,
        "organisation_id": principal.organisation_id,
        "role": principal.role.value,
        "owners": sorted(principal.owners),
    }


def principal_from_json(record: Mapping[str, Any]) -> Principal:
    return Principal(
        key_id=record["key_id"],
        tenant_id=record["tenant_id"],
        organisation_id=record["organisation_id"],
        role=Role(record["role"]),
        owners=frozenset(record["owners"]),
    )


def _visible_organisation(principal: Principal) -> str | None:
    return None if principal.role is Role.ADMIN else principal.organisation_id
