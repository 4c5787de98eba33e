"""Runs one job once: takes it, calls its function, records what became of it."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from threading import Event
from typing import TYPE_CHECKING, Any

from model.images import PictureError
from service.clock import now
from service.errors import Problem
from service.ids import new_id
from service.jobs import repository
from service.jobs.context import JobCancelled, JobContext, JobInterrupted
from service.jobs.handlers import function_for
from service.jobs.models import Job, JobState
from service.jobs.service import principal_from_json
from service.problems import PictureRefused

if TYPE_CHECKING:
    from service.runtime import Runtime

MAX_FAILURES = 5
_FIRST_RETRY_SECONDS = 2.0
_LONGEST_RETRY_SECONDS = 300.0
_log = logging.getLogger(__name__)


class JobFailed(Problem):
    slug = "job-failed"
    title = "The job failed for a reason of ours"
    help = "It was tried several times; the log of the service tells what happened at the job's id."


def run_job(runtime: Runtime, job_id: str, worker: str, stopping: Event) -> None:
    """Do the job if it is waiting and due; whatever its function raises is recorded and goes no further."""
    if stopping.is_set():
        return
    with runtime.database.write() as session:
        job = repository.claim(session, job_id, new_id("run"), worker, now())
    if job is None:
        return
    context = _context(runtime, job, stopping)
    _record(context, _outcome(context, job))


def retry_delay(failures: int) -> float:
    """Seconds to wait after so many failures: doubling from 2 s to 5 min, less up to half of it by chance."""
    full = min(_FIRST_RETRY_SECONDS * 2.0 ** (failures - 1), _LONGEST_RETRY_SECONDS)
    return full * (1 - 0.5 * secrets.SystemRandom().random())


def _context(runtime: Runtime, job: Job, stopping: Event) -> JobContext:
    assert job.claim is not None  # noqa: S101 - it was claimed a moment ago
    return JobContext(
        runtime=runtime,
        job_id=job.id,
        tenant_id=job.tenant_id,
        principal=principal_from_json(job.requested_by),
        payload=job.payload,
        checkpoint=job.checkpoint,
        claim=job.claim,
        stopping=stopping,
        errors=list(job.errors),
        error_count=job.error_count,
        done=job.done,
        total=job.total,
    )


def _outcome(context: JobContext, job: Job) -> dict[str, Any]:
    """The columns to write after the function ended in whichever way."""
    try:
        result = function_for(job.kind)(context)
    except JobInterrupted:
        return _given_back()
    except JobCancelled:
        return _finished(context, JobState.CANCELLED)
    except BaseException as error:  # a bug in a job's function, SystemExit included, costs that job alone
        _log.exception("job %s (%s) failed", job.id, job.kind)
        return _failed(context, job.failures + 1, error)
    state = JobState.CANCELLED if context.observed_cancellation else JobState.DONE
    return _finished(context, state, result=result)


def _given_back() -> dict[str, Any]:
    return {"state": JobState.QUEUED.value, "claim": None, "worker": None, "run_after": now()}


def _finished(context: JobContext, state: JobState, **values: Any) -> dict[str, Any]:
    ended = {"state": state.value, "claim": None, "worker": None, "finished_at": now()}
    return {**ended, **context.kept(), **values}


def _failed(context: JobContext, failures: int, error: BaseException) -> dict[str, Any]:
    if _is_final(error) or failures >= MAX_FAILURES:
        failure = _document(context.job_id, error)
        return _finished(context, JobState.FAILED, failures=failures, failure=failure)
    due = now() + timedelta(seconds=retry_delay(failures))
    return {**_given_back(), "failures": failures, "run_after": due}


def _is_final(error: BaseException) -> bool:
    """Whether trying again is bound to end in the same way."""
    return isinstance(error, PictureError) or (
        isinstance(error, Problem) and error.status < 500 and error.status != 429
    )


def _document(job_id: str, error: BaseException) -> dict[str, Any]:
    if isinstance(error, PictureError):
        return PictureRefused(error).document()
    if isinstance(error, Problem):
        return error.document()
    return JobFailed(f"Job {job_id} ended with {type(error).__name__} at each of its attempts.").document()


def _record(context: JobContext, values: dict[str, Any]) -> None:
    with context.runtime.database.write() as session:
        if not repository.update_claimed(session, context.job_id, context.claim, values):
            _log.warning("job %s was given to another worker meanwhile; this run is void", context.job_id)
