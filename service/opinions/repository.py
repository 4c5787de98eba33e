"""SQL of links and opinions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import Session

from service.cases.models import Case, CaseDeadline
from service.cases.transitions import ANSWERABLE
from service.opinions.models import LinkViewing, Opinion, OpinionLink
from service.paging import one_more

_ANSWERABLE = sorted(state.value for state in ANSWERABLE)


def link_by_prefix(session: Session, prefix: str) -> OpinionLink | None:  # all tenants: the link says which
    return session.scalar(select(OpinionLink).where(OpinionLink.prefix == prefix))


def link(session: Session, tenant_id: str, link_id: str) -> OpinionLink | None:
    return session.scalar(_links(tenant_id).where(OpinionLink.id == link_id))


def links_of(session: Session, tenant_id: str, case_id: str) -> Sequence[OpinionLink]:
    return session.scalars(
        _links(tenant_id).where(OpinionLink.case_id == case_id).order_by(OpinionLink.id)
    ).all()


def links_to_brands(
    session: Session,
    tenant_id: str,
    brand_ids: Sequence[str],
    *,
    waiting_at: datetime | None,
    limit: int,
    after: str | None,
) -> list[tuple[OpinionLink, Case]]:
    """Links that were not revoked, to cases on these brands, by id, and one more where there is one.

    Args:
        waiting_at: only those that can be answered then and were not yet.
    """
    query = (
        select(OpinionLink, Case)
        .join(Case, Case.id == OpinionLink.case_id)
        .where(
            OpinionLink.tenant_id == tenant_id,
            OpinionLink.revoked_at.is_(None),
            Case.tenant_id == tenant_id,
            Case.brand_id.in_(brand_ids),
            OpinionLink.id > (after or ""),
        )
    )
    if waiting_at is not None:
        query = query.where(_in_force(waiting_at), Case.holder_answer.is_(None), Case.state.in_(_ANSWERABLE))
    rows = session.execute(query.order_by(OpinionLink.id).limit(limit + 1))
    return [(row[0], row[1]) for row in rows]


def viewings(
    session: Session, tenant_id: str, link_id: str, limit: int, after: str | None
) -> Sequence[LinkViewing]:
    query = select(LinkViewing).where(LinkViewing.tenant_id == tenant_id, LinkViewing.link_id == link_id)
    return one_more(session, query, LinkViewing.id, limit, after)


def opinion(session: Session, tenant_id: str, opinion_id: str) -> Opinion | None:
    return session.scalar(_opinions(tenant_id).where(Opinion.id == opinion_id))


def opinions_on(session: Session, tenant_id: str, case_id: str) -> Sequence[Opinion]:
    return session.scalars(_opinions(tenant_id).where(Opinion.case_id == case_id).order_by(Opinion.id)).all()


def _in_force(at: datetime) -> ColumnElement[bool]:
    """By its own end, or by that of the clock which it follows."""
    clock = exists().where(
        CaseDeadline.tenant_id == OpinionLink.tenant_id,
        CaseDeadline.case_id == OpinionLink.case_id,
        CaseDeadline.key == OpinionLink.deadline_key,
        CaseDeadline.due_at > at,
    )
    return or_(and_(OpinionLink.deadline_key.is_(None), OpinionLink.expires_at > at), clock)


def _links(tenant_id: str) -> Select[OpinionLink]:
    return select(OpinionLink).where(OpinionLink.tenant_id == tenant_id)


def _opinions(tenant_id: str) -> Select[Opinion]:
    return select(Opinion).where(Opinion.tenant_id == tenant_id)
