"""How often people confirm what rules find, and what other rules would have decided."""

from __future__ import annotations

from fastapi import Response

from service.clock import now
from service.control import looking
from service.control.measuring import Tally
from service.errors import NotFound
from service.pages.forms import Form
from service.pages.page import Page
from service.pages.reviewer.access import MeasuringPage
from service.pages.reviewer.rule_words import STANDINGS, STATES, STATUSES, VERDICTS
from service.pages.routing import page_router
from service.pages.telling import names_of
from service.policies import service as policies
from service.policies.models import SwitchState
from service.screening.findings import RuleStatus
from service.security.principals import Role
from service.users import service as users

router = page_router()

_BRANDS = 20
_COMPARED = 200
_SWITCHES = 50


@router.get("/rules")
def show_rules(page: MeasuringPage, after: str = "") -> Response:
    with page.runtime.database.read() as session:
        tenant = page.principal.tenant_id
        settings = page.runtime.settings.rule_status
        rules, brands = looking.standings(session, tenant, settings, now(), after, _BRANDS + 1)
        names = names_of(session, tenant, {each.brand_id for each in brands})
        return page.show(
            "reviewer/rules.html",
            rules=rules,
            brands=brands[:_BRANDS],
            names=names,
            next_after=brands[_BRANDS - 1].brand_id if len(brands) > _BRANDS else None,
            policy=policies.in_force(session, tenant, settings).policy,
            statuses=STATUSES,
            verdicts=VERDICTS,
            standings=STANDINGS,
        )


@router.get("/rules/{rule}")
def show_rule(page: MeasuringPage, rule: str) -> Response:
    return rule_page(page, rule, Form())


def rule_page(page: Page, rule: str, form: Form, status: int = 200) -> Response:
    """The rule with its brands, and what is proposed for it."""
    with page.runtime.database.read() as session:
        tenant = page.principal.tenant_id
        found = looking.rules(session, tenant, page.runtime.settings.rule_status)
        standing = next((each for each in found if each.rule == rule), None)
        if standing is None:
            raise NotFound(f"The policy in force has no rule {rule}.")
        proposed = policies.switches_of(session, tenant, rule, _SWITCHES)
        people = {each for row in proposed for each in (row.proposed_by, row.signed_by) if each}
        return page.show(
            "reviewer/rule.html",
            status,
            standing=standing,
            form=form,
            brands=sorted(standing.brands.items(), key=lambda each: -each[1].labelled)[:_BRANDS],
            names=names_of(session, tenant, set(standing.brands)),
            none=Tally(),
            switches=proposed,
            people=users.names(session, tenant, people),
            open_state=SwitchState.PROPOSED.value,
            me=page.principal.key_id,
            may_switch=page.principal.role is Role.ADMIN,
            other=RuleStatus.SHADOW if standing.status is RuleStatus.LIVE else RuleStatus.LIVE,
            statuses=STATUSES,
            verdicts=VERDICTS,
            states=STATES,
        )


@router.get("/rules/{rule}/replay")
def replay(
    page: MeasuringPage, rule: str, status: RuleStatus = RuleStatus.LIVE, after: str | None = None
) -> Response:
    """Recorded decisions, decided again with this rule so; a marketplace's reviewer tries it on its own."""
    own = page.principal.organisation_id if page.principal.role is Role.PLATFORM else None
    with page.runtime.database.read() as session:
        tenant = page.principal.tenant_id
        standing = policies.in_force(session, tenant, page.runtime.settings.rule_status)
        statuses = standing.rule_status | {rule: status}
        found = policies.replay(
            session, tenant, standing.policy, statuses, after, _COMPARED, organisation_id=own
        )
        return page.show(
            "reviewer/replay.html",
            rule=rule,
            status_=status,
            statuses=STATUSES,
            found=found,
            most=_COMPARED,
        )
