"""SQL of marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from service.marks.models import Mark
from service.paging import one_more


def mark(session: Session, tenant_id: str, mark_id: str) -> Mark | None:
    return session.scalar(_present(tenant_id).where(Mark.id == mark_id))


def of_bytes(session: Session, tenant_id: str, brand_id: str, blob: str) -> Mark | None:
    return session.scalar(_present(tenant_id).where(Mark.brand_id == brand_id, Mark.blob == blob))


def page(session: Session, tenant_id: str, brand_id: str, limit: int, after: str | None) -> Sequence[Mark]:
    return one_more(session, _present(tenant_id).where(Mark.brand_id == brand_id), Mark.id, limit, after)


def all_of_tenant(session: Session, tenant_id: str) -> Sequence[Mark]:
    return session.scalars(_present(tenant_id).order_by(Mark.id)).all()


def remove_of_brand(session: Session, tenant_id: str, brand_id: str, at: datetime) -> None:
    session.execute(
        update(Mark)
        .where(Mark.tenant_id == tenant_id, Mark.brand_id == brand_id, Mark.removed_at.is_(None))
        .values(removed_at=at)
    )


def _present(tenant_id: str) -> Select[Mark]:
    return select(Mark).where(Mark.tenant_id == tenant_id, Mark.removed_at.is_(None))
