"""Looking after background work over HTTP."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.audit.service import record
from service.deps import CurrentPrincipal, ReadSession, WriteSession
from service.jobs import service
from service.jobs.models import JobState
from service.jobs.schemas import JobOut
from service.paging import After, Limit, Page, page_of

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])


@router.get("")
def list_jobs(
    session: ReadSession,
    principal: CurrentPrincipal,
    state: JobState | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[JobOut]:
    """Jobs of the key's organisation, oldest first; an administrator sees those of all."""
    found = service.list_jobs(session, principal, state, after, limit)
    return page_of(found, limit, JobOut.model_validate)


@router.get("/{job_id}")
def get_job(job_id: str, session: ReadSession, principal: CurrentPrincipal) -> JobOut:
    """How far a job is, what was wrong with its input, and its result once it is done."""
    return JobOut.model_validate(service.get(session, principal, job_id))


@router.delete("/{job_id}", status_code=204)
def cancel_job(job_id: str, session: WriteSession, principal: CurrentPrincipal) -> Response:
    """Cancel a job; one that is running ends at its next step, and what it did so far stays."""
    job = service.cancel(session, principal, job_id)
    record(session, principal, "job.cancel", job.id, {"kind": job.kind})
    return Response(status_code=204)
