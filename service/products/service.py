"""Rules of products."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.audit.service import record
from service.brands.service import own_brand
from service.clock import now
from service.errors import Conflict, NotFound
from service.ids import new_id
from service.products import prices, repository
from service.products.models import PriceBand, Product
from service.products.prices import PriceFacts
from service.products.schemas import NewProduct, ProductChanges
from service.security.principals import Principal


class NoSuchProduct(NotFound):
    def __init__(self, product_id: str) -> None:
        super().__init__(f"There is no product {product_id} that this key may see.")


class SkuTaken(Conflict):
    slug = "sku-taken"
    title = "The brand has a product of that SKU"
    help = "Use the product that the member `product_id` names, or another SKU."


def own_product(session: Session, principal: Principal, product_id: str) -> Product:
    """Raises: NoSuchProduct: there is none that the principal may see."""
    product = repository.product(session, principal.tenant_id, product_id)
    if product is None:
        raise NoSuchProduct(product_id)
    try:
        own_brand(session, principal, product.brand_id)
    except NotFound:
        raise NoSuchProduct(product_id) from None
    return product


def own_products(
    session: Session, principal: Principal, brand_id: str, limit: int, after: str | None
) -> Sequence[Product]:
    brand = own_brand(session, principal, brand_id)
    return repository.page(session, principal.tenant_id, brand.id, limit, after)


def find_sku(session: Session, principal: Principal, brand_id: str, sku: str) -> Product | None:
    return repository.with_sku(session, principal.tenant_id, brand_id, sku)


def create(session: Session, principal: Principal, brand_id: str, new: NewProduct) -> Product:
    """Raises: SkuTaken: the brand has one of that SKU."""
    brand = own_brand(session, principal, brand_id)
    _check_free(session, principal, brand.id, new.sku)
    product = Product(
        id=new_id("prd"),
        tenant_id=principal.tenant_id,
        brand_id=brand.id,
        created_at=now(),
        **new.model_dump(),
    )
    session.add(product)
    session.flush()
    record(session, principal, "product.create", product.id, {"brand_id": brand.id, "sku": product.sku})
    return product


def update(session: Session, principal: Principal, product_id: str, changes: ProductChanges) -> Product:
    """Change what is given; the rest stays. A barcode given as null is taken away."""
    product = own_product(session, principal, product_id)
    given = {
        field: value
        for field, value in changes.model_dump(exclude_unset=True).items()
        if value is not None or field == "barcode"
    }
    if given.get("sku", product.sku) != product.sku:
        _check_free(session, principal, product.brand_id, given["sku"])
    for field, value in given.items():
        setattr(product, field, value)
    session.flush()
    record(session, principal, "product.update", product.id, given)
    return product


def mark_removed(session: Session, principal: Principal, product_id: str) -> Product:
    """Its price bands go with it; `removal` takes care of its pictures."""
    product = own_product(session, principal, product_id)
    product.removed_at = now()
    repository.remove_bands(session, principal.tenant_id, product.id, product.removed_at)
    session.flush()
    return product


def remove_of_brand(session: Session, tenant_id: str, brand_id: str) -> None:
    repository.remove_of_brand(session, tenant_id, brand_id, now())


def facts(session: Session, tenant_id: str, product_ids: Sequence[str]) -> dict[str, Product]:
    """Products by id, removed ones too, whoever owns them: for checks alone, never for an answer."""
    return {product.id: product for product in repository.products(session, tenant_id, product_ids)}


def price_bands_for(
    session: Session, tenant_id: str, product_ids: Sequence[str], currency: str
) -> list[PriceFacts]:
    """Every band of these products in that currency, in one query: for checks alone."""
    return prices.facts(session, tenant_id, product_ids, currency)


def price_bands_of(session: Session, tenant_id: str, product_id: str, limit: int) -> Sequence[PriceBand]:
    """The first so many bands of the product, whoever owns it: for people who compare a price with them."""
    return prices.page(session, tenant_id, product_id, limit, None)[:limit]


def _check_free(session: Session, principal: Principal, brand_id: str, sku: str) -> None:
    held = repository.with_sku(session, principal.tenant_id, brand_id, sku)
    if held is not None:
        raise SkuTaken(f"The brand has a product {sku!r} already: {held.id}.", product_id=held.id)
