"""SQL of authorised sellers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from service.paging import one_more
from service.sellers.models import AuthorisedSeller
from service.sellers.schemas import NewAuthorisedSeller


def record_of(session: Session, tenant_id: str, record_id: str) -> AuthorisedSeller | None:
    return session.scalar(_present(tenant_id).where(AuthorisedSeller.id == record_id))


def same(
    session: Session, tenant_id: str, brand_id: str, new: NewAuthorisedSeller
) -> AuthorisedSeller | None:
    return session.scalar(
        _present(tenant_id).where(
            AuthorisedSeller.brand_id == brand_id,
            AuthorisedSeller.seller == new.seller,
            AuthorisedSeller.category.is_not_distinct_from(new.category),
            AuthorisedSeller.territory.is_not_distinct_from(new.territory),
            AuthorisedSeller.valid_from.is_not_distinct_from(new.valid_from),
        )
    )


def page(
    session: Session, tenant_id: str, brand_id: str, limit: int, after: str | None
) -> Sequence[AuthorisedSeller]:
    query = _present(tenant_id).where(AuthorisedSeller.brand_id == brand_id)
    return one_more(session, query, AuthorisedSeller.id, limit, after)


def of_seller(
    session: Session, tenant_id: str, seller: str, brand_ids: Sequence[str]
) -> Sequence[AuthorisedSeller]:
    query = _present(tenant_id).where(
        AuthorisedSeller.seller == seller, AuthorisedSeller.brand_id.in_(brand_ids)
    )
    return session.scalars(query.order_by(AuthorisedSeller.id)).all()


def of_brands(
    session: Session, tenant_id: str, brand_ids: Sequence[str], on: date, limit: int
) -> Sequence[AuthorisedSeller]:
    """Whoever is authorised for these brands on that day."""
    query = _present(tenant_id).where(
        AuthorisedSeller.brand_id.in_(brand_ids),
        or_(AuthorisedSeller.valid_from.is_(None), AuthorisedSeller.valid_from <= on),
        or_(AuthorisedSeller.valid_until.is_(None), AuthorisedSeller.valid_until >= on),
    )
    return session.scalars(query.order_by(AuthorisedSeller.id).limit(limit)).all()


def remove_of_brand(session: Session, tenant_id: str, brand_id: str, at: datetime) -> None:
    session.execute(
        update(AuthorisedSeller)
        .where(
            AuthorisedSeller.tenant_id == tenant_id,
            AuthorisedSeller.brand_id == brand_id,
            AuthorisedSeller.removed_at.is_(None),
        )
        .values(removed_at=at)
    )


def _present(tenant_id: str) -> Select[AuthorisedSeller]:
    return select(AuthorisedSeller).where(
        AuthorisedSeller.tenant_id == tenant_id, AuthorisedSeller.removed_at.is_(None)
    )
