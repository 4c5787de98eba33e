"""SQL of identification points."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.points.models import IdentificationPoint
from service.references.models import Reference


def point(session: Session, tenant_id: str, point_id: str) -> IdentificationPoint | None:
    return session.scalar(
        select(IdentificationPoint).where(
            IdentificationPoint.tenant_id == tenant_id, IdentificationPoint.id == point_id
        )
    )


def on_reference(session: Session, tenant_id: str, reference_id: str) -> Sequence[IdentificationPoint]:
    """In the order in which they were drawn."""
    return session.scalars(
        select(IdentificationPoint)
        .where(IdentificationPoint.tenant_id == tenant_id, IdentificationPoint.reference_id == reference_id)
        .order_by(IdentificationPoint.id)
    ).all()


def of_products(
    session: Session, tenant_id: str, product_ids: Sequence[str], limit: int
) -> Sequence[IdentificationPoint]:
    """On references of these products that are still there, in the order in which they were drawn."""
    return session.scalars(
        select(IdentificationPoint)
        .join(Reference, Reference.id == IdentificationPoint.reference_id)
        .where(
            IdentificationPoint.tenant_id == tenant_id,
            Reference.tenant_id == tenant_id,
            Reference.product_id.in_(product_ids),
            Reference.removed_at.is_(None),
        )
        .order_by(IdentificationPoint.id)
        .limit(limit)
    ).all()
