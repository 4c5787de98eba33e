"""SQL of chances, shadow firings, calibrations, events and runs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from service.control.models import ControlEvent, ControlRun, FindingChance, HouseCalibration, ShadowFiring
from service.decisions.models import StoredDecision
from service.listings.models import Listing
from service.paging import one_more
from service.screening.outcome import Decision
from service.security.models import Tenant
from service.verdicts.models import Verdict

_MOST_IDS = 500
_FOR_PEOPLE = (Decision.REVIEW.value, Decision.BLOCK.value)
"""Blocks too: a second person looks at each."""


@dataclass(frozen=True)
class Sight:
    """Of one decision, what distributions are made of."""

    score: float
    identity: float | None
    coverage: str
    decision: str


def calibration(session: Session, tenant_id: str, fingerprint: str, weights: str) -> HouseCalibration | None:
    return session.scalar(
        select(HouseCalibration)
        .where(
            HouseCalibration.tenant_id == tenant_id,
            HouseCalibration.encoder_fingerprint == fingerprint,
            HouseCalibration.weights == weights,
        )
        .order_by(HouseCalibration.id.desc())
        .limit(1)
    )


def probabilities(session: Session, tenant_id: str, decision_ids: Collection[str]) -> dict[str, float]:
    wanted = sorted(set(decision_ids))
    found: dict[str, float] = {}
    for start in range(0, len(wanted), _MOST_IDS):
        rows = session.execute(
            select(FindingChance.decision_id, FindingChance.probability).where(
                FindingChance.tenant_id == tenant_id,
                FindingChance.decision_id.in_(wanted[start : start + _MOST_IDS]),
            )
        )
        found.update((decision, probability) for decision, probability in rows)
    return found


def scores(
    session: Session, tenant_id: str, fingerprint: str, weights: str, decision_ids: Collection[str]
) -> dict[str, tuple[float, datetime]]:
    """Score and time of those of the decisions that were made with this encoder and version of weights."""
    wanted = sorted(set(decision_ids))
    found: dict[str, tuple[float, datetime]] = {}
    for start in range(0, len(wanted), _MOST_IDS):
        rows = session.execute(
            select(FindingChance.decision_id, FindingChance.score, FindingChance.decided_at).where(
                FindingChance.tenant_id == tenant_id,
                FindingChance.encoder_fingerprint == fingerprint,
                FindingChance.weights == weights,
                FindingChance.decision_id.in_(wanted[start : start + _MOST_IDS]),
            )
        )
        found.update((decision, (score, at)) for decision, score, at in rows)
    return found


def sights(
    session: Session,
    tenant_id: str,
    fingerprint: str,
    weights: str,
    since: datetime,
    until: datetime,
    most: int,
) -> list[Sight]:
    """The newest ones of the window `since` ≤ decided < `until`."""
    rows = session.execute(
        select(FindingChance.score, FindingChance.identity, FindingChance.coverage, FindingChance.decision)
        .where(
            FindingChance.tenant_id == tenant_id,
            FindingChance.encoder_fingerprint == fingerprint,
            FindingChance.weights == weights,
            FindingChance.decided_at >= since,
            FindingChance.decided_at < until,
        )
        .order_by(FindingChance.decided_at.desc())
        .limit(most)
    )
    return [Sight(*row) for row in rows]


def first_decided(session: Session, tenant_id: str, fingerprint: str, weights: str) -> datetime | None:
    return session.scalar(
        select(FindingChance.decided_at)
        .where(
            FindingChance.tenant_id == tenant_id,
            FindingChance.encoder_fingerprint == fingerprint,
            FindingChance.weights == weights,
        )
        .order_by(FindingChance.decided_at)
        .limit(1)
    )


def newest_chance(session: Session, tenant_id: str) -> FindingChance | None:
    """Its encoder is the one in service."""
    return session.scalar(
        select(FindingChance)
        .where(FindingChance.tenant_id == tenant_id)
        .order_by(FindingChance.decided_at.desc())
        .limit(1)
    )


def judged_firings(session: Session, tenant_id: str) -> Sequence[ShadowFiring]:
    """What rules in shadow would have done, of decisions with a verdict."""
    judged = exists().where(Verdict.tenant_id == tenant_id, Verdict.decision_id == ShadowFiring.decision_id)
    return session.scalars(select(ShadowFiring).where(ShadowFiring.tenant_id == tenant_id, judged)).all()


def latest_events(session: Session, tenant_id: str, kinds: Collection[str]) -> dict[str, ControlEvent]:
    """The newest event of these kinds, by the rule or brand it is about."""
    rows = session.scalars(
        select(ControlEvent)
        .where(ControlEvent.tenant_id == tenant_id, ControlEvent.kind.in_(sorted(kinds)))
        .order_by(ControlEvent.id)
    )
    return {row.rule or row.brand_id or "": row for row in rows}


def events(session: Session, tenant_id: str, limit: int, after: str | None) -> Sequence[ControlEvent]:
    query = select(ControlEvent).where(ControlEvent.tenant_id == tenant_id)
    return one_more(session, query, ControlEvent.id, limit, after)


def last_run(session: Session, tenant_id: str) -> ControlRun | None:
    return session.scalar(
        select(ControlRun)
        .where(ControlRun.tenant_id == tenant_id)
        .order_by(ControlRun.ran_at.desc())
        .limit(1)
    )


def queue(
    session: Session, tenant_id: str, organisation_id: str | None, limit: int, after: str | None
) -> Sequence[StoredDecision]:
    """Reviews of what listings are now, without a verdict, likeliest first, and one more than the page holds.

    Args:
        organisation_id: whose listings; None for everybody's.
    """
    judged = exists().where(Verdict.tenant_id == tenant_id, Verdict.decision_id == StoredDecision.id)
    query = (
        select(StoredDecision)
        .join(FindingChance, FindingChance.decision_id == StoredDecision.id)
        .join(Listing, Listing.latest_decision_id == StoredDecision.id)
        .where(
            FindingChance.tenant_id == tenant_id,
            FindingChance.decision.in_(_FOR_PEOPLE),
            ~judged,
        )
    )
    if organisation_id is not None:
        query = query.where(StoredDecision.organisation_id == organisation_id)
    last = _chance_of(session, tenant_id, after)
    if last is not None:
        later = and_(
            FindingChance.probability == last.probability, FindingChance.decision_id > last.decision_id
        )
        query = query.where(or_(FindingChance.probability < last.probability, later))
    order = FindingChance.probability.desc(), FindingChance.decision_id
    return session.scalars(query.order_by(*order).limit(limit + 1)).all()


def _chance_of(session: Session, tenant_id: str, decision_id: str | None) -> FindingChance | None:
    return session.scalar(
        select(FindingChance).where(
            FindingChance.tenant_id == tenant_id, FindingChance.decision_id == decision_id
        )
    )


def overdue(  # all tenants: ids alone, each is then looked at by itself
    session: Session, decided_before: datetime, ran_before: datetime
) -> Sequence[str]:
    """Tenants with a decision as old as that and no look since."""
    looked = exists().where(ControlRun.tenant_id == Tenant.id, ControlRun.ran_at >= ran_before)
    decided = exists().where(FindingChance.tenant_id == Tenant.id, FindingChance.decided_at < decided_before)
    return session.scalars(select(Tenant.id).where(~looked, decided).order_by(Tenant.id)).all()
