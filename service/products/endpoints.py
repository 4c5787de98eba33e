"""HTTP of products and price bands."""

from __future__ import annotations

from fastapi import APIRouter, Response
from sqlalchemy.orm import Session

from service.deps import OwnerPrincipal, ReadSession, RuntimeDep, WriteSession
from service.errors import NotFound
from service.paging import After, Limit, Page, page_of
from service.products import prices, removal, service
from service.products.models import PriceBand
from service.products.schemas import NewPriceBand, NewProduct, ProductChanges, ShownPriceBand, ShownProduct
from service.security.principals import Principal

router = APIRouter(prefix="/v1", tags=["products"])


@router.post("/brands/{brand_id}/products", status_code=201)
def create_product(
    brand_id: str, new: NewProduct, principal: OwnerPrincipal, session: WriteSession, response: Response
) -> ShownProduct:
    """Register a product of the brand."""
    product = service.create(session, principal, brand_id, new)
    response.headers["Location"] = f"/v1/products/{product.id}"
    return ShownProduct.model_validate(product)


@router.get("/brands/{brand_id}/products")
def list_products(
    brand_id: str, principal: OwnerPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[ShownProduct]:
    """The products of one of the caller's brands."""
    found = service.own_products(session, principal, brand_id, limit, after)
    return page_of(found, limit, ShownProduct.model_validate)


@router.get("/products/{product_id}")
def show_product(product_id: str, principal: OwnerPrincipal, session: ReadSession) -> ShownProduct:
    return ShownProduct.model_validate(service.own_product(session, principal, product_id))


@router.patch("/products/{product_id}")
def change_product(
    product_id: str, changes: ProductChanges, principal: OwnerPrincipal, session: WriteSession
) -> ShownProduct:
    """Change what is given; the rest stays."""
    return ShownProduct.model_validate(service.update(session, principal, product_id, changes))


@router.delete("/products/{product_id}", status_code=204)
def remove_product(
    product_id: str, principal: OwnerPrincipal, runtime: RuntimeDep, session: WriteSession
) -> None:
    """Remove the product with its references and price bands."""
    removal.remove(session, runtime.vectors, principal, product_id)


@router.post("/products/{product_id}/price-bands", status_code=201)
def create_price_band(
    product_id: str,
    new: NewPriceBand,
    principal: OwnerPrincipal,
    session: WriteSession,
    response: Response,
) -> ShownPriceBand:
    """Say what a genuine new piece costs."""
    product = service.own_product(session, principal, product_id)
    band = prices.create(session, principal, product, new)
    response.headers["Location"] = f"/v1/price-bands/{band.id}"
    return ShownPriceBand.model_validate(band)


@router.get("/products/{product_id}/price-bands")
def list_price_bands(
    product_id: str, principal: OwnerPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[ShownPriceBand]:
    product = service.own_product(session, principal, product_id)
    found = prices.page(session, principal.tenant_id, product.id, limit, after)
    return page_of(found, limit, ShownPriceBand.model_validate)


@router.get("/price-bands/{band_id}")
def show_price_band(band_id: str, principal: OwnerPrincipal, session: ReadSession) -> ShownPriceBand:
    return ShownPriceBand.model_validate(own_band(session, principal, band_id))


@router.put("/price-bands/{band_id}")
def replace_price_band(
    band_id: str, new: NewPriceBand, principal: OwnerPrincipal, session: WriteSession
) -> ShownPriceBand:
    band = own_band(session, principal, band_id)
    return ShownPriceBand.model_validate(prices.replace(session, principal, band, new))


@router.delete("/price-bands/{band_id}", status_code=204)
def remove_price_band(band_id: str, principal: OwnerPrincipal, session: WriteSession) -> None:
    prices.remove(session, principal, own_band(session, principal, band_id))


def own_band(session: Session, principal: Principal, band_id: str) -> PriceBand:
    """Raises: NotFound: there is none that the principal may see."""
    band = prices.band(session, principal.tenant_id, band_id)
    try:
        service.own_product(session, principal, band.product_id)
    except NotFound:
        raise NotFound(f"There is no price band {band_id} that this key may see.") from None
    return band
