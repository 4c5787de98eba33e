"""SQL of brands."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service.brands.models import Brand
from service.paging import one_more
from service.security.models import Organisation


def brand(session: Session, tenant_id: str, brand_id: str) -> Brand | None:
    return session.scalar(_present(tenant_id).where(Brand.id == brand_id))


def named(session: Session, tenant_id: str, owner_id: str, name: str) -> Brand | None:
    return session.scalar(_present(tenant_id).where(Brand.owner_id == owner_id, Brand.name == name))


def page(
    session: Session, tenant_id: str, owners: frozenset[str] | None, limit: int, after: str | None
) -> Sequence[Brand]:
    """Brands of these owners; of every owner of the tenant where None."""
    query = _present(tenant_id)
    if owners is not None:
        query = query.where(Brand.owner_id.in_(sorted(owners)))
    return one_more(session, query, Brand.id, limit, after)


def all_of_tenant(session: Session, tenant_id: str) -> Sequence[Brand]:
    return session.scalars(_present(tenant_id).order_by(Brand.id)).all()


def names(session: Session, tenant_id: str, brand_ids: Sequence[str]) -> dict[str, str]:
    """By id, of removed ones too."""
    query = select(Brand.id, Brand.name).where(Brand.tenant_id == tenant_id, Brand.id.in_(brand_ids))
    return {row.id: row.name for row in session.execute(query)}


def ids_named(session: Session, tenant_id: str, name: str) -> Sequence[str]:
    """Ids of the brands of that name, however it is capitalised; of several owners, oldest first."""
    query = _present(tenant_id).where(func.lower(Brand.name) == name.lower())
    return [brand.id for brand in session.scalars(query.order_by(Brand.id))]


def ids_of_owner(session: Session, tenant_id: str, owner_id: str) -> Sequence[str]:
    query = _present(tenant_id).where(Brand.owner_id == owner_id)
    return [brand.id for brand in session.scalars(query.order_by(Brand.id))]


def has_organisation(session: Session, tenant_id: str, organisation_id: str) -> bool:
    query = select(Organisation.id).where(
        Organisation.tenant_id == tenant_id, Organisation.id == organisation_id
    )
    return session.scalar(query) is not None


def _present(tenant_id: str) -> Select[Brand]:
    return select(Brand).where(Brand.tenant_id == tenant_id, Brand.removed_at.is_(None))
