"""Verdicts of reviewers and appeals of sellers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel

from service.decisions import service as decisions
from service.deps import PlatformPrincipal, ReadSession, WriteSession, requires
from service.security.principals import Principal, Role
from service.verdicts import repository, service
from service.verdicts.models import AppealState
from service.verdicts.schemas import AppealOut, NewAppeal, NewVerdict, Resolution, VerdictOut

router = APIRouter(prefix="/v1", tags=["verdicts"])

Reviewer = Annotated[Principal, Depends(requires(Role.PLATFORM, Role.INSPECTOR, Role.ADMIN))]


class AppealPage(BaseModel):
    items: list[AppealOut]
    next: str | None
    """Give it as `after` for the page that follows; null on the last one."""


@router.post("/decisions/{decision_id}/verdicts", status_code=201)
def give_verdict(decision_id: str, new: NewVerdict, principal: Reviewer, session: WriteSession) -> VerdictOut:
    """Say what a person concluded; it teaches the seller's history and the precision of the rule."""
    decision = decisions.get(session, principal, decision_id)
    return VerdictOut.of(service.give_verdict(session, principal, decision, new.outcome, new.note))


@router.get("/decisions/{decision_id}/verdicts")
def list_verdicts(decision_id: str, principal: Reviewer, session: ReadSession) -> list[VerdictOut]:
    """Every verdict on the decision, oldest first; the last one stands."""
    decision = decisions.get(session, principal, decision_id)
    return [VerdictOut.of(row) for row in repository.verdicts_on(session, principal.tenant_id, decision.id)]


@router.post("/decisions/{decision_id}/appeals", status_code=201)
def lodge_appeal(
    decision_id: str, new: NewAppeal, response: Response, principal: PlatformPrincipal, session: WriteSession
) -> AppealOut:
    """Lodge the seller's appeal, within 180 days of a decision other than `allow`."""
    decision = decisions.get(session, principal, decision_id)
    appeal = service.lodge_appeal(session, principal, decision, new.text)
    response.headers["Location"] = f"/v1/appeals/{appeal.id}"
    return AppealOut.of(appeal)


@router.get("/appeals")
def list_appeals(
    principal: PlatformPrincipal,
    session: ReadSession,
    state: AppealState | None = None,
    after: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AppealPage:
    """Appeals, oldest first."""
    rows = service.list_appeals(session, principal, state, after, limit)
    return AppealPage(
        items=[AppealOut.of(row) for row in rows], next=rows[-1].id if len(rows) == limit else None
    )


@router.get("/appeals/{appeal_id}")
def read_appeal(appeal_id: str, principal: PlatformPrincipal, session: ReadSession) -> AppealOut:
    return AppealOut.of(service.get_appeal(session, principal, appeal_id))


@router.post("/appeals/{appeal_id}/resolution", status_code=201)
def resolve_appeal(
    appeal_id: str, resolution: Resolution, principal: PlatformPrincipal, session: WriteSession
) -> AppealOut:
    """Resolve an appeal, as somebody else than who lodged it or judged before."""
    appeal = service.get_appeal(session, principal, appeal_id)
    decision = decisions.get(session, principal, appeal.decision_id)
    service.resolve_appeal(session, principal, decision, appeal, resolution.upheld, resolution.note)
    return AppealOut.of(appeal)
