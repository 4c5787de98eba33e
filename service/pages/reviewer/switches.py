"""Putting a rule live or in shadow: one administrator proposes, another signs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Response
from pydantic import BaseModel, StringConstraints

from service.errors import Problem
from service.pages.forms import FormRefused, read, refused
from service.pages.notices import Notice
from service.pages.page import AdminPage
from service.pages.reviewer.rules import rule_page
from service.pages.routing import page_router
from service.policies import service as policies
from service.screening.findings import RuleStatus

router = page_router()


class ProposalForm(BaseModel):
    status: RuleStatus
    reason: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


@router.post("/rules/{rule}/switches")
def propose(page: AdminPage, rule: str) -> Response:
    settings = page.runtime.settings.rule_status
    try:
        form = read(page, ProposalForm)
        with page.runtime.database.write() as session:
            policies.propose_rule(session, page.principal, settings, rule, form.status, form.reason)
    except FormRefused as wrong:
        return rule_page(page, rule, wrong.form, 422)
    except policies.RuleRefused as problem:
        return rule_page(page, rule, refused(page, problem.title), problem.status)
    return page.go(f"/rules/{rule}", Notice.SWITCH_PROPOSED)


@router.post("/rules/{rule}/switches/{switch_id}/signature")
def sign(page: AdminPage, rule: str, switch_id: str) -> Response:
    settings = page.runtime.settings.rule_status
    try:
        with page.runtime.database.write() as session:
            policies.sign(session, page.principal, settings, switch_id)
    except Problem as problem:
        return rule_page(page, rule, refused(page, problem.title), problem.status)
    return page.go(f"/rules/{rule}", Notice.SWITCH_SIGNED)


@router.post("/rules/{rule}/switches/{switch_id}/withdrawal")
def withdraw(page: AdminPage, rule: str, switch_id: str) -> Response:
    with page.runtime.database.write() as session:
        policies.withdraw(session, page.principal, switch_id)
    return page.go(f"/rules/{rule}", Notice.REMOVED)
