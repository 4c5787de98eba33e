"""Sellers whom the owner of a brand has authorised."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy.orm import Session

import service.brands.service as brands
from service.pages.forms import Form
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.owner.expiry import expiry, today
from service.pages.owner.saving import read_whole, save
from service.pages.page import OwnerPage, Page
from service.pages.routing import page_router
from service.paging import After
from service.sellers import service
from service.sellers.schemas import NewAuthorisedSeller

router = page_router()
_PAGE = 50
_NOT_IN_ORDER = N_("The last day lies before the first one.")


@router.get("/brands/{brand_id}/sellers")
def list_sellers(page: OwnerPage, brand_id: str, after: After = None) -> Response:
    return _sellers(page, brand_id, Form(), after=after)


@router.post("/brands/{brand_id}/sellers")
def create_seller(page: OwnerPage, brand_id: str) -> Response:
    def write(session: Session) -> str:
        service.create(session, page.principal, brand_id, _form(page))
        return f"/brands/{brand_id}/sellers"

    return save(page, write, lambda form, status: _sellers(page, brand_id, form, status))


@router.get("/sellers/{record_id}")
def show_seller(page: OwnerPage, record_id: str) -> Response:
    return _seller(page, record_id, Form())


@router.post("/sellers/{record_id}")
def change_seller(page: OwnerPage, record_id: str) -> Response:
    def write(session: Session) -> str:
        found = service.replace(session, page.principal, record_id, _form(page))
        return f"/brands/{found.brand_id}/sellers"

    return save(page, write, lambda form, status: _seller(page, record_id, form, status))


@router.post("/sellers/{record_id}/removal")
def remove_seller(page: OwnerPage, record_id: str) -> Response:
    with page.runtime.database.write() as session:
        brand_id = service.own_record(session, page.principal, record_id).brand_id
        service.remove(session, page.principal, record_id)
    return page.go(f"/brands/{brand_id}/sellers", Notice.REMOVED)


def _form(page: Page) -> NewAuthorisedSeller:
    return read_whole(page, NewAuthorisedSeller, _NOT_IN_ORDER)


def _sellers(page: Page, brand_id: str, form: Form, status: int = 200, after: str | None = None) -> Response:
    on = today(page)
    with page.runtime.database.read() as session:
        found = service.own_records(session, page.principal, brand_id, _PAGE, after)
        return page.show(
            "owner/sellers.html",
            status,
            brand=brands.own_brand(session, page.principal, brand_id),
            form=form,
            sellers=found[:_PAGE],
            next_after=found[_PAGE - 1].id if len(found) > _PAGE else None,
            expiry=lambda day: expiry(day, on),
        )


def _seller(page: Page, record_id: str, form: Form, status: int = 200) -> Response:
    with page.runtime.database.read() as session:
        found = service.own_record(session, page.principal, record_id)
        brand = brands.own_brand(session, page.principal, found.brand_id)
        return page.show("owner/seller.html", status, brand=brand, seller=found, form=form)
