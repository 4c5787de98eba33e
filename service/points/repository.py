"""SQL of identification points."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.points.models import IdentificationPoint


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
