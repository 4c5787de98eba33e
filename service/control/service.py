"""What follows from a measurement: rights given and taken, rules proposed and withdrawn, calibrations renewed.

Each such step is in the audit log and told to the administrators' webhooks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.policies.service as policies
from model.scoring.drift import Standing
from service.audit.service import record
from service.brands.schemas import BrandChanges
from service.control import repository
from service.control.looking import Look, RuleStanding
from service.control.models import ControlEvent, ControlRun, EventKind
from service.control.queue import QueueFilter
from service.control.rights import BLOCKS_RIGHT, NOTICES_UPHELD, BrandStanding, RuleVerdict, Verdict
from service.control.schemas import DriftOut, ReportOut
from service.decisions.models import StoredDecision
from service.ids import new_id
from service.policies.service import MEASUREMENT, RuleStatuses
from service.screening.findings import RuleStatus
from service.security.principals import Principal, Role
from service.webhooks.service import publish

_ALARM_AGAIN = timedelta(days=7)
_ADMINISTRATORS = ""
"""No organisation's own event: only webhooks that hear of the whole house are told."""


def act(session: Session, tenant_id: str, settings: RuleStatuses, found: Look) -> list[ControlEvent]:
    """Do what the look asks for, and keep its report."""
    acting = Principal(MEASUREMENT, tenant_id, "", Role.ADMIN)
    happened = [
        *_brands(session, acting, found.brands, found.at),
        *_rules(session, acting, settings, found.rules, found.at),
        *_calibration(session, acting, found),
        *_drift(session, acting, found),
    ]
    report = ReportOut.of(found).model_dump(mode="json")
    session.add(ControlRun(id=new_id("run"), tenant_id=tenant_id, ran_at=found.at, report=report))
    session.flush()
    return happened


def drift_history(session: Session, tenant_id: str, most: int) -> list[DriftOut]:
    """What the last looks found of drift, oldest first."""
    return [DriftOut.model_validate(each) for each in repository.last_drifts(session, tenant_id, most)]


def queue(
    session: Session, principal: Principal, wanted: QueueFilter, limit: int, after: str | None
) -> Sequence[StoredDecision]:
    """What waits for people, and one more than `limit`; a marketplace's reviewer sees its own listings alone."""
    organisation = principal.organisation_id if principal.role is Role.PLATFORM else None
    return repository.queue(session, principal.tenant_id, organisation, limit, after, wanted)


def last_report(session: Session, tenant_id: str) -> ReportOut | None:
    """Of the newest look; None before the first one."""
    run = repository.last_run(session, tenant_id)
    return ReportOut.model_validate(run.report) if run else None


def _brands(
    session: Session, acting: Principal, standings: Sequence[BrandStanding], at: datetime
) -> list[ControlEvent]:
    happened = []
    for each in standings:
        if each.verdict is Verdict.EARNS:
            brands.update(session, acting, each.brand_id, BrandChanges(auto_block=True))
            happened.append(_right(session, acting, EventKind.RIGHT_EARNED, each, at))
        elif each.verdict is Verdict.LOSES:
            brands.update(session, acting, each.brand_id, BrandChanges(auto_block=False))
            happened.append(_right(session, acting, EventKind.RIGHT_LOST, each, at))
    return happened


def _right(
    session: Session, acting: Principal, kind: EventKind, standing: BrandStanding, at: datetime
) -> ControlEvent:
    earned = kind is EventKind.RIGHT_EARNED
    counted = standing.notices if earned else standing.blocks
    detail = {
        "bar": NOTICES_UPHELD if earned else BLOCKS_RIGHT,
        "right": counted.right,
        "wrong": counted.wrong,
        "lower": round(counted.lower, 4),
        "since": standing.since.isoformat(),
    }
    return _happened(session, acting, kind, at, detail, brand_id=standing.brand_id)


def _rules(
    session: Session,
    acting: Principal,
    settings: RuleStatuses,
    standings: Sequence[RuleStanding],
    at: datetime,
) -> list[ControlEvent]:
    proposed = policies.open_proposals(session, acting.tenant_id)
    happened = []
    for each in standings:
        reason = _reason(each)
        if each.verdict is RuleVerdict.PROPOSE and each.rule not in proposed:
            policies.propose_rule(session, acting, settings, each.rule, RuleStatus.LIVE, reason)
            happened.append(_moved(session, acting, EventKind.RULE_PROPOSED, each, at))
        elif each.verdict is RuleVerdict.WITHDRAW:
            policies.put_in_shadow(session, acting, settings, each.rule, reason)
            happened.append(_moved(session, acting, EventKind.RULE_WITHDRAWN, each, at))
    return happened


def _reason(standing: RuleStanding) -> str:
    found, blocked = standing.found, standing.blocked
    return (
        f"measured: {found.right} of {found.labelled} findings confirmed, at least {found.lower:.1%} at 95 % "
        f"confidence; {blocked.wrong} of {blocked.labelled} blocks wrong; it is held to {standing.bar.share:.0%}"
    )


def _moved(
    session: Session, acting: Principal, kind: EventKind, standing: RuleStanding, at: datetime
) -> ControlEvent:
    detail = {
        "bar": standing.bar.share,
        "right": standing.found.right,
        "wrong": standing.found.wrong,
        "lower": round(standing.found.lower, 4),
        "blocks_right": standing.blocked.right,
        "blocks_wrong": standing.blocked.wrong,
    }
    return _happened(session, acting, kind, at, detail, rule=standing.rule)


def _calibration(session: Session, acting: Principal, found: Look) -> list[ControlEvent]:
    fresh = found.calibration.fresh
    if fresh is None:
        return []
    session.add(fresh)
    session.flush()
    detail = {"version": fresh.version, "basis": fresh.basis, "labels": fresh.labels, "right": fresh.right}
    return [_happened(session, acting, EventKind.CALIBRATED, found.at, detail)]


def _drift(session: Session, acting: Principal, found: Look) -> list[ControlEvent]:
    """An alarm is told again only after a week."""
    if found.drift is None or found.drift.standing is not Standing.ALARM:
        return []
    told = repository.latest_events(session, acting.tenant_id, [EventKind.DRIFTED]).get("")
    if told is not None and found.at - told.at < _ALARM_AGAIN:
        return []
    detail = {
        "streams": [each.stream for each in found.drift.streams if each.standing is Standing.ALARM],
        "recalibrate_by": found.drift.recalibrate_by.isoformat(),
    }
    return [_happened(session, acting, EventKind.DRIFTED, found.at, detail)]


def _happened(
    session: Session,
    acting: Principal,
    kind: EventKind,
    at: datetime,
    detail: Mapping[str, Any],
    *,
    rule: str | None = None,
    brand_id: str | None = None,
) -> ControlEvent:
    event = ControlEvent(
        id=new_id("cte"),
        tenant_id=acting.tenant_id,
        kind=kind.value,
        rule=rule,
        brand_id=brand_id,
        detail=dict(detail),
        at=at,
    )
    session.add(event)
    session.flush()
    about = {"rule": rule, "brand_id": brand_id, **detail}
    record(session, acting, f"control.{kind.value.replace('_', '-')}", event.id, about)
    publish(session, acting.tenant_id, f"control.{kind}", {"event_id": event.id, **about}, _ADMINISTRATORS)
    return event
