"""The coverage map: which products and views of a brand are enrolled, and where the system cannot tell.

Two products look too much alike where a reference of one is as near to a reference of the other as the policy asks of a
strong sight (S1): a listing of either is then seen as both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

import service.policies.service as policies
import service.products.service as products
from index.base import Library, Scope
from service.brands.models import Brand
from service.brands.service import own_brand
from service.coverage import repository
from service.coverage.repository import Enrolled
from service.coverage.schemas import CoverageTotals, Gap, ProductCoverage, Sibling
from service.products.models import Product
from service.runtime import Runtime
from service.security.principals import Principal
from service.vectors.service import stored_embeddings

_ASKED = 3
"""References of one product, each of another view, that are compared with its siblings'."""
_NEAREST = 40
"""Neighbours that are looked at; a product's own are among them."""
_MOST_SIBLINGS = 3

Views = dict[str, list[Enrolled]]


def totals(session: Session, principal: Principal, brand_id: str) -> CoverageTotals:
    """Raises: NoSuchBrand: there is none that the principal may see."""
    return totals_of(session, principal, [own_brand(session, principal, brand_id)])[brand_id]


def totals_of(session: Session, principal: Principal, which: Sequence[Brand]) -> dict[str, CoverageTotals]:
    """By brand, of brands that the principal may see."""
    return repository.totals(session, principal.tenant_id, [each.id for each in which])


def page(
    session: Session, runtime: Runtime, principal: Principal, brand_id: str, limit: int, after: str | None
) -> tuple[list[ProductCoverage], str | None]:
    """Products by id, and the cursor of the next page where there is one.

    Raises:
        NoSuchBrand: there is none that the principal may see.
    """
    found = products.own_products(session, principal, brand_id, limit, after)
    shown = found[:limit]
    covered = of_products(session, runtime, principal, brand_id, shown)
    return covered, shown[-1].id if len(found) > limit else None


def of_products(
    session: Session, runtime: Runtime, principal: Principal, brand_id: str, which: Sequence[Product]
) -> list[ProductCoverage]:
    """Coverage of products of one brand that the principal may see."""
    tenant_id, ids = principal.tenant_id, [each.id for each in which]
    views = repository.enrolled(session, tenant_id, ids)
    points = repository.points(session, tenant_id, ids)
    counterfeits = repository.known_counterfeits(session, tenant_id, ids)
    bands = repository.price_bands(session, tenant_id, ids)
    alike = _siblings(session, runtime, tenant_id, brand_id, views)
    return [
        _covered(
            each,
            views.get(each.id, []),
            points=points.get(each.id, 0),
            known_counterfeits=counterfeits.get(each.id, 0),
            price_bands=bands.get(each.id, 0),
            siblings=alike.get(each.id, []),
        )
        for each in which
    ]


def _covered(product: Product, views: Sequence[Enrolled], **counts: Any) -> ProductCoverage:
    bare = ProductCoverage(
        product_id=product.id,
        sku=product.sku,
        name=product.name,
        references=sum(each.count for each in views),
        views={each.view: each.count for each in views},
        poor=sum(each.poor for each in views),
        gaps=[],
        **counts,
    )
    return bare.model_copy(update={"gaps": _gaps(bare)})


def _gaps(seen: ProductCoverage) -> list[Gap]:
    there = {
        Gap.NO_REFERENCES: seen.references == 0,
        Gap.ONE_REFERENCE: seen.references == 1,
        Gap.ONE_VIEW: seen.references > 1 and len(seen.views) == 1,
        Gap.POOR_PHOTOS: 0 < seen.references == seen.poor,
        Gap.ALIKE: bool(seen.siblings),
        Gap.NO_POINTS: seen.points == 0,
        Gap.NO_PRICE_BAND: seen.price_bands == 0,
    }
    return [gap for gap, holds in there.items() if holds]


def _siblings(
    session: Session, runtime: Runtime, tenant_id: str, brand_id: str, views: Views
) -> dict[str, list[Sibling]]:
    serving = runtime.vectors.serving()
    asked = {each.first: product for product, held in views.items() for each in held[:_ASKED]}
    vectors = stored_embeddings(session, serving, list(asked))
    if not vectors:
        return {}
    in_force = policies.in_force(session, tenant_id, runtime.settings.rule_status)
    least = serving.calibration.cosine_at(in_force.policy.thresholds.identity.strong)
    scope = Scope(tenant_id, Library.GENUINE, brands=frozenset({brand_id}))
    hits = serving.embeddings.search(np.stack(list(vectors.values())), _NEAREST, scope, min(least, 1.0))
    near = {own: [hit.id for hit in found] for own, found in zip(vectors, hits, strict=True)}
    return _named(session, tenant_id, asked, near)


def _named(
    session: Session, tenant_id: str, asked: dict[str, str], near: dict[str, list[str]]
) -> dict[str, list[Sibling]]:
    of = repository.products_of(session, tenant_id, sorted({hit for found in near.values() for hit in found}))
    named: dict[str, dict[str, Sibling]] = {}
    for own, found in near.items():
        for hit in found:
            product_id, name = of.get(hit, (asked[own], ""))
            if product_id != asked[own]:
                sibling = Sibling(
                    product_id=product_id, name=name, reference_id=own, sibling_reference_id=hit
                )
                named.setdefault(asked[own], {}).setdefault(product_id, sibling)
    return {product: list(each.values())[:_MOST_SIBLINGS] for product, each in named.items()}
