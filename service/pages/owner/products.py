"""Products of a brand: what each is called, what it costs, and its pictures."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy.orm import Session

import service.brands.service as brands
import service.coverage.service as coverage
from service.fields import currencies
from service.pages.forms import Form, read
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.owner.expiry import expiry, today
from service.pages.owner.saving import read_whole, save
from service.pages.page import OwnerPage, Page
from service.pages.routing import page_router
from service.paging import After
from service.products import prices, removal, service
from service.products.endpoints import own_band
from service.products.schemas import NewPriceBand, NewProduct, ProductChanges
from service.references.service import own_references

router = page_router()
_PAGE = 50
_PICTURES = 60
_NOT_RISING = N_(
    "The lowest, the usual and the highest price must rise in this order, and the first day come first."
)


@router.get("/brands/{brand_id}/products")
def list_products(page: OwnerPage, brand_id: str, after: After = None) -> Response:
    return _products(page, brand_id, Form(), after=after)


@router.post("/brands/{brand_id}/products")
def create_product(page: OwnerPage, brand_id: str) -> Response:
    def write(session: Session) -> str:
        return f"/products/{service.create(session, page.principal, brand_id, read(page, NewProduct)).id}"

    return save(page, write, lambda form, status: _products(page, brand_id, form, status))


@router.get("/products/{product_id}")
def show_product(page: OwnerPage, product_id: str, after: After = None) -> Response:
    return product_page(page, product_id, after=after)


@router.post("/products/{product_id}")
def change_product(page: OwnerPage, product_id: str) -> Response:
    def write(session: Session) -> str:
        whole = {"category": page.text("category"), "barcode": page.text("barcode")}
        service.update(session, page.principal, product_id, read(page, ProductChanges, **whole))
        return f"/products/{product_id}"

    return save(page, write, lambda form, status: product_page(page, product_id, status, changed=form))


@router.post("/products/{product_id}/removal")
def remove_product(page: OwnerPage, product_id: str) -> Response:
    with page.runtime.database.write() as session:
        brand_id = service.own_product(session, page.principal, product_id).brand_id
        removal.remove(session, page.runtime.vectors, page.principal, product_id)
    return page.go(f"/brands/{brand_id}/products", Notice.REMOVED)


@router.post("/products/{product_id}/price-bands")
def create_band(page: OwnerPage, product_id: str) -> Response:
    def write(session: Session) -> str:
        product = service.own_product(session, page.principal, product_id)
        prices.create(session, page.principal, product, read_whole(page, NewPriceBand, _NOT_RISING))
        return f"/products/{product_id}#prices"

    return save(page, write, lambda form, status: product_page(page, product_id, status, band=form))


@router.get("/price-bands/{band_id}")
def show_band(page: OwnerPage, band_id: str) -> Response:
    return _band(page, band_id, Form())


@router.post("/price-bands/{band_id}")
def change_band(page: OwnerPage, band_id: str) -> Response:
    def write(session: Session) -> str:
        band = own_band(session, page.principal, band_id)
        prices.replace(session, page.principal, band, read_whole(page, NewPriceBand, _NOT_RISING))
        return f"/products/{band.product_id}#prices"

    return save(page, write, lambda form, status: _band(page, band_id, form, status))


@router.post("/price-bands/{band_id}/removal")
def remove_band(page: OwnerPage, band_id: str) -> Response:
    with page.runtime.database.write() as session:
        band = own_band(session, page.principal, band_id)
        prices.remove(session, page.principal, band)
        path = f"/products/{band.product_id}#prices"
    return page.go(path, Notice.REMOVED)


def product_page(
    page: Page,
    product_id: str,
    status: int = 200,
    *,
    changed: Form | None = None,
    band: Form | None = None,
    pictures: Form | None = None,
    after: str | None = None,
) -> Response:
    """The product with whichever of its forms was refused."""
    principal, on = page.principal, today(page)
    with page.runtime.database.read() as session:
        product = service.own_product(session, principal, product_id)
        found = own_references(session, principal, product_id, _PICTURES, after)
        return page.show(
            "owner/product.html",
            status,
            brand=brands.own_brand(session, principal, product.brand_id),
            product=product,
            coverage=coverage.of_products(session, page.runtime, principal, product.brand_id, [product])[0],
            references=found[:_PICTURES],
            next_after=found[_PICTURES - 1].id if len(found) > _PICTURES else None,
            bands=prices.page(session, principal.tenant_id, product_id, _PAGE, None)[:_PAGE],
            changed=changed or Form(),
            band=band or Form(),
            pictures=pictures or Form(),
            currencies=sorted(currencies()),
            expiry=lambda day: expiry(day, on),
        )


def _products(page: Page, brand_id: str, form: Form, status: int = 200, after: str | None = None) -> Response:
    principal = page.principal
    with page.runtime.database.read() as session:
        found = service.own_products(session, principal, brand_id, _PAGE, after)
        shown = found[:_PAGE]
        return page.show(
            "owner/products.html",
            status,
            brand=brands.own_brand(session, principal, brand_id),
            form=form,
            products=coverage.of_products(session, page.runtime, principal, brand_id, shown),
            next_after=shown[-1].id if len(found) > _PAGE else None,
        )


def _band(page: Page, band_id: str, form: Form, status: int = 200) -> Response:
    with page.runtime.database.read() as session:
        band = own_band(session, page.principal, band_id)
        product = service.own_product(session, page.principal, band.product_id)
        return page.show(
            "owner/price_band.html",
            status,
            brand=brands.own_brand(session, page.principal, product.brand_id),
            product=product,
            band=band,
            form=form,
            currencies=sorted(currencies()),
        )
