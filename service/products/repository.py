"""SQL of products and price bands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from service.paging import one_more
from service.products.models import PriceBand, Product


def product(session: Session, tenant_id: str, product_id: str) -> Product | None:
    return session.scalar(_products(tenant_id).where(Product.id == product_id))


def products(session: Session, tenant_id: str, product_ids: Sequence[str]) -> Sequence[Product]:
    """Removed ones too: a decision made with them is read again."""
    return session.scalars(
        select(Product).where(Product.tenant_id == tenant_id, Product.id.in_(product_ids))
    ).all()


def with_sku(session: Session, tenant_id: str, brand_id: str, sku: str) -> Product | None:
    return session.scalar(_products(tenant_id).where(Product.brand_id == brand_id, Product.sku == sku))


def page(session: Session, tenant_id: str, brand_id: str, limit: int, after: str | None) -> Sequence[Product]:
    return one_more(
        session, _products(tenant_id).where(Product.brand_id == brand_id), Product.id, limit, after
    )


def band(session: Session, tenant_id: str, band_id: str) -> PriceBand | None:
    return session.scalar(_bands(tenant_id).where(PriceBand.id == band_id))


def band_for(
    session: Session,
    tenant_id: str,
    product_id: str,
    currency: str,
    territory: str | None,
    valid_from: date | None,
) -> PriceBand | None:
    return session.scalar(
        _bands(tenant_id).where(
            PriceBand.product_id == product_id,
            PriceBand.currency == currency,
            PriceBand.territory.is_not_distinct_from(territory),
            PriceBand.valid_from.is_not_distinct_from(valid_from),
        )
    )


def band_page(
    session: Session, tenant_id: str, product_id: str, limit: int, after: str | None
) -> Sequence[PriceBand]:
    query = _bands(tenant_id).where(PriceBand.product_id == product_id)
    return one_more(session, query, PriceBand.id, limit, after)


def bands_of(
    session: Session, tenant_id: str, product_ids: Sequence[str], currency: str
) -> Sequence[PriceBand]:
    query = _bands(tenant_id).where(PriceBand.product_id.in_(product_ids), PriceBand.currency == currency)
    return session.scalars(query.order_by(PriceBand.id)).all()


def remove_bands(session: Session, tenant_id: str, product_id: str, at: datetime) -> None:
    session.execute(
        update(PriceBand)
        .where(
            PriceBand.tenant_id == tenant_id,
            PriceBand.product_id == product_id,
            PriceBand.removed_at.is_(None),
        )
        .values(removed_at=at)
    )


def remove_of_brand(session: Session, tenant_id: str, brand_id: str, at: datetime) -> None:
    for table in (Product, PriceBand):
        session.execute(
            update(table)
            .where(table.tenant_id == tenant_id, table.brand_id == brand_id, table.removed_at.is_(None))
            .values(removed_at=at)
        )


def _products(tenant_id: str) -> Select[Product]:
    return select(Product).where(Product.tenant_id == tenant_id, Product.removed_at.is_(None))


def _bands(tenant_id: str) -> Select[PriceBand]:
    return select(PriceBand).where(PriceBand.tenant_id == tenant_id, PriceBand.removed_at.is_(None))
