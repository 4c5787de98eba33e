"""The encoder over HTTP, for administrators."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.deps import AdminPrincipal, ReadSession, RuntimeDep, WriteSession
from service.encoders import service
from service.encoders.schemas import EncoderStatus, MoveAccepted, MoveIn

router = APIRouter(prefix="/v1/encoder", tags=["encoder"])


@router.get("")
def show_encoder(principal: AdminPrincipal, runtime: RuntimeDep, session: ReadSession) -> EncoderStatus:
    """Which encoder serves, which others are installed, and what the index holds."""
    return service.status(runtime, session, principal)


@router.post("/moves", status_code=202)
def move_to_encoder(
    wanted: MoveIn, principal: AdminPrincipal, runtime: RuntimeDep, session: WriteSession, response: Response
) -> MoveAccepted:
    """Embed every reference anew in the background while the old encoder serves, then switch at once."""
    job = service.move(runtime, session, principal, wanted.encoder)
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return MoveAccepted(job_id=job.id)
