"""The coverage map: which products and views are enrolled, and where the system cannot tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from fastapi import Response

import service.brands.service as brands
from service.coverage import service
from service.coverage.schemas import ProductCoverage
from service.pages.page import OwnerPage
from service.pages.routing import page_router
from service.paging import After

router = page_router()
_BRANDS = 25
_PRODUCTS = 50
_COLUMNS = 6
"""Views that have a column of their own, the commonest of the page."""


@router.get("/coverage")
def show_all(page: OwnerPage, after: After = None) -> Response:
    """Each brand in a line; a single one at once."""
    with page.runtime.database.read() as session:
        found = brands.own_brands(session, page.principal, _BRANDS, after)
        shown = found[:_BRANDS]
        if len(found) == 1 and after is None:
            return page.go(f"/brands/{found[0].id}/coverage")
        totals = service.totals_of(session, page.principal, shown)
        return page.show(
            "owner/coverages.html",
            brands=[(each, totals[each.id]) for each in shown],
            next_after=shown[-1].id if len(found) > _BRANDS else None,
        )


@router.get("/brands/{brand_id}/coverage")
def show_brand(page: OwnerPage, brand_id: str, after: After = None) -> Response:
    principal = page.principal
    with page.runtime.database.read() as session:
        items, onward = service.page(session, page.runtime, principal, brand_id, _PRODUCTS, after)
        return page.show(
            "owner/coverage.html",
            brand=brands.own_brand(session, principal, brand_id),
            totals=service.totals(session, principal, brand_id),
            products=items,
            columns=_columns(items),
            next_after=onward,
        )


def _columns(items: Sequence[ProductCoverage]) -> list[str]:
    common = Counter(view for each in items for view in each.views if view)
    return [view for view, _ in common.most_common(_COLUMNS)]
