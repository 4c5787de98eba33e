"""HTTP of brands. Nobody but their owners, agents and administrators sees that a brand exists."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.brands import removal, service
from service.brands.schemas import BrandChanges, NewBrand, ShownBrand
from service.deps import OwnerPrincipal, ReadSession, RuntimeDep, WriteSession
from service.paging import After, Limit, Page, page_of

router = APIRouter(prefix="/v1/brands", tags=["brands"])


@router.post("", status_code=201)
def create_brand(
    new: NewBrand, principal: OwnerPrincipal, session: WriteSession, response: Response
) -> ShownBrand:
    """Register a brand. Only an administrator sets `gated` and `auto_block`."""
    brand = service.create(session, principal, new)
    response.headers["Location"] = f"/v1/brands/{brand.id}"
    return ShownBrand.model_validate(brand)


@router.get("")
def list_brands(
    principal: OwnerPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[ShownBrand]:
    """The caller's own brands."""
    return page_of(service.own_brands(session, principal, limit, after), limit, ShownBrand.model_validate)


@router.get("/{brand_id}")
def show_brand(brand_id: str, principal: OwnerPrincipal, session: ReadSession) -> ShownBrand:
    return ShownBrand.model_validate(service.own_brand(session, principal, brand_id))


@router.patch("/{brand_id}")
def change_brand(
    brand_id: str, changes: BrandChanges, principal: OwnerPrincipal, session: WriteSession
) -> ShownBrand:
    """Change what is given; the rest stays."""
    return ShownBrand.model_validate(service.update(session, principal, brand_id, changes))


@router.delete("/{brand_id}", status_code=204)
def remove_brand(
    brand_id: str, principal: OwnerPrincipal, runtime: RuntimeDep, session: WriteSession
) -> None:
    """Remove the brand with its products, references, known counterfeits, sellers and rights."""
    removal.remove(session, runtime.vectors, principal, brand_id)
