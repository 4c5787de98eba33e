"""SQL of coverage: counts over what other features keep, of one brand at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, exists, func, select
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


def totals(session: Session, tenant_id: str, brand_id: str) -> CoverageTotals:
    held = (
        select(Reference.product_id, func.count().label("held"))
        .where(
            Reference.tenant_id == tenant_id, Reference.brand_id == brand_id, Reference.removed_at.is_(None)
        )
        .group_by(Reference.product_id)
        .subquery()
    )
    counts = session.scalars(select(held.c.held)).all()
    return CoverageTotals(
        products=_products(session, tenant_id, brand_id),
        without_references=_products(
            session, tenant_id, brand_id, ~exists().where(held.c.product_id == Product.id)
        ),
        with_one_reference=sum(count == 1 for count in counts),
        without_points=_products(session, tenant_id, brand_id, ~_has_point()),
        without_price_band=_products(session, tenant_id, brand_id, ~_has_band()),
    )


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
    return _counted(
        session.execute(
            select(Reference.product_id, func.count())
            .join(IdentificationPoint, IdentificationPoint.reference_id == Reference.id)
            .where(
                IdentificationPoint.tenant_id == tenant_id,
                Reference.product_id.in_(product_ids),
                Reference.removed_at.is_(None),
            )
            .group_by(Reference.product_id)
        ).all()
    )


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


def _products(session: Session, tenant_id: str, brand_id: str, *only: ColumnElement[bool]) -> int:
    counted = session.scalar(
        select(func.count())
        .select_from(Product)
        .where(
            Product.tenant_id == tenant_id, Product.brand_id == brand_id, Product.removed_at.is_(None), *only
        )
    )
    return counted or 0


def _has_point() -> ColumnElement[bool]:
    return exists().where(
        IdentificationPoint.reference_id == Reference.id,
        Reference.product_id == Product.id,
        Reference.removed_at.is_(None),
    )


def _has_band() -> ColumnElement[bool]:
    return exists().where(PriceBand.product_id == Product.id, PriceBand.removed_at.is_(None))


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
