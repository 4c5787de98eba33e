"""SQL of chances, shadow firings, calibrations, events and runs, and of the queue for people."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, distinct, exists, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from service.control.models import ControlEvent, ControlRun, FindingChance, HouseCalibration, ShadowFiring
from service.control.queue import EVERYTHING_THAT_WAITS, QueueFilter, QueueOrder, QueueState
from service.decisions.models import StoredDecision
from service.listings.models import Listing
from service.paging import one_more
from service.screening.outcome import Decision
from service.security.models import Tenant
from service.verdicts.models import Verdict, VerdictOutcome

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


def last_drifts(session: Session, tenant_id: str, most: int) -> list[dict[str, Any]]:
    """Of the newest runs, oldest first: what each found of drift, and not the whole of its report."""
    query = (
        select(ControlRun.report["drift"])
        .where(ControlRun.tenant_id == tenant_id)
        .order_by(ControlRun.ran_at.desc())
        .limit(most)
    )
    return list(session.scalars(query))[::-1]


def queue(
    session: Session,
    tenant_id: str,
    organisation_id: str | None,
    limit: int,
    after: str | None,
    wanted: QueueFilter = EVERYTHING_THAT_WAITS,
) -> Sequence[StoredDecision]:
    """Decisions on what listings are now that a person should see, and one more than the page holds.

    Args:
        organisation_id: whose listings; None for everybody's.
        after: id of the last decision of the page before.
    """
    query = (
        select(StoredDecision.id)  # alone: records are long, and would all be carried through the sorting
        .join(FindingChance, FindingChance.decision_id == StoredDecision.id)
        .join(Listing, Listing.id == StoredDecision.listing_id)
        .where(
            FindingChance.tenant_id == tenant_id,
            Listing.latest_decision_id == StoredDecision.id,
            *_for_people(wanted),
            *_judged_so(tenant_id, wanted),
        )
    )
    if organisation_id is not None:
        query = query.where(StoredDecision.organisation_id == organisation_id)
    query = _onward(query, wanted.order, _chance_of(session, tenant_id, after))
    ids = session.scalars(query.limit(limit + 1)).all()
    found = select(StoredDecision).where(StoredDecision.tenant_id == tenant_id, StoredDecision.id.in_(ids))
    rows = {row.id: row for row in session.scalars(found)}
    return [rows[each] for each in ids]


def _for_people(wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """What was decided, and of whom it speaks."""
    if wanted.decision is Decision.ALLOW:
        asked = [FindingChance.decision == Decision.ALLOW.value, StoredDecision.sampled.is_(True)]
    elif wanted.decision is not None:
        asked = [FindingChance.decision == wanted.decision.value]
    else:
        asked = [FindingChance.decision.in_(_FOR_PEOPLE)]
    if wanted.brand_id is not None:
        asked.append(StoredDecision.brand_id == wanted.brand_id)
    if wanted.code is not None:
        codes = StoredDecision.record[("outcome", "codes")].as_string()
        asked.append(codes.contains(f'"{wanted.code}"', autoescape=True))
    return asked


def _judged_so(tenant_id: str, wanted: QueueFilter) -> list[ColumnElement[bool]]:
    """What people have concluded so far."""
    on_it = and_(Verdict.tenant_id == tenant_id, Verdict.decision_id == StoredDecision.id)
    newest = select(func.max(Verdict.id)).where(on_it).correlate(StoredDecision).scalar_subquery()
    last = aliased(Verdict)

    def concluded(*outcomes: VerdictOutcome) -> ColumnElement[bool]:
        return exists().where(last.tenant_id == tenant_id, last.id == newest, last.outcome.in_(outcomes))

    match wanted.state:
        case QueueState.WAITING:
            return [~exists().where(on_it)]
        case QueueState.SECOND_LOOK:
            people = select(func.count(distinct(Verdict.given_by))).where(on_it).correlate(StoredDecision)
            own = exists().where(on_it, Verdict.given_by == wanted.looked_at_by)
            asking = concluded(VerdictOutcome.COUNTERFEIT, VerdictOutcome.CANNOT_TELL)
            return [people.scalar_subquery() == 1, asking, ~own]
        case QueueState.DOCUMENTS:
            return [concluded(VerdictOutcome.NEEDS_DOCUMENTS)]
        case QueueState.JUDGED:
            return [exists().where(on_it)]


def _onward(query: Select[str], order: QueueOrder, last: FindingChance | None) -> Select[str]:
    """In that order, from behind the last one."""
    chance, key = FindingChance.probability, FindingChance.decision_id
    match order:
        case QueueOrder.OLDEST:
            return query.where(key > last.decision_id if last else true()).order_by(key)
        case QueueOrder.NEWEST:
            return query.where(key < last.decision_id if last else true()).order_by(key.desc())
        case QueueOrder.LIKELIEST:
            behind = (
                or_(
                    chance < last.probability,
                    and_(chance == last.probability, key > last.decision_id),
                )
                if last
                else true()
            )
            return query.where(behind).order_by(chance.desc(), key)


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
