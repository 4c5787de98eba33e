"""One decision: everything that a person needs to see of it, and the verdict that the person gives."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Response
from pydantic import BaseModel, StringConstraints
from sqlalchemy.orm import Session

from service.decisions import service as decisions
from service.decoding import stored_pixels
from service.errors import NotFound
from service.evidence import service as evidence
from service.evidence.drawing import jpeg
from service.evidence.endpoints import report_answer
from service.evidence.wording import Language
from service.pages.forms import Form, FormRefused, read
from service.pages.notices import Notice
from service.pages.page import Page
from service.pages.reviewer.access import ReviewingPage
from service.pages.reviewer.queue import asked_for, next_after
from service.pages.reviewer.showing import shown_decision
from service.pages.routing import page_router
from service.references.endpoints import picture_answer
from service.screening.record import DecisionRecord
from service.verdicts import service as verdicts
from service.verdicts.models import VerdictOutcome

router = page_router()


class VerdictForm(BaseModel):
    outcome: VerdictOutcome
    note: Annotated[str, StringConstraints(min_length=1, max_length=4000)]


@router.get("/review/{decision_id}")
def show_decision(page: ReviewingPage, decision_id: str) -> Response:
    return _decision(page, decision_id, Form())


@router.post("/review/{decision_id}/verdicts")
def give_verdict(page: ReviewingPage, decision_id: str) -> Response:
    """Then on to what comes next in the queue."""
    try:
        given = read(page, VerdictForm)
    except FormRefused as refused:
        return _decision(page, decision_id, refused.form, 422)
    asked = asked_for(page)
    with page.runtime.database.write() as session:
        stored = decisions.get(session, page.principal, decision_id)
        following = next_after(page, session, asked, decision_id)
        verdicts.give_verdict(session, page.principal, stored, given.outcome, given.note)
    query = f"?{urlencode(asked)}" if asked else ""
    return page.go(f"/review/{following}{query}" if following else f"/review{query}", Notice.VERDICT_GIVEN)


@router.get("/review/{decision_id}/originals/{original_id}")
def show_original(page: ReviewingPage, decision_id: str, original_id: str) -> Response:
    """A stored picture that this decision rests on, and no other."""
    with page.runtime.database.read() as session:
        stored = decisions.get(session, page.principal, decision_id)
        record = DecisionRecord.model_validate(stored.record)
        found = evidence.originals_of(session, record).get(original_id)
    if found is None:
        raise NotFound(f"Decision {decision_id} rests on no picture {original_id}.")
    pixels = stored_pixels(page.runtime.blobs, found.sha256, page.runtime.picture_limits)
    return picture_answer(jpeg(pixels), "jpeg")


@router.get("/review/{decision_id}/report")
def show_report(page: ReviewingPage, decision_id: str, language: Language = Language.EN) -> Response:
    with page.runtime.database.read() as session:
        stored = decisions.get(session, page.principal, decision_id)
        session.expunge(stored)
    return report_answer(
        evidence.report(page.runtime, page.principal, stored, language), decision_id, language
    )


def _decision(page: Page, decision_id: str, form: Form, status: int = 200) -> Response:
    asked = asked_for(page)
    with page.runtime.database.read() as session:
        return _page(page, session, decision_id, form, status, asked)


def _page(
    page: Page, session: Session, decision_id: str, form: Form, status: int, asked: dict[str, str]
) -> Response:
    stored = decisions.get(session, page.principal, decision_id)
    return page.show(
        "reviewer/decision.html",
        status,
        form=form,
        query=urlencode(asked),
        following=next_after(page, session, asked, decision_id),
        shown=shown_decision(page, session, stored),
        verdicts=[each.value for each in VerdictOutcome],
    )
