"""SQL of links and opinions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from service.opinions.models import LinkViewing, Opinion, OpinionLink
from service.paging import one_more


def link_by_prefix(session: Session, prefix: str) -> OpinionLink | None:  # all tenants: the link says which
    return session.scalar(select(OpinionLink).where(OpinionLink.prefix == prefix))


def link(session: Session, tenant_id: str, link_id: str) -> OpinionLink | None:
    return session.scalar(_links(tenant_id).where(OpinionLink.id == link_id))


def links_of(session: Session, tenant_id: str, case_id: str) -> Sequence[OpinionLink]:
    return session.scalars(
        _links(tenant_id).where(OpinionLink.case_id == case_id).order_by(OpinionLink.id)
    ).all()


def viewings(
    session: Session, tenant_id: str, link_id: str, limit: int, after: str | None
) -> Sequence[LinkViewing]:
    query = select(LinkViewing).where(LinkViewing.tenant_id == tenant_id, LinkViewing.link_id == link_id)
    return one_more(session, query, LinkViewing.id, limit, after)


def opinion(session: Session, tenant_id: str, opinion_id: str) -> Opinion | None:
    return session.scalar(_opinions(tenant_id).where(Opinion.id == opinion_id))


def opinions_on(session: Session, tenant_id: str, case_id: str) -> Sequence[Opinion]:
    return session.scalars(_opinions(tenant_id).where(Opinion.case_id == case_id).order_by(Opinion.id)).all()


def _links(tenant_id: str) -> Select[OpinionLink]:
    return select(OpinionLink).where(OpinionLink.tenant_id == tenant_id)


def _opinions(tenant_id: str) -> Select[Opinion]:
    return select(Opinion).where(Opinion.tenant_id == tenant_id)
