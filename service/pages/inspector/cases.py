"""Cases: opened on an inspection, taken on step by step, each with its deadlines."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Response
from sqlalchemy.orm import Session

import service.brands.service as brands
import service.cases.service as cases
import service.opinions.links as opinion_links
import service.opinions.repository as asked
import service.opinions.service as opinions
from service.cases import parties, progress, repository, views
from service.cases.models import PartyRole
from service.cases.schemas import (
    Extension,
    FactChanges,
    Goods,
    NewParty,
    NewStep,
    PartyOut,
)
from service.cases.transitions import Step, StepRefused
from service.clock import now
from service.clocks.profiles import CaseState
from service.errors import Unprocessable
from service.opinions.schemas import NewLink
from service.pages.forms import Form, FormRefused, read, refused
from service.pages.inspector import terms
from service.pages.inspector.access import CasePage, message_language
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.page import Page
from service.pages.routing import page_router
from service.pages.telling import BADGES
from service.referrals import service as referrals
from service.security.principals import Role
from service.verdicts.models import VerdictOutcome

router = page_router()

_AT_ONCE = 50
_NO_OUTCOME = N_("Choose what is decided; it goes with this step and with no other.")
_NOT_NOW = N_("The case cannot do this now: its state or a running clock stands in the way.")
After = Annotated[str | None, Query(max_length=40)]


@router.get("/cases")
def list_cases(page: CasePage, state: str = "", overdue: bool = False, after: After = None) -> Response:
    chosen = CaseState(state) if state in set(CaseState) else None
    with page.runtime.database.read() as session:
        found = cases.page(
            session, page.principal, state=chosen, overdue=overdue, after=after, limit=_AT_ONCE
        )
        return page.show(
            "inspector/cases.html",
            cases=views.lines(session, found[:_AT_ONCE], message_language(page)),
            next_after=found[_AT_ONCE - 1].id if len(found) > _AT_ONCE else None,
            goods={each.id: each.goods.get("article", "") for each in found},
            brand_names=_brand_names(page, session),
            state=chosen,
            overdue=overdue,
            terms=terms,
        )


@router.get("/cases/{case_id}")
def show(page: CasePage, case_id: str) -> Response:
    return _case(page, case_id, Form())


@router.post("/cases/{case_id}/steps")
def take_step(page: CasePage, case_id: str) -> Response:
    """A step with its reason; what is not legal now is refused in the form."""
    try:
        new = read(page, NewStep)
        if (new.step is Step.DECIDED) != (new.outcome is not None):
            raise FormRefused(refused(page, _NO_OUTCOME, "outcome"))
        with page.runtime.database.write() as session:
            case = cases.get(session, page.principal, case_id, to_change=True)
            progress.take_step(session, page.principal, case, new.step, new.why, None, new.outcome)
    except FormRefused as wrong:
        return _case(page, case_id, wrong.form, 422)
    except StepRefused as wrong:
        return _case(page, case_id, refused(page, _NOT_NOW, "step"), wrong.status, obstacle=wrong.detail)
    return page.go(f"/cases/{case_id}", Notice.SAVED)


@router.post("/cases/{case_id}/extension")
def extend(page: CasePage, case_id: str) -> Response:
    try:
        new = read(page, Extension)
        with page.runtime.database.write() as session:
            case = cases.get(session, page.principal, case_id, to_change=True)
            progress.extend(session, page.principal, case, new.why)
    except FormRefused as wrong:
        return _case(page, case_id, wrong.form, 422)
    except StepRefused as wrong:
        return _case(page, case_id, refused(page, _NOT_NOW, "step"), wrong.status, obstacle=wrong.detail)
    return page.go(f"/cases/{case_id}", Notice.SAVED)


@router.post("/cases/{case_id}/facts")
def put_right(page: CasePage, case_id: str) -> Response:
    given = {name: page.text(name) for name in Goods.model_fields}
    facts = {"perishable": bool(page.text("perishable")), "application": not page.text("without")}
    try:
        changes = read(page, FactChanges, goods=given, **facts)
        with page.runtime.database.write() as session:
            case = cases.get(session, page.principal, case_id, to_change=True)
            progress.change_facts(session, page.principal, case, changes)
    except FormRefused as wrong:
        return _case(page, case_id, wrong.form, 422)
    except StepRefused as wrong:
        return _case(page, case_id, refused(page, _NOT_NOW, "step"), wrong.status, obstacle=wrong.detail)
    return page.go(f"/cases/{case_id}", Notice.SAVED)


@router.post("/cases/{case_id}/links")
def ask_holder(page: CasePage, case_id: str) -> Response:
    """A link for the right holder; it is shown in the answer to the form and never again."""
    try:
        new = read(page, NewLink)
        with page.runtime.database.write() as session:
            case = cases.get(session, page.principal, case_id)
            key = page.runtime.settings.signing_key()
            _, token = opinion_links.create(session, page.principal, key, case, new)
    except FormRefused as wrong:
        return _case(page, case_id, wrong.form, 422)
    except (StepRefused, Unprocessable) as wrong:
        form = refused(page, wrong.title if isinstance(wrong, StepRefused) else wrong.help, "recipient")
        return _case(page, case_id, form, wrong.status, obstacle=wrong.detail)
    address = f"{str(page.request.base_url).rstrip('/')}/opinion#{token}"
    return _case(page, case_id, Form(), link=address)


@router.post("/cases/{case_id}/links/{link_id}/removal")
def end_link(page: CasePage, case_id: str, link_id: str) -> Response:
    with page.runtime.database.write() as session:
        opinion_links.revoke(session, page.principal, link_id)
    return page.go(f"/cases/{case_id}#opinions", Notice.REMOVED)


@router.post("/cases/{case_id}/parties")
def name_parties(page: CasePage, case_id: str) -> Response:
    """Put somebody down, or read who is: each reading is asked for and stands in the audit log."""
    key = page.runtime.settings.signing_key()
    try:
        with page.runtime.database.write() as session:
            case = cases.get(session, page.principal, case_id, to_change=True)
            if page.text("name"):
                parties.add(session, page.principal, key, case, read(page, NewParty))
            found = parties.read(session, page.principal, key, case)
    except FormRefused as wrong:
        return _case(page, case_id, wrong.form, 422)
    return _case(page, case_id, Form(), parties=found)


def _case(
    page: Page,
    case_id: str,
    form: Form,
    status: int = 200,
    *,
    link: str = "",
    obstacle: str = "",
    parties: list[PartyOut] | None = None,
) -> Response:
    with page.runtime.database.read() as session:
        row = cases.get(session, page.principal, case_id)
        return page.show(
            "inspector/case.html",
            status,
            form=form,
            case=views.whole(session, row, message_language(page)),
            steps=list(reversed(repository.steps(session, row.tenant_id, row.id))),
            procedure=cases.profile_of(row),
            brand=_brand_names(page, session).get(row.brand_id or "", ""),
            extendable=cases.profile_of(row).extendable and not row.extended and not row.closed_at,
            links=asked.links_of(session, row.tenant_id, row.id),
            opinions=list(reversed(opinions.on(session, row))),
            referrals=list(reversed(referrals.versions(session, row))),
            outcome_choices=[(each.value, page.say(BADGES[each].words)) for each in VerdictOutcome],
            roles=[(each.value, page.say(terms.ROLES[each])) for each in PartyRole],
            may_see_inspection=page.principal.role is Role.INSPECTOR,
            link=link,
            obstacle=obstacle,
            parties=parties,
            present=now(),
            terms=terms,
        )


def _brand_names(page: Page, session: Session) -> dict[str, Any]:
    return {each.id: each.name for each in brands.names_for_tenant(session, page.principal.tenant_id)}
