"""Reading decisions: each role gets its own view of the one record."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import BaseModel

from service.decisions import service
from service.decisions.views import View, view_for
from service.decoding import MAX_SIDE, stored_pixels
from service.deps import CurrentPrincipal, ReadSession, RuntimeDep, requires
from service.evidence.drawing import jpeg
from service.messages import preferred
from service.references.endpoints import picture_answer
from service.screening.outcome import Decision
from service.screening.record import DecisionRecord
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])

Reviewer = Annotated[Principal, Depends(requires(Role.PLATFORM, Role.INSPECTOR, Role.AUDITOR, Role.ADMIN))]


class DecisionLine(BaseModel):
    id: str
    decision: Decision
    decided_at: datetime


class DecisionPage(BaseModel):
    items: list[DecisionLine]
    next: str | None
    """Give it as `after` for the page that follows; null on the last one."""


@router.get("")
def list_decisions(
    principal: CurrentPrincipal,
    session: ReadSession,
    decision: Decision | None = None,
    after: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DecisionPage:
    """Decisions that this key may see, oldest first."""
    rows = service.page(session, principal, decision.value if decision else None, after, limit)
    lines = [DecisionLine(id=r.id, decision=Decision(r.decision), decided_at=r.decided_at) for r in rows]
    return DecisionPage(items=lines, next=rows[-1].id if len(rows) == limit else None)


@router.get("/{decision_id}")
def read_decision(
    decision_id: str,
    principal: CurrentPrincipal,
    session: ReadSession,
    accept_language: Annotated[str | None, Header(max_length=200)] = None,
) -> View:
    """The decision as this key's role may see it."""
    stored = service.get(session, principal, decision_id)
    record = DecisionRecord.model_validate(stored.record)
    return view_for(session, principal, record, preferred(accept_language))


@router.get(
    "/{decision_id}/pictures/{sha256}",
    response_class=Response,
    responses={200: {"content": {"image/jpeg": {}}, "description": "The picture, upright"}},
)
def show_picture(
    decision_id: str,
    sha256: str,
    principal: Reviewer,
    runtime: RuntimeDep,
    session: ReadSession,
    side: Annotated[
        int, Query(ge=64, le=MAX_SIDE, description="Pixels of the longer side, at most")
    ] = MAX_SIDE,
) -> Response:
    """A picture of the listing that was decided on, by its digest."""
    stored = service.get(session, principal, decision_id)
    digest = service.picture_of(stored, sha256).sha256
    pixels = stored_pixels(runtime.blobs, digest, runtime.picture_limits, side)
    return picture_answer(jpeg(pixels), "jpeg")
