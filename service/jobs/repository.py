"""SQL of jobs. What a run writes is bound to its claim; what a caller reads is bound to the tenant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, Update, delete, or_, select, update
from sqlalchemy.orm import Session

from service.jobs.models import Job, JobState
from service.paging import one_more


def job(session: Session, tenant_id: str, job_id: str, organisation_id: str | None) -> Job | None:
    """The tenant's job of that id; only if asked for by the organisation, where one is given."""
    found = session.get(Job, job_id, populate_existing=True)
    if found is None or found.tenant_id != tenant_id:
        return None
    return found if organisation_id in (None, found.organisation_id) else None


def page(
    session: Session,
    tenant_id: str,
    organisation_id: str | None,
    state: JobState | None,
    after: str | None,
    limit: int,
) -> Sequence[Job]:
    query = select(Job).where(Job.tenant_id == tenant_id)
    if organisation_id is not None:
        query = query.where(Job.organisation_id == organisation_id)
    if state is not None:
        query = query.where(Job.state == state.value)
    return one_more(session, query, Job.id, limit, after)


def newest(
    session: Session, tenant_id: str, organisation_id: str | None, kind: str, limit: int
) -> Sequence[Job]:
    query = select(Job).where(Job.tenant_id == tenant_id, Job.kind == kind)
    if organisation_id is not None:
        query = query.where(Job.organisation_id == organisation_id)
    return session.scalars(query.order_by(Job.id.desc()).limit(limit)).all()


def unfinished_of_kind(session: Session, tenant_id: str, kind: str) -> bool:
    waiting = (JobState.QUEUED.value, JobState.RUNNING.value)
    query = select(Job.id).where(Job.tenant_id == tenant_id, Job.kind == kind, Job.state.in_(waiting))
    return session.scalar(query.limit(1)) is not None


def claim(session: Session, job_id: str, claim_id: str, worker: str, at: datetime) -> Job | None:
    """Make the job this worker's, if it is waiting and due; None if another was faster or there is nothing to do."""
    taken = _rows(
        session,
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.QUEUED.value, Job.run_after <= at)
        .values(
            state=JobState.RUNNING.value,
            claim=claim_id,
            worker=worker,
            heartbeat_at=at,
            started_at=at,
            attempts=Job.attempts + 1,
        ),
    )
    return session.get(Job, job_id, populate_existing=True) if taken else None


def update_claimed(session: Session, job_id: str, claim_id: str, values: Mapping[str, Any]) -> bool:
    """Write to the job of this claim; False if the claim is gone."""
    changed = update(Job).where(Job.id == job_id, Job.claim == claim_id, Job.state == JobState.RUNNING.value)
    return _rows(session, changed.values(**values)) == 1


def cancel_requested(session: Session, job_id: str, claim_id: str) -> bool:
    """Also true for a job that was taken away from this claim."""
    found = session.scalar(select(Job.cancel_requested).where(Job.id == job_id, Job.claim == claim_id))
    return found is not False


def due(session: Session, at: datetime, limit: int) -> Sequence[str]:
    return session.scalars(
        select(Job.id)
        .where(Job.state == JobState.QUEUED.value, Job.run_after <= at)
        .order_by(Job.run_after, Job.id)
        .limit(limit)
    ).all()


def beat(session: Session, worker: str, at: datetime) -> None:
    session.execute(
        update(Job).where(Job.worker == worker, Job.state == JobState.RUNNING.value).values(heartbeat_at=at)
    )


def orphans(session: Session, dead_workers: Iterable[str], stale_before: datetime) -> Sequence[Job]:
    """Running jobs whose worker is known to be dead or has not been heard of since `stale_before`."""
    return session.scalars(
        select(Job)
        .where(
            Job.state == JobState.RUNNING.value,
            or_(Job.worker.in_(list(dead_workers)), Job.heartbeat_at < stale_before),
        )
        .with_for_update(skip_locked=True)
    ).all()


def _rows(session: Session, statement: Update) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    assert isinstance(result, CursorResult)  # noqa: S101 - what SQLAlchemy promises for an UPDATE
    return result.rowcount


def any_job(session: Session, job_id: str) -> Job | None:
    """Of whichever tenant: for the operator at the machine, not for callers."""
    return session.get(Job, job_id)


def latest(session: Session, state: JobState | None, limit: int) -> Sequence[Job]:
    """Of all tenants, newest first: for the operator at the machine, not for callers."""
    query = select(Job).order_by(Job.id.desc()).limit(limit)
    return session.scalars(query if state is None else query.where(Job.state == state.value)).all()


def forget_finished(session: Session, tenant_id: str, kind: str, before: datetime) -> None:
    """Of a kind of which there is a new one again and again."""
    session.execute(
        delete(Job).where(
            Job.tenant_id == tenant_id,
            Job.kind == kind,
            Job.state == JobState.DONE.value,
            Job.finished_at < before,
        )
    )
