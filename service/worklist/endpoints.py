"""HTTP of the work list."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query

from service.deps import ReadSession, requires
from service.messages import preferred
from service.parcels.wording import words
from service.security.principals import Principal, Role
from service.worklist import service
from service.worklist.ranking import Ranked, Worth
from service.worklist.schemas import Measure, RankReason, WorkItem, WorkList

router = APIRouter(prefix="/v1/worklist", tags=["work list"])

Reader = Annotated[Principal, Depends(requires(Role.INSPECTOR, Role.ADMIN, Role.AUDITOR))]


@router.get("")
def show_worklist(
    principal: Reader,
    session: ReadSession,
    top: Annotated[int, Query(ge=1, le=5_000, description="How many of the ranked parcels")] = 50,
    worth: Annotated[Worth, Query(description="What a finding counts for")] = Worth.FINDINGS,
    accept_language: Annotated[str | None, Header(max_length=200)] = None,
) -> WorkList:
    """Parcels that wait, by expected findings for an hour of work, with the reasons for each rank."""
    found, said = service.queue(session, principal, worth), words(preferred(accept_language))
    items = [_item(at, each, said) for at, each in enumerate(found.ranked, 1)]
    return WorkList(
        items=items[:top],
        drawn=[each for each in items[top:] if each.drawn],
        waiting=len(items),
        model=found.model,
    )


@router.get("/measure")
def show_measure(principal: Reader, session: ReadSession) -> Measure:
    """What the random sample says: how many parcels are counterfeit, and how many of them nobody would have opened."""
    return service.measure(session, principal)


def _item(rank: int, each: Ranked, said: dict[str, str]) -> WorkItem:
    parcel = each.parcel
    return WorkItem(
        rank=rank,
        parcel_id=parcel.parcel_id,
        inspection_id=parcel.inspection_id,
        reference=parcel.reference,
        advice=parcel.advice,
        one_in=max(1, round(1 / max(each.chance, 1e-6))),
        value=each.value,
        minutes=round(each.minutes, 2),
        minutes_measured=each.minutes_measured,
        per_hour=round(each.per_hour, 4),
        reasons=[RankReason(key=f"rank.{name}", message=said[f"rank.{name}"]) for name in each.reasons],
        drawn=parcel.sampled,
    )
