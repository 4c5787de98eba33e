"""Which parcel first, and why."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

import service.worklist.service as worklist
from service.pages.inspector import terms
from service.pages.inspector.access import message_language
from service.pages.page import OfficerPage
from service.pages.routing import page_router
from service.parcels.wording import words
from service.screening.parcel_outcome import Advice
from service.worklist.ranking import Worth

router = page_router()

_AT_ONCE = 50
From = Annotated[int, Query(ge=0, le=worklist.MOST_WAITING, alias="from")]


@router.get("/worklist")
def show(
    page: OfficerPage, first: From = 0, worth: Worth = Worth.FINDINGS, advice: Advice | None = None
) -> Response:
    """Fifty at a time in the order of their rank; with `advice`, those alone, each with its rank among all."""
    with page.runtime.database.read() as session:
        found = worklist.queue(session, page.principal, worth)
    ranked = [
        (rank, each) for rank, each in enumerate(found.ranked, 1) if advice in (None, each.parcel.advice)
    ]
    return page.show(
        "inspector/worklist.html",
        ranked=ranked[first : first + _AT_ONCE],
        drawn=[(rank, each) for rank, each in ranked[first + _AT_ONCE :] if each.parcel.sampled][:_AT_ONCE],
        count=len(ranked),
        waiting=len(found.ranked),
        first=first,
        next_first=first + _AT_ONCE if len(ranked) > first + _AT_ONCE else None,
        worth=worth,
        advice=advice,
        advices=list(Advice),
        said=words(message_language(page)),
        terms=terms,
    )
