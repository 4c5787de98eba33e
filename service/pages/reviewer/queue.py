"""The queue: what waits for a person, filtered and put in order by the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from fastapi import Response
from sqlalchemy.orm import Session

import service.brands.service as brands
from service.control import service as control
from service.control.queue import QueueFilter, QueueOrder, QueueState
from service.decisions.models import StoredDecision
from service.pages.forms import Form
from service.pages.language import N_
from service.pages.page import Page
from service.pages.reviewer.access import ReviewingPage
from service.pages.routing import page_router
from service.pages.telling import BADGES, REASONS, names_of
from service.screening.outcome import Decision, ReasonCode
from service.screening.record import DecisionRecord

router = page_router()

STATES: dict[str, str] = {
    QueueState.WAITING: N_("Waiting for a verdict"),
    QueueState.SECOND_LOOK: N_("Waiting for a second person"),
    QueueState.DOCUMENTS: N_("Waiting for documents"),
    QueueState.JUDGED: N_("Judged"),
}
ORDERS: dict[str, str] = {
    QueueOrder.LIKELIEST: N_("Likeliest to be confirmed"),
    QueueOrder.OLDEST: N_("Oldest"),
    QueueOrder.NEWEST: N_("Newest"),
}
_DECISIONS = (Decision.REVIEW, Decision.BLOCK, Decision.ALLOW)
_FIELDS = ("state", "order", "decision", "code", "brand")
_ROWS = 25
_NO_BRAND = "none"

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class Row:
    id: str
    record: DecisionRecord
    seller: str
    brand: str


@router.get("/review")
def show_queue(page: ReviewingPage) -> Response:
    asked = asked_for(page)
    with page.runtime.database.read() as session:
        wanted = wanted_of(page, session, asked)
        after = page.request.query_params.get("after")
        found = control.queue(session, page.principal, wanted, _ROWS, after)
        rows = _rows(page, session, found[:_ROWS])
    query = urlencode(asked)
    return page.show(
        "reviewer/queue.html",
        rows=rows,
        form=Form(asked),
        query=query,
        states=[(each, page.say(words)) for each, words in STATES.items()],
        orders=[(each, page.say(words)) for each, words in ORDERS.items()],
        decisions=[(each.value, page.say(BADGES[each].words)) for each in _DECISIONS],
        codes=[(each.value, page.say(REASONS[each])) for each in ReasonCode],
        next_after=rows[-1].id if len(found) > _ROWS else None,
        filtered=bool(asked),
        no_such_brand=wanted.brand_id == _NO_BRAND,
    )


def asked_for(page: Page) -> dict[str, str]:
    """The filters of the address, those that were left alone left out."""
    given = page.request.query_params
    return {name: given[name].strip()[:200] for name in _FIELDS if given.get(name, "").strip()}


def wanted_of(page: Page, session: Session, asked: Mapping[str, str]) -> QueueFilter:
    wanted = QueueFilter(
        state=_one_of(QueueState, asked.get("state")) or QueueState.WAITING,
        order=_one_of(QueueOrder, asked.get("order")) or QueueOrder.LIKELIEST,
        decision=_one_of(Decision, asked.get("decision")),
        code=_one_of(ReasonCode, asked.get("code")),
        looked_at_by=page.principal.key_id,
    )
    if "brand" not in asked:
        return wanted
    named = brands.ids_named(session, page.principal.tenant_id, asked["brand"])
    return replace(wanted, brand_id=named[0] if named else _NO_BRAND)


def next_after(page: Page, session: Session, asked: Mapping[str, str], decision_id: str) -> str | None:
    """The decision that comes after this one in the queue that was looked at."""
    found = control.queue(session, page.principal, wanted_of(page, session, asked), 1, decision_id)
    return found[0].id if found else None


def _rows(page: Page, session: Session, found: Sequence[StoredDecision]) -> list[Row]:
    names = names_of(session, page.principal.tenant_id, {each.brand_id for each in found if each.brand_id})
    return [
        Row(each.id, DecisionRecord.model_validate(each.record), each.seller, names.brand(each.brand_id))
        for each in found
    ]


def _one_of(kind: type[E], text: str | None) -> E | None:
    return kind(text) if text in [each.value for each in kind] else None
