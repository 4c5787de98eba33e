"""SQL of decisions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.decisions.models import StoredDecision


def decision(session: Session, tenant_id: str, decision_id: str) -> StoredDecision | None:
    return session.scalar(
        select(StoredDecision).where(StoredDecision.tenant_id == tenant_id, StoredDecision.id == decision_id)
    )


def page(
    session: Session,
    tenant_id: str,
    *,
    organisation_id: str | None = None,
    brand_ids: Sequence[str] | None = None,
    kind: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Sequence[StoredDecision]:
    """By id, which is by time; None leaves a side open."""
    query = select(StoredDecision).where(StoredDecision.tenant_id == tenant_id)
    if organisation_id is not None:
        query = query.where(StoredDecision.organisation_id == organisation_id)
    if brand_ids is not None:
        query = query.where(StoredDecision.brand_id.in_(brand_ids))
    if kind is not None:
        query = query.where(StoredDecision.decision == kind)
    if after is not None:
        query = query.where(StoredDecision.id > after)
    return session.scalars(query.order_by(StoredDecision.id).limit(limit)).all()
