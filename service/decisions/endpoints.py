"""Reading decisions: each role gets its own view of the one record."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel
from sqlalchemy.orm import Session

from service.decisions import service
from service.decisions.models import StoredDecision
from service.deps import CurrentPrincipal, ReadSession
from service.errors import NotFound
from service.messages import preferred
from service.screening.outcome import Decision
from service.screening.record import DecisionRecord
from service.screening.schemas import BrandOwnerView, HookView, InspectorView, RecordView
from service.screening.views import brand_owner_view, hook_view, inspector_view, record_view
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1/decisions", tags=["decisions"])

View = HookView | InspectorView | BrandOwnerView | RecordView


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
    return _view(session, principal, stored, accept_language)


def _view(
    session: Session, principal: Principal, stored: StoredDecision, accept_language: str | None
) -> View:
    record = DecisionRecord.model_validate(stored.record)
    match principal.role:
        case Role.PLATFORM:
            return hook_view(record, preferred(accept_language))
        case Role.INSPECTOR:
            view = inspector_view(record)
            return view.model_copy(update={"candidates": service.named(session, principal, view.candidates)})
        case Role.BRAND_OWNER | Role.AGENT:
            return _own_view(session, principal, record)
        case Role.ADMIN | Role.AUDITOR:
            return record_view(record)


def _own_view(session: Session, principal: Principal, record: DecisionRecord) -> BrandOwnerView:
    view = brand_owner_view(record, service.own_brand_ids(session, principal))
    if view is None:
        raise NotFound(f"There is no decision {record.id} that this key may see.")
    return view.model_copy(update={"candidates": service.named(session, principal, view.candidates)})
