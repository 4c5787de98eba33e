"""Evidence bundles, and the key by which they are verified."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel
from starlette.background import BackgroundTask

from service.decisions import service as decisions
from service.deps import CurrentPrincipal, RuntimeDep, requires
from service.evidence import service
from service.evidence.wording import Language
from service.house_key import fingerprint, house_key
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1", tags=["evidence"])

Officer = Annotated[Principal, Depends(requires(Role.INSPECTOR, Role.AUDITOR, Role.ADMIN))]


class PublicKey(BaseModel):
    algorithm: str = "Ed25519"
    public_key: str
    """32 bytes in base64."""
    fingerprint: str
    """Short enough to be read out and compared."""


@router.get("/house-key")
def read_house_key(principal: CurrentPrincipal, runtime: RuntimeDep) -> PublicKey:
    """The public key of this installation. Compare its fingerprint by another way before you trust it."""
    key = house_key(runtime.settings.data_dir)
    return PublicKey(public_key=key.public, fingerprint=fingerprint(key.public))


@router.get(
    "/decisions/{decision_id}/evidence",
    response_class=FileResponse,
    responses={200: {"content": {"application/zip": {}}, "description": "The bundle"}},
)
def export_evidence(
    decision_id: str, principal: Officer, runtime: RuntimeDep, language: Language = Language.EN
) -> FileResponse:
    """A signed ZIP with pictures, originals, drawn matches, the record and a report to print."""
    with runtime.database.read() as session:
        stored = decisions.get(session, principal, decision_id)
        session.expunge(stored)
    folder = tempfile.TemporaryDirectory(prefix="evidence-")
    path = Path(folder.name) / f"{decision_id}.zip"
    try:
        service.export(runtime, principal, stored, path, language)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        path, media_type="application/zip", filename=path.name, background=BackgroundTask(folder.cleanup)
    )


@router.get(
    "/decisions/{decision_id}/report",
    response_class=Response,
    responses={200: {"content": {"application/pdf": {}}, "description": "One or two pages to print"}},
)
def export_report(
    decision_id: str, principal: Officer, runtime: RuntimeDep, language: Language = Language.EN
) -> Response:
    """The report of the evidence bundle by itself, for people."""
    with runtime.database.read() as session:
        stored = decisions.get(session, principal, decision_id)
        session.expunge(stored)
    return report_answer(service.report(runtime, principal, stored, language), decision_id, language)


def report_answer(data: bytes, decision_id: str, language: Language) -> Response:
    """The PDF as a file to keep."""
    name = f"{decision_id}-{language.value}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(data, media_type="application/pdf", headers=headers)
