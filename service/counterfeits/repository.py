"""SQL of known counterfeits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from service.counterfeits.models import KnownCounterfeit
from service.paging import one_more


def counterfeit(session: Session, tenant_id: str, counterfeit_id: str) -> KnownCounterfeit | None:
    return session.scalar(_present(tenant_id).where(KnownCounterfeit.id == counterfeit_id))


def counterfeits(session: Session, tenant_id: str, ids: Sequence[str]) -> Sequence[KnownCounterfeit]:
    """Removed ones too: a decision made with them is read again."""
    return session.scalars(
        select(KnownCounterfeit).where(KnownCounterfeit.tenant_id == tenant_id, KnownCounterfeit.id.in_(ids))
    ).all()


def of_bytes(session: Session, tenant_id: str, brand_id: str, blob: str) -> KnownCounterfeit | None:
    return session.scalar(
        _present(tenant_id).where(KnownCounterfeit.brand_id == brand_id, KnownCounterfeit.blob == blob)
    )


def page(
    session: Session, tenant_id: str, brand_id: str, limit: int, after: str | None
) -> Sequence[KnownCounterfeit]:
    query = _present(tenant_id).where(KnownCounterfeit.brand_id == brand_id)
    return one_more(session, query, KnownCounterfeit.id, limit, after)


def all_present(session: Session, tenant_id: str) -> Sequence[KnownCounterfeit]:
    return session.scalars(_present(tenant_id).order_by(KnownCounterfeit.id)).all()


def remove_of_brand(session: Session, tenant_id: str, brand_id: str, at: datetime) -> Sequence[str]:
    query = _present(tenant_id).where(KnownCounterfeit.brand_id == brand_id)
    ids = session.scalars(query.with_only_columns(KnownCounterfeit.id)).all()
    session.execute(
        update(KnownCounterfeit)
        .where(
            KnownCounterfeit.tenant_id == tenant_id,
            KnownCounterfeit.brand_id == brand_id,
            KnownCounterfeit.removed_at.is_(None),
        )
        .values(removed_at=at)
    )
    return ids


def _present(tenant_id: str) -> Select[KnownCounterfeit]:
    return select(KnownCounterfeit).where(
        KnownCounterfeit.tenant_id == tenant_id, KnownCounterfeit.removed_at.is_(None)
    )
