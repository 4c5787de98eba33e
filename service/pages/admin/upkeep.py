"""The installation itself: encoder and index, jobs, the audit log, the settings in force."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from fastapi import Response

from service.audit import repository as audit
from service.audit import verification
from service.audit.repository import EntryFilter
from service.audit.schemas import EntryOut
from service.audit.service import record
from service.encoders import service as encoders
from service.errors import Problem
from service.jobs import service as jobs
from service.jobs.models import JobState
from service.pages.admin.settings import settings_in_force
from service.pages.forms import Form, refused
from service.pages.notices import Notice
from service.pages.page import AdminPage, Page
from service.pages.routing import page_router

router = page_router()
_PAGE = 50


@router.get("/admin")
def overview(page: AdminPage) -> Response:
    with page.runtime.database.read() as session:
        running = jobs.list_jobs(session, page.principal, JobState.RUNNING, None, _PAGE)
        failed = jobs.list_jobs(session, page.principal, JobState.FAILED, None, _PAGE)
        status = encoders.status(page.runtime, session, page.principal)
        return page.show("admin/overview.html", status_of=status, running=running, failed=failed)


@router.get("/admin/encoder")
def show_encoder(page: AdminPage) -> Response:
    return _encoder(page, Form())


@router.post("/admin/encoder/moves")
def move_encoder(page: AdminPage) -> Response:
    try:
        with page.runtime.database.write() as session:
            job_id = encoders.move(page.runtime, session, page.principal, page.text("encoder")).id
    except Problem as problem:
        return _encoder(page, refused(page, problem.help), problem.status)
    return page.go(f"/admin/jobs/{job_id}")


@router.get("/admin/jobs")
def list_jobs(page: AdminPage, state: str = "", after: str | None = None) -> Response:
    wanted = JobState(state) if state in set(JobState) else None
    with page.runtime.database.read() as session:
        found = jobs.list_jobs(session, page.principal, wanted, after, _PAGE + 1)
        return page.show(
            "admin/jobs.html",
            jobs=found[:_PAGE],
            next_after=found[_PAGE - 1].id if len(found) > _PAGE else None,
            states=list(JobState),
            state=state,
        )


@router.get("/admin/jobs/{job_id}")
def show_job(page: AdminPage, job_id: str) -> Response:
    with page.runtime.database.read() as session:
        return page.show("admin/job.html", job=jobs.get(session, page.principal, job_id))


@router.post("/admin/jobs/{job_id}/removal")
def cancel_job(page: AdminPage, job_id: str) -> Response:
    with page.runtime.database.write() as session:
        job = jobs.cancel(session, page.principal, job_id)
        record(session, page.principal, "job.cancel", job.id, {"kind": job.kind})
    return page.go(f"/admin/jobs/{job_id}", Notice.SAVED)


@router.get("/admin/audit")
def read_audit(
    page: AdminPage, after: int = 0, action: str = "", object_id: str = "", since: str = "", until: str = ""
) -> Response:
    wanted = EntryFilter(action or None, object_id or None, None, None, _day(since), _day(until, ends=True))
    with page.runtime.database.read() as session:
        found = audit.page(session, page.principal.tenant_id, max(after, 0), _PAGE + 1, wanted)
        filters = {"action": action, "object_id": object_id, "since": since, "until": until}
        return page.show(
            "admin/audit.html",
            entries=[EntryOut.of(each) for each in found[:_PAGE]],
            next_after=found[_PAGE - 1].seq if len(found) > _PAGE else None,
            form=Form(filters),
            verified=None,
        )


@router.post("/admin/audit/verification")
def verify_audit(page: AdminPage) -> Response:
    with page.runtime.database.read() as session:
        verified = verification.verify(session, page.principal.tenant_id)
        return page.show("admin/audit.html", entries=[], next_after=None, form=Form(), verified=verified)


@router.get("/admin/settings")
def show_settings(page: AdminPage) -> Response:
    return page.show("admin/settings.html", settings=settings_in_force(page.runtime.settings))


def _encoder(page: Page, form: Form, status: int = 200) -> Response:
    with page.runtime.database.read() as session:
        found = encoders.status(page.runtime, session, page.principal)
        moves = [
            each
            for each in jobs.list_jobs(session, page.principal, None, None, _PAGE)
            if each.kind == encoders.MOVE
        ]
        return page.show("admin/encoder.html", status, form=form, status_of=found, moves=moves)


def _day(text: str, *, ends: bool = False) -> datetime | None:
    """The beginning of a day that was typed, or its end; None where it is no day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime.combine(day + timedelta(days=1 if ends else 0), time.min, UTC)
