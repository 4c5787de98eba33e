"""HTTP of bulk enrolment."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Response, UploadFile
from pydantic import BaseModel

from service.deps import OwnerPrincipal, RuntimeDep
from service.enrolment import service

router = APIRouter(prefix="/v1/enrolments", tags=["enrolment"])


class AcceptedEnrolment(BaseModel):
    job_id: str
    """`GET /v1/jobs/{job_id}` tells its progress, its errors by file and line, and its result."""


@router.post("", status_code=202)
def create_enrolment(
    principal: OwnerPrincipal,
    runtime: RuntimeDep,
    response: Response,
    archive: Annotated[UploadFile, File(description="A ZIP as docs/enrolment.md describes it")],
    owner_id: Annotated[str | None, Form(description="The right holder; a brand owner leaves it out")] = None,
    encoding: Annotated[Literal["utf-8", "cp932"] | None, Form(description="Of the CSV files")] = None,
    dry_run: Annotated[bool, Form(description="Check everything, change nothing")] = False,
) -> AcceptedEnrolment:
    """Enrol in bulk, as a job. One error per row; the other rows go on."""
    job = service.accept(runtime, principal, archive.file, owner_id, encoding, dry_run=dry_run)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return AcceptedEnrolment(job_id=job.id)
