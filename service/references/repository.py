"""SQL of references."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from service.paging import one_more
from service.references.models import Reference


def reference(session: Session, tenant_id: str, reference_id: str) -> Reference | None:
    return session.scalar(_present(tenant_id).where(Reference.id == reference_id))


def references(session: Session, tenant_id: str, reference_ids: Sequence[str]) -> Sequence[Reference]:
    """Removed ones too: a decision made with them is read again."""
    return session.scalars(
        select(Reference).where(Reference.tenant_id == tenant_id, Reference.id.in_(reference_ids))
    ).all()


def ids_of_tenant(session: Session, tenant_id: str) -> Sequence[str]:
    return session.scalars(_present(tenant_id).with_only_columns(Reference.id).order_by(Reference.id)).all()


def of_view(session: Session, tenant_id: str, like: Reference, limit: int) -> Sequence[Reference]:
    """Others of the same product that are said to show the same view; none where no view is said."""
    if not like.view:
        return []
    query = _present(tenant_id).where(
        Reference.product_id == like.product_id, Reference.view == like.view, Reference.id != like.id
    )
    return session.scalars(query.order_by(Reference.id).limit(limit)).all()


def of_bytes(session: Session, tenant_id: str, product_id: str, blob: str) -> Reference | None:
    return session.scalar(
        _present(tenant_id).where(Reference.product_id == product_id, Reference.blob == blob)
    )


def any_of_bytes(session: Session, tenant_id: str, blob: str) -> Reference | None:
    return session.scalars(_present(tenant_id).where(Reference.blob == blob).order_by(Reference.id)).first()


def page(
    session: Session, tenant_id: str, product_id: str, limit: int, after: str | None
) -> Sequence[Reference]:
    query = _present(tenant_id).where(Reference.product_id == product_id)
    return one_more(session, query, Reference.id, limit, after)


def remove_where(session: Session, tenant_id: str, at: datetime, **only: str) -> Sequence[str]:
    """Mark those removed whose columns have these values, and give their ids."""
    ids = session.scalars(_present(tenant_id).with_only_columns(Reference.id).filter_by(**only)).all()
    session.execute(
        update(Reference).filter_by(tenant_id=tenant_id, removed_at=None, **only).values(removed_at=at)
    )
    return ids


def _present(tenant_id: str) -> Select[Reference]:
    return select(Reference).where(Reference.tenant_id == tenant_id, Reference.removed_at.is_(None))
