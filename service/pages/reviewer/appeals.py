"""Appeals: the seller's own words, and the answer of somebody who has not judged the listing before."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from service.decisions import service as decisions
from service.errors import Conflict
from service.pages.forms import Form, FormRefused, read, refused
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.page import Page
from service.pages.reviewer.access import ReviewingPage
from service.pages.reviewer.showing import shown_decision
from service.pages.routing import page_router
from service.users import service as users
from service.verdicts import service as verdicts
from service.verdicts.models import AppealState

router = page_router()

_ROWS = 25
_STATES: dict[str, str] = {
    AppealState.OPEN: N_("Open"),
    AppealState.UPHELD: N_("Upheld"),
    AppealState.REJECTED: N_("Rejected"),
    "all": N_("All"),
}


class AnswerForm(BaseModel):
    upheld: Literal["yes", "no"]
    answer: Annotated[str, StringConstraints(min_length=1, max_length=10_000)]


@router.get("/appeals")
def show_appeals(page: ReviewingPage, state: str = AppealState.OPEN, after: str | None = None) -> Response:
    wanted = AppealState(state) if state in list(AppealState) else None
    with page.runtime.database.read() as session:
        found = verdicts.list_appeals(session, page.principal, wanted, after, _ROWS + 1)
        rows = [(each, decisions.get(session, page.principal, each.decision_id)) for each in found[:_ROWS]]
        return page.show(
            "reviewer/appeals.html",
            rows=rows,
            state=state if state in _STATES else AppealState.OPEN,
            states=_STATES,
            next_after=found[_ROWS - 1].id if len(found) > _ROWS else None,
        )


@router.get("/appeals/{appeal_id}")
def show_appeal(page: ReviewingPage, appeal_id: str) -> Response:
    with page.runtime.database.read() as session:
        return _appeal(page, session, appeal_id, Form())


@router.post("/appeals/{appeal_id}/resolution")
def resolve(page: ReviewingPage, appeal_id: str) -> Response:
    try:
        form = read(page, AnswerForm)
        with page.runtime.database.write() as session:
            appeal = verdicts.get_appeal(session, page.principal, appeal_id)
            decision = decisions.get(session, page.principal, appeal.decision_id)
            upheld = form.upheld == "yes"
            verdicts.resolve_appeal(session, page.principal, decision, appeal, upheld, form.answer)
    except FormRefused as wrong:
        return _again(page, appeal_id, wrong.form, 422)
    except Conflict as conflict:
        return _again(page, appeal_id, refused(page, conflict.title), conflict.status)
    return page.go("/appeals", Notice.APPEAL_RESOLVED)


def _again(page: Page, appeal_id: str, form: Form, status: int) -> Response:
    with page.runtime.database.read() as session:
        return _appeal(page, session, appeal_id, form, status)


def _appeal(page: Page, session: Session, appeal_id: str, form: Form, status: int = 200) -> Response:
    appeal = verdicts.get_appeal(session, page.principal, appeal_id)
    stored = decisions.get(session, page.principal, appeal.decision_id)
    shown = shown_decision(page, session, stored)
    resolver = users.names(session, stored.tenant_id, {appeal.resolved_by} if appeal.resolved_by else set())
    return page.show(
        "reviewer/appeal.html",
        status,
        appeal=appeal,
        shown=shown,
        form=form,
        resolver=resolver.get(appeal.resolved_by or "", "–"),
        mine=shown.judged_by_me or appeal.lodged_by == page.principal.key_id,
    )
