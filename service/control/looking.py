"""One look at what decisions were worth: everything is read and reckoned here, and nothing is changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.cases.service as cases
import service.policies.service as policies
from model.scoring.risk import CannotTell, Threshold
from service.control import repository
from service.control.calibrating import Labelled, block_threshold, calibrated, labelled
from service.control.chances import InUse, in_use
from service.control.drifting import Drift, drift
from service.control.measuring import RuleTally, Tally, blocks, by_rule, notices, tally
from service.control.models import ControlEvent, EventKind, HouseCalibration
from service.control.rights import (
    SIX_MONTHS,
    BrandStanding,
    RuleBar,
    RuleVerdict,
    bar_of,
    brand_verdict,
    rule_verdict,
)
from service.policies.service import RuleStatuses
from service.screening.findings import RuleStatus
from service.screening.outcome import Decision
from service.screening.policy_file import Policy, Rule
from service.verdicts.repository import Standing, standing

_NO_ENCODER = "none"


@dataclass(frozen=True)
class RuleStanding:
    rule: str
    title: str
    status: RuleStatus
    verdict: RuleVerdict
    bar: RuleBar
    found: Tally
    blocked: Tally
    brands: Mapping[str, Tally]


@dataclass(frozen=True)
class CalibrationStanding:
    labels: Labelled
    using: InUse
    """What told chances until now."""
    fresh: HouseCalibration | None
    """A better one, to be kept."""
    threshold: Threshold | CannotTell


@dataclass(frozen=True)
class Look:
    at: datetime
    rules: Sequence[RuleStanding]
    brands: Sequence[BrandStanding]
    calibration: CalibrationStanding
    drift: Drift | None
    """None while nothing was decided."""


def look(session: Session, tenant_id: str, settings: RuleStatuses, at: datetime) -> Look:
    """Args: settings: the operator's statuses of rules, over which signed switches stand."""
    judged = standing(session, tenant_id)
    newest = repository.newest_chance(session, tenant_id)
    return Look(
        at=at,
        rules=rules(session, tenant_id, settings, judged),
        brands=brand_standings(session, tenant_id, at, judged),
        calibration=calibration(session, tenant_id, at, judged),
        drift=drift(session, tenant_id, newest, at) if newest else None,
    )


def standings(
    session: Session, tenant_id: str, settings: RuleStatuses, at: datetime, after: str, limit: int
) -> tuple[list[RuleStanding], list[BrandStanding]]:
    """Every rule, and so many brands after that id, out of one reading of the verdicts."""
    judged = standing(session, tenant_id)
    return (
        rules(session, tenant_id, settings, judged),
        brand_standings(session, tenant_id, at, judged, after=after, limit=limit),
    )


def rules(
    session: Session, tenant_id: str, settings: RuleStatuses, judged: Sequence[Standing] | None = None
) -> list[RuleStanding]:
    """Every rule of the policy in force, in its order."""
    if judged is None:
        judged = standing(session, tenant_id)
    in_force = policies.in_force(session, tenant_id, settings)
    withdrawn = repository.latest_events(session, tenant_id, [EventKind.RULE_WITHDRAWN])
    since = {rule: event.at for rule, event in withdrawn.items()}
    found = by_rule(judged, repository.judged_firings(session, tenant_id), since)
    return [
        _rule(
            rule,
            in_force.policy,
            in_force.rule_status.get(rule.id, rule.status),
            found.get(rule.id, RuleTally(rule.id, Tally(), {})),
            _blocked_by(rule.id, judged, since.get(rule.id)),
        )
        for rule in in_force.policy.rules
    ]


def brand_standings(
    session: Session,
    tenant_id: str,
    at: datetime,
    judged: Sequence[Standing] | None = None,
    *,
    after: str = "",
    limit: int | None = None,
) -> list[BrandStanding]:
    """The brands of the tenant whose ids come after that one, by id."""
    if judged is None:
        judged = standing(session, tenant_id)
    kinds = [EventKind.RIGHT_EARNED, EventKind.RIGHT_LOST]
    events = repository.latest_events(session, tenant_id, kinds)
    held = {brand.id: brand.auto_block for brand in brands.names_for_tenant(session, tenant_id)}
    wanted = [brand for brand in sorted(held) if brand > after][:limit]
    return [_brand(session, tenant_id, each, held[each], events.get(each), judged, at) for each in wanted]


def brand_standing(session: Session, tenant_id: str, brand_id: str, at: datetime) -> BrandStanding:
    """Of one brand of the tenant.

    Raises:
        NoSuchBrand: it has none of that id.
    """
    kinds = [EventKind.RIGHT_EARNED, EventKind.RIGHT_LOST]
    last = repository.latest_events(session, tenant_id, kinds).get(brand_id)
    held = {each.id: each.auto_block for each in brands.names_for_tenant(session, tenant_id)}
    if brand_id not in held:
        raise brands.NoSuchBrand(brand_id)
    judged = standing(session, tenant_id, brand_id)
    return _brand(session, tenant_id, brand_id, held[brand_id], last, judged, at)


def calibration(
    session: Session, tenant_id: str, at: datetime, judged: Sequence[Standing] | None = None
) -> CalibrationStanding:
    """Of the encoder that decided last."""
    newest = repository.newest_chance(session, tenant_id)
    if newest is None:
        none = Labelled.none()
        return CalibrationStanding(none, in_use(session, tenant_id, _NO_ENCODER), None, block_threshold(none))
    if judged is None:
        judged = standing(session, tenant_id)
    encoder = newest.encoder_fingerprint
    labels = labelled(session, tenant_id, newest, judged)
    held = repository.calibration(session, tenant_id, encoder, newest.weights)
    return CalibrationStanding(
        labels,
        in_use(session, tenant_id, encoder),
        calibrated(tenant_id, newest, labels, held, at),
        block_threshold(labels),
    )


def _rule(rule: Rule, policy: Policy, status: RuleStatus, found: RuleTally, blocked: Tally) -> RuleStanding:
    return RuleStanding(
        rule=rule.id,
        title=rule.title,
        status=status,
        verdict=rule_verdict(rule, status, policy.precision, found.whole, blocked),
        bar=bar_of(rule, policy.precision),
        found=found.whole,
        blocked=blocked,
        brands=found.brands,
    )


def _blocked_by(rule: str, judged: Sequence[Standing], since: datetime | None) -> Tally:
    return tally(
        each
        for each in judged
        if each.rule == rule
        and each.automatic_decision == Decision.BLOCK
        and (since is None or each.given_at >= since)
    )


def _brand(
    session: Session,
    tenant_id: str,
    brand_id: str,
    held: bool,
    last: ControlEvent | None,
    judged: Sequence[Standing],
    at: datetime,
) -> BrandStanding:
    since = max(at - SIX_MONTHS, last.at) if last else at - SIX_MONTHS
    upheld, decided = cases.notice_accuracy(session, tenant_id, brand_id, since)
    noticed, opinions = notices(judged, brand_id, since), Tally(upheld, decided - upheld)
    blocked = blocks(judged, since, brand_id)
    earned_before = last is not None and last.kind == EventKind.RIGHT_EARNED
    verdict = brand_verdict(held, earned_before, noticed, opinions, blocked)
    return BrandStanding(brand_id, held, since, noticed, opinions, blocked, verdict)
