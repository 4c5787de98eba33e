"""Opinions that the brand's owner is asked for, each with its clock, and the form in which it answers."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from pydantic import ValidationError

from service.clock import now
from service.errors import Problem
from service.messages import Language
from service.opinions import requests
from service.opinions.holder_endpoints import looked_at
from service.opinions.models import Answer
from service.opinions.schemas import Finding, NewOpinion, RequestLine
from service.pages.forms import Form, refused, typed
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.page import HolderPage, Page
from service.pages.routing import page_router
from service.paging import After

router = page_router()
_PAGE = 50
ROWS = 5
"""Of points in the form; a script adds more."""
_WORDS = {
    "answer": N_("Choose an answer."),
    "reason": N_("Say why: an answer without a reason cannot be used."),
    "points": N_("Each point needs a name of at most 200 characters."),
}


@router.get("/opinions")
def list_opinions(page: HolderPage, after: After = None, all: bool = False) -> Response:
    """What waits, the nearest deadline first; or everything, in the order in which it was asked."""
    with page.runtime.database.read() as session:
        found = requests.page(
            session,
            page.principal,
            waiting=not all,
            limit=_PAGE,
            after=after,
            language=Language(page.language),
        )
        shown = found[:_PAGE]
        return page.show(
            "owner/opinions.html",
            lines=shown if all else sorted(shown, key=lambda line: line.answer_by),
            all=all,
            next_after=shown[-1].id if len(found) > _PAGE else None,
            left=_days_left,
        )


@router.get("/opinions/{link_id}")
def show_request(page: HolderPage, link_id: str) -> Response:
    looked_at(page.runtime, page.principal, link_id, "request", page.request)
    return _asked(page, link_id, Form())


@router.post("/opinions/{link_id}")
def answer(page: HolderPage, link_id: str) -> Response:
    with page.runtime.database.read() as session:
        found = requests.own(session, page.principal, link_id)
    try:
        new = NewOpinion.model_validate(_given(page))
        requests.answered(page.runtime, found, new, page.files("files"))
    except ValidationError as error:
        wrong = {
            str(each["loc"][0]): _WORDS.get(str(each["loc"][0]), N_("This is too long."))
            for each in error.errors()
        }
        return _asked(page, link_id, Form(typed(page), wrong), 422)
    except Problem as problem:
        return _asked(page, link_id, refused(page, problem.title), problem.status)
    return page.go("/opinions?all=true", Notice.SENT)


def _given(page: Page) -> dict[str, Any]:
    given: dict[str, Any] = {"reason": page.text("reason"), "points": points_typed(page)}
    return given | ({"answer": page.text("answer")} if page.text("answer") else {})


def points_typed(page: Page) -> list[dict[str, str]]:
    """Rows of the form in which anything was typed."""
    names, findings, notes = (page.texts(f"point_{part}") for part in ("name", "finding", "note"))
    rows = zip(names, findings, notes, strict=False)
    return [
        {"name": name.strip(), "finding": finding, "note": note.strip()}
        for name, finding, note in rows
        if name.strip() or note.strip()
    ]


def _asked(page: Page, link_id: str, form: Form, status: int = 200) -> Response:
    with page.runtime.database.read() as session:
        found = requests.own(session, page.principal, link_id, Language(page.language))
        typed_points = points_typed(page)
        return page.show(
            "owner/opinion.html",
            status,
            link_id=link_id,
            asked=requests.shown(session, found),
            form=form,
            points=typed_points
            + [{"name": "", "finding": "differs", "note": ""}] * max(1, ROWS - len(typed_points)),
            answers=list(Answer),
            findings=list(Finding),
            days=(found.ends_at - now()).days,
        )


def _days_left(line: RequestLine) -> int:
    """Whole days until its clock runs out; negative once it has."""
    return (line.answer_by - now()).days
