"""Cases over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import AwareDatetime

import service.brands.service as brands
import service.cases.reminders as reminders  # noqa: F401 - declares the periodic job
import service.parcels.cases as inspections  # noqa: F401 - declares how inspections are read
from service.cases import parties, progress, repository, service, views
from service.cases.schemas import (
    CaseLine,
    CaseOut,
    Extension,
    FactChanges,
    NewCase,
    NewParty,
    NewStep,
    NoticeAccuracy,
    OwnCaseOut,
    PartyOut,
    StepOut,
)
from service.cases.transitions import BY_HAND
from service.clock import now
from service.clocks.profiles import CaseState
from service.deps import CurrentPrincipal, OwnerPrincipal, ReadSession, RuntimeDep, WriteSession, requires
from service.errors import Unprocessable
from service.messages import preferred
from service.paging import After, Limit, Page, page_of
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1", tags=["cases"])

Officer = Annotated[Principal, Depends(requires(Role.PLATFORM, Role.INSPECTOR, Role.ADMIN))]
Reader = Annotated[Principal, Depends(requires(Role.PLATFORM, Role.INSPECTOR, Role.AUDITOR, Role.ADMIN))]
AcceptLanguage = Annotated[str | None, Header(max_length=200)]
HALF_A_YEAR = timedelta(days=182)


@router.post("/cases", status_code=201)
def open_case(
    new: NewCase,
    response: Response,
    principal: Officer,
    session: WriteSession,
    accept_language: AcceptLanguage = None,
) -> CaseOut:
    """Open a case on a decision or an inspection, under the clock of a procedure."""
    case = service.open_case(session, principal, new)
    response.headers["Location"] = f"/v1/cases/{case.id}"
    return views.whole(session, case, preferred(accept_language))


@router.get("/cases")
def list_cases(
    principal: CurrentPrincipal,
    session: ReadSession,
    state: CaseState | None = None,
    overdue: Annotated[bool, Query(description="Only those with an open deadline that has passed")] = False,
    after: After = None,
    limit: Limit = 50,
    accept_language: AcceptLanguage = None,
) -> Page[CaseLine]:
    """Cases that this key may see, oldest first, each with what is due next."""
    found = service.page(session, principal, state=state, overdue=overdue, after=after, limit=limit)
    shown = {each.id: each for each in views.lines(session, found, preferred(accept_language))}
    return page_of(found, limit, lambda case: shown[case.id])


@router.get("/cases/{case_id}")
def read_case(
    case_id: str, principal: CurrentPrincipal, session: ReadSession, accept_language: AcceptLanguage = None
) -> CaseOut | OwnCaseOut:
    """The case as this key's role may see it: brand owners see nothing of who is behind it."""
    case, language = service.get(session, principal, case_id), preferred(accept_language)
    if principal.role in (Role.BRAND_OWNER, Role.AGENT):
        return views.own(session, case, language)
    return views.whole(session, case, language)


@router.get("/cases/{case_id}/steps")
def list_steps(case_id: str, principal: Reader, session: ReadSession) -> list[StepOut]:
    """What was done, by whom, why, oldest first."""
    case = service.get(session, principal, case_id)
    return [StepOut.model_validate(each) for each in repository.steps(session, case.tenant_id, case.id)]


@router.post("/cases/{case_id}/steps", status_code=201)
def take_step(case_id: str, new: NewStep, principal: Officer, session: WriteSession) -> CaseOut:
    """Take the next step. What is not legal now is refused with 409, and the steps that are."""
    case = service.get(session, principal, case_id, to_change=True)
    if new.step not in BY_HAND:
        raise Unprocessable(f"`{new.step}` follows from something else; nobody takes it by naming it.")
    progress.take_step(session, principal, case, new.step, new.why, new.at, new.outcome)
    return views.whole(session, case)


@router.patch("/cases/{case_id}")
def change_facts(case_id: str, changes: FactChanges, principal: Officer, session: WriteSession) -> CaseOut:
    """Put right what the case says of its goods; deadlines are computed again."""
    case = service.get(session, principal, case_id, to_change=True)
    progress.change_facts(session, principal, case, changes)
    return views.whole(session, case)


@router.post("/cases/{case_id}/extension", status_code=201)
def extend(case_id: str, extension: Extension, principal: Officer, session: WriteSession) -> CaseOut:
    """Grant the one extension that the procedure knows."""
    case = service.get(session, principal, case_id, to_change=True)
    progress.extend(session, principal, case, extension.why)
    return views.whole(session, case)


@router.post("/cases/{case_id}/parties", status_code=201)
def add_party(
    case_id: str, new: NewParty, principal: Officer, session: WriteSession, runtime: RuntimeDep
) -> PartyOut:
    """Put down who is involved. Names are kept apart from the case, encrypted."""
    case = service.get(session, principal, case_id, to_change=True)
    return parties.add(session, principal, runtime.settings.signing_key(), case, new)


@router.get("/cases/{case_id}/parties")
def list_parties(
    case_id: str, principal: Officer, session: WriteSession, runtime: RuntimeDep
) -> list[PartyOut]:
    """Who is involved, by name. That it was read is in the audit log."""
    case = service.get(session, principal, case_id)
    return parties.read(session, principal, runtime.settings.signing_key(), case)


@router.get("/brands/{brand_id}/notice-accuracy")
def read_notice_accuracy(
    brand_id: str, principal: OwnerPrincipal, session: ReadSession, since: AwareDatetime | None = None
) -> NoticeAccuracy:
    """How often goods were counterfeit when the brand's holder said so; over six months if not asked otherwise."""
    brand = brands.own_brand(session, principal, brand_id)
    begin = since or (now() - HALF_A_YEAR).replace(hour=0, minute=0, second=0, microsecond=0)
    upheld, decided = service.notice_accuracy(session, principal.tenant_id, brand.id, begin)
    share = upheld / decided if decided else None
    return NoticeAccuracy(brand_id=brand.id, since=begin, upheld=upheld, decided=decided, share=share)
