"""HTTP of the coverage map."""

from __future__ import annotations

from fastapi import APIRouter

from service.coverage import service
from service.coverage.schemas import CoveragePage
from service.deps import OwnerPrincipal, ReadSession, RuntimeDep
from service.paging import After, Limit

router = APIRouter(prefix="/v1/brands/{brand_id}/coverage", tags=["coverage"])


@router.get("")
def read_coverage(
    brand_id: str,
    principal: OwnerPrincipal,
    session: ReadSession,
    runtime: RuntimeDep,
    limit: Limit = 50,
    after: After = None,
) -> CoveragePage:
    """Which products and views of the brand are enrolled, and where its pictures tell too little."""
    counted = service.totals(session, principal, brand_id)
    items, onward = service.page(session, runtime, principal, brand_id, limit, after)
    return CoveragePage(totals=counted, items=items, next_after=onward)
