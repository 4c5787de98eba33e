"""Enrolling in bulk by files: a ZIP, or tables alone, read by a job that is watched here."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import BinaryIO

from fastapi import Response, UploadFile

from service.audit.service import record
from service.enrolment import service
from service.jobs import service as jobs
from service.jobs.models import FINISHED, JobState
from service.pages.forms import Form, refused
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.owner.brands import owners_of
from service.pages.owner.saving import attempt, sent
from service.pages.page import OwnerPage, Page
from service.pages.routing import page_router

router = page_router()
_PAGE = 30
_ENCODINGS = ("utf-8", "cp932")


@router.get("/enrolments")
def list_enrolments(page: OwnerPage) -> Response:
    return _enrolments(page, Form())


@router.post("/enrolments")
def enrol(page: OwnerPage) -> Response:
    files = sent(page, "files")
    if not files:
        return _enrolments(page, refused(page, N_("Choose a ZIP, or one table at least."), "files"), 422)

    def act() -> str:
        encoding = page.text("encoding")
        with _archive(files) as archive:
            job = service.accept(
                page.runtime,
                page.principal,
                archive,
                page.text("owner_id") or None,
                encoding if encoding in _ENCODINGS else None,
                dry_run=page.text("dry_run") == "yes",
            )
        return f"/enrolments/{job.id}"

    return attempt(page, act, lambda form, status: _enrolments(page, form, status))


@router.get("/enrolments/{job_id}")
def show_enrolment(page: OwnerPage, job_id: str) -> Response:
    with page.runtime.database.read() as session:
        job = jobs.get(session, page.principal, job_id)
        return page.show("owner/enrolment.html", job=job, finished=job.state in FINISHED)


@router.post("/enrolments/{job_id}/cancellation")
def cancel(page: OwnerPage, job_id: str) -> Response:
    with page.runtime.database.write() as session:
        job = jobs.cancel(session, page.principal, job_id)
        record(session, page.principal, "job.cancel", job.id, {"kind": job.kind})
    return page.go(f"/enrolments/{job_id}", Notice.SAVED)


@contextmanager
def _archive(files: Sequence[UploadFile]) -> Iterator[BinaryIO]:
    """The ZIP that was sent, or one of what was sent instead."""
    first = files[0]
    if len(files) == 1 and (first.filename or "").lower().endswith(".zip"):
        yield first.file
        return
    with tempfile.TemporaryFile() as packed:
        with zipfile.ZipFile(packed, "w") as archive:
            for each in files:
                archive.writestr(each.filename or "file", each.file.read())
        packed.seek(0)
        yield packed


def _enrolments(page: Page, form: Form, status: int = 200) -> Response:
    with page.runtime.database.read() as session:
        return page.show(
            "owner/enrolments.html",
            status,
            form=form,
            jobs=jobs.newest(session, page.principal, service.KIND, _PAGE),
            owners=owners_of(page, session),
            states=JobState,
        )
