"""SQL of verdicts and appeals."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session, aliased

from service.decisions.models import StoredDecision
from service.verdicts.models import Appeal, Verdict, VerdictOutcome


@dataclass(frozen=True)
class Labelled:
    """How decisions of one rule for one brand were judged by people."""

    rule: str
    brand_id: str
    automatic_decision: str
    counterfeit: int
    genuine: int


@dataclass(frozen=True)
class Standing:
    """The verdict that counts on one decision."""

    decision_id: str
    rule: str
    brand_id: str | None
    automatic_decision: str
    outcome: VerdictOutcome
    given_at: datetime


def standing(session: Session, tenant_id: str, brand_id: str | None = None) -> list[Standing]:
    """One for each decision that was judged: the newest, in the order of their ids.

    Args:
        brand_id: only decisions on that brand.
    """
    newest_ids = select(func.max(Verdict.id)).where(Verdict.tenant_id == tenant_id)
    if brand_id is not None:
        newest_ids = newest_ids.where(Verdict.brand_id == brand_id)
    newest_ids = newest_ids.group_by(Verdict.decision_id)
    rows = session.execute(
        select(
            Verdict.decision_id,
            Verdict.rule,
            Verdict.brand_id,
            Verdict.automatic_decision,
            Verdict.outcome,
            Verdict.given_at,
        )
        .where(Verdict.tenant_id == tenant_id, Verdict.id.in_(newest_ids))
        .order_by(Verdict.id)
    )
    return [
        Standing(decision, rule, brand, automatic, VerdictOutcome(outcome), given_at)
        for decision, rule, brand, automatic, outcome, given_at in rows
    ]


def verdicts_on(session: Session, tenant_id: str, decision_id: str) -> Sequence[Verdict]:
    return session.scalars(
        select(Verdict)
        .where(Verdict.tenant_id == tenant_id, Verdict.decision_id == decision_id)
        .order_by(Verdict.id)
    ).all()


def newest(session: Session, tenant_id: str, decision_ids: Collection[str]) -> Sequence[Verdict]:
    """The last verdict on each of these, which is the one that stands."""
    last = (
        select(func.max(Verdict.id))
        .where(Verdict.tenant_id == tenant_id, Verdict.decision_id.in_(sorted(decision_ids)))
        .group_by(Verdict.decision_id)
    )
    return session.scalars(
        select(Verdict).where(Verdict.tenant_id == tenant_id, Verdict.id.in_(last)).order_by(Verdict.id)
    ).all()


def verdicts_on_seller(session: Session, tenant_id: str, seller: str) -> Sequence[Verdict]:
    """In the order in which they were given."""
    return session.scalars(
        select(Verdict).where(Verdict.tenant_id == tenant_id, Verdict.seller == seller).order_by(Verdict.id)
    ).all()


def labelled(session: Session, tenant_id: str, brand_ids: Collection[str]) -> list[Labelled]:
    """Counts for each rule, brand and automatic decision; of several verdicts on a decision the newest counts.

    Ids sort by time, so the newest is the one with the largest id.
    """
    newest = aliased(Verdict)
    latest = (
        select(func.max(newest.id))
        .where(newest.tenant_id == tenant_id, newest.decision_id == Verdict.decision_id)
        .scalar_subquery()
    )
    standing = (
        select(Verdict)
        .where(Verdict.tenant_id == tenant_id, Verdict.brand_id.in_(sorted(brand_ids)), Verdict.id == latest)
        .subquery()
    )
    counterfeit = func.sum(_one_if(standing.c.outcome, VerdictOutcome.COUNTERFEIT))
    genuine = func.sum(_one_if(standing.c.outcome, VerdictOutcome.GENUINE))
    rows = session.execute(
        select(
            standing.c.rule, standing.c.brand_id, standing.c.automatic_decision, counterfeit, genuine
        ).group_by(standing.c.rule, standing.c.brand_id, standing.c.automatic_decision)
    )
    return [Labelled(*row) for row in rows]


def appeal(session: Session, tenant_id: str, appeal_id: str, organisation_id: str | None) -> Appeal | None:
    """Where an organisation is given, only if it is against a decision on a listing of its own."""
    query = _appeals(tenant_id, organisation_id)
    return session.scalar(query.where(Appeal.id == appeal_id))


def open_appeal_on(session: Session, tenant_id: str, decision_id: str) -> Appeal | None:
    return session.scalar(
        select(Appeal).where(
            Appeal.tenant_id == tenant_id, Appeal.decision_id == decision_id, Appeal.state == "open"
        )
    )


def appeals(
    session: Session,
    tenant_id: str,
    organisation_id: str | None,
    state: str | None,
    after: str | None,
    limit: int,
) -> Sequence[Appeal]:
    query = _appeals(tenant_id, organisation_id).order_by(Appeal.id).limit(limit)
    if state is not None:
        query = query.where(Appeal.state == state)
    return session.scalars(query if after is None else query.where(Appeal.id > after)).all()


def _appeals(tenant_id: str, organisation_id: str | None) -> Select[Appeal]:
    """All of the tenant, or those against decisions on the listings of one organisation."""
    query = select(Appeal).where(Appeal.tenant_id == tenant_id)
    if organisation_id is None:
        return query
    own = select(StoredDecision.id).where(
        StoredDecision.tenant_id == tenant_id, StoredDecision.organisation_id == organisation_id
    )
    return query.where(Appeal.decision_id.in_(own))


def _one_if(column: ColumnElement[str], outcome: VerdictOutcome) -> ColumnElement[int]:
    return case((column == outcome.value, 1), else_=0)
