"""SQL of coverage: counts over what other features keep, of one brand at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, case, cast, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.counterfeits.models import KnownCounterfeit
from service.coverage.schemas import CoverageTotals
from service.points.models import IdentificationPoint
from service.products.models import PriceBand, Product
from service.references.models import Reference


@dataclass(frozen=True)
class Enrolled:
    """References of one product that are said to show the same."""

    view: str
    count: int
    poor: int
    first: str
    """Id of the one that came first."""


def totals(session: Session, tenant_id: str, brand_ids: Sequence[str]) -> dict[str, CoverageTotals]:
    """Of each of these brands, in four queries."""
    products = _by_brand(session, Product, Product.id, tenant_id, brand_ids)
    priced = _by_brand(session, PriceBand, PriceBand.product_id, tenant_id, brand_ids)
    pointed, shown = _pointed(session, tenant_id, brand_ids), _shown(session, tenant_id, brand_ids)
    found = {}
    for brand in brand_ids:
        count, (pictured, once) = products.get(brand, 0), shown.get(brand, (0, 0))
        found[brand] = CoverageTotals(
            products=count,
            without_references=count - pictured,
            with_one_reference=once,
            without_points=count - pointed.get(brand, 0),
            without_price_band=count - priced.get(brand, 0),
        )
    return found


def enrolled(session: Session, tenant_id: str, product_ids: Sequence[str]) -> dict[str, list[Enrolled]]:
    """By product, those views first of which most is enrolled."""
    poor = func.sum(case((cast(Reference.warnings, String) == "[]", 0), else_=1))
    rows = session.execute(
        select(Reference.product_id, Reference.view, func.count(), poor, func.min(Reference.id))
        .where(
            Reference.tenant_id == tenant_id,
            Reference.product_id.in_(product_ids),
            Reference.removed_at.is_(None),
        )
        .group_by(Reference.product_id, Reference.view)
        .order_by(Reference.product_id, func.count().desc(), Reference.view)
    )
    found: dict[str, list[Enrolled]] = defaultdict(list)
    for product_id, view, count, faulty, first in rows:
        found[product_id].append(Enrolled(view, count, int(faulty), first))
    return found


def points(session: Session, tenant_id: str, product_ids: Sequence[str]) -> dict[str, int]:
    """Asked reference by reference: joined, PostgreSQL would rather read all points there are."""
    drawn = (
        select(func.count())
        .select_from(IdentificationPoint)
        .where(IdentificationPoint.reference_id == Reference.id)
        .correlate(Reference)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Reference.product_id, drawn).where(
            Reference.tenant_id == tenant_id,
            Reference.product_id.in_(product_ids),
            Reference.removed_at.is_(None),
        )
    )
    found: dict[str, int] = defaultdict(int)
    for product_id, count in rows:
        found[product_id] += count
    return {product_id: count for product_id, count in found.items() if count}


def known_counterfeits(session: Session, tenant_id: str, product_ids: Sequence[str]) -> dict[str, int]:
    return _of_products(session, KnownCounterfeit, KnownCounterfeit.product_id, tenant_id, product_ids)


def price_bands(session: Session, tenant_id: str, product_ids: Sequence[str]) -> dict[str, int]:
    return _of_products(session, PriceBand, PriceBand.product_id, tenant_id, product_ids)


def products_of(session: Session, tenant_id: str, reference_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Id and name of the product of each of these references."""
    rows = session.execute(
        select(Reference.id, Product.id, Product.name)
        .join(Product, Product.id == Reference.product_id)
        .where(Reference.tenant_id == tenant_id, Reference.id.in_(reference_ids))
    )
    return {reference: (product, name) for reference, product, name in rows}


def _by_brand(
    session: Session,
    table: type[Product | PriceBand],
    product: InstrumentedAttribute[str],
    tenant_id: str,
    brand_ids: Sequence[str],
) -> dict[str, int]:
    """How many products of each brand have a row there."""
    return _counted(
        session.execute(
            select(table.brand_id, func.count(product.distinct()))
            .where(table.tenant_id == tenant_id, table.brand_id.in_(brand_ids), table.removed_at.is_(None))
            .group_by(table.brand_id)
        ).all()
    )


def _pointed(session: Session, tenant_id: str, brand_ids: Sequence[str]) -> dict[str, int]:
    """How many products of each brand have an identification point."""
    return _counted(
        session.execute(
            select(Reference.brand_id, func.count(Reference.product_id.distinct()))
            .where(
                Reference.tenant_id == tenant_id,
                Reference.brand_id.in_(brand_ids),
                Reference.removed_at.is_(None),
                exists().where(IdentificationPoint.reference_id == Reference.id),
            )
            .group_by(Reference.brand_id)
        ).all()
    )


def _shown(session: Session, tenant_id: str, brand_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """How many products of each brand have a reference, and how many have one only."""
    held = (
        select(Reference.brand_id, Reference.product_id, func.count().label("count"))
        .where(
            Reference.tenant_id == tenant_id,
            Reference.brand_id.in_(brand_ids),
            Reference.removed_at.is_(None),
        )
        .group_by(Reference.brand_id, Reference.product_id)
        .subquery()
    )
    once = func.sum(case((held.c.count == 1, 1), else_=0))
    rows = session.execute(select(held.c.brand_id, func.count(), once).group_by(held.c.brand_id))
    return {brand: (count, int(single)) for brand, count, single in rows}


def _of_products(
    session: Session,
    table: type[KnownCounterfeit | PriceBand],
    product: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    tenant_id: str,
    product_ids: Sequence[str],
) -> dict[str, int]:
    return _counted(
        session.execute(
            select(product, func.count())
            .where(table.tenant_id == tenant_id, product.in_(product_ids), table.removed_at.is_(None))
            .group_by(product)
        ).all()
    )


def _counted(rows: Sequence[Any]) -> dict[str, int]:
    return {row[0]: row[1] for row in rows}
