"""How often findings are right, who may block, and whether scores still lie where they were calibrated."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query

import service.brands.service as brands
from service.clock import now
from service.control import jobs, looking, repository, service
from service.control.schemas import (
    BrandControlOut,
    BrandControlPage,
    CalibrationOut,
    DriftOut,
    EventOut,
    QueuedOut,
    QueueQuery,
    RuleControlOut,
)
from service.deps import OwnerPrincipal, ReadSession, RuntimeDep, requires
from service.errors import Forbidden
from service.paging import After, Limit, Page, page_of
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1/control", tags=["control"])
DAILY = jobs.KIND
"""The job that takes a look once a day is declared by being imported here."""

Controller = Annotated[Principal, Depends(requires(Role.INSPECTOR, Role.AUDITOR, Role.ADMIN))]
"""Those who answer for the house. Not the marketplace: how sure the house is would teach counterfeiters."""

Reviewer = Annotated[Principal, Depends(requires(Role.PLATFORM, Role.INSPECTOR, Role.ADMIN))]


@router.get("/rules")
def list_rules(principal: Controller, session: ReadSession, runtime: RuntimeDep) -> list[RuleControlOut]:
    """How many findings of each rule people confirmed, live and in shadow, with bounds, in the policy's order."""
    found = looking.rules(session, principal.tenant_id, runtime.settings.rule_status)
    return [RuleControlOut.of(each) for each in found]


@router.get("/brands")
def list_brands(
    principal: Controller, session: ReadSession, limit: Limit = 50, after: After = None
) -> BrandControlPage:
    """How each brand stands with its auto-block right: what it has proven, and what is missing."""
    found = looking.brand_standings(session, principal.tenant_id, now(), after=after or "", limit=limit + 1)
    shown = [BrandControlOut.of(each) for each in found[:limit]]
    return BrandControlPage(items=shown, next_after=shown[-1].brand_id if len(found) > limit else None)


@router.get("/brands/{brand_id}")
def read_brand(brand_id: str, principal: OwnerPrincipal, session: ReadSession) -> BrandControlOut:
    """How one of the caller's brands stands with its auto-block right."""
    brand = brands.own_brand(session, principal, brand_id)
    return BrandControlOut.of(looking.brand_standing(session, principal.tenant_id, brand.id, now()))


@router.get("/calibration")
def read_calibration(principal: Controller, session: ReadSession) -> CalibrationOut:
    """What makes probabilities of scores now, and from which score blocks could be promised to be right."""
    return CalibrationOut.of(looking.calibration(session, principal.tenant_id, now()))


@router.get("/drift")
def read_drift(principal: Controller, session: ReadSession) -> DriftOut:
    """Whether the last week's scores lie where the calibration's did, as the last daily look found it."""
    report = service.last_report(session, principal.tenant_id)
    return report.drift if report else DriftOut.of(None)


@router.get("/events")
def list_events(
    principal: Controller, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[EventOut]:
    """Rights earned and lost, rules proposed and withdrawn, calibrations, alarms; oldest first."""
    return page_of(repository.events(session, principal.tenant_id, limit, after), limit, EventOut.of)


@router.get("/queue")
def read_queue(
    principal: Reviewer,
    session: ReadSession,
    asked: Annotated[QueueQuery, Query()],
) -> Page[QueuedOut]:
    """Listings that wait for a person's verdict, those first whose findings people most likely confirm.

    A marketplace reads its own; the order is all that it learns, so it cannot ask for one brand.
    """
    if principal.role is Role.PLATFORM and asked.brand_id is not None:
        raise Forbidden("A key of the marketplace does not learn of which brand a decision speaks.")
    found = service.queue(session, principal, asked.wanted(principal), asked.limit, asked.after)
    return page_of(found, asked.limit, QueuedOut.of)
