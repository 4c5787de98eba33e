"""Rights of a brand and their recordations with customs, each with its last day."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy.orm import Session

import service.brands.service as brands
from service.pages.forms import Form
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.owner.expiry import expiry, today
from service.pages.owner.saving import read_whole, save, split
from service.pages.page import OwnerPage, Page
from service.pages.routing import page_router
from service.paging import After
from service.rights import service
from service.rights.schemas import NewRecordation, NewRight

router = page_router()
_PAGE = 50
_NOT_IN_ORDER = N_("The last day lies before the first one.")


@router.get("/brands/{brand_id}/rights")
def list_rights(page: OwnerPage, brand_id: str, after: After = None) -> Response:
    return _rights(page, brand_id, Form(), after=after)


@router.post("/brands/{brand_id}/rights")
def create_right(page: OwnerPage, brand_id: str) -> Response:
    def write(session: Session) -> str:
        right = service.create_right(session, page.principal, brand_id, _right_form(page))
        return f"/rights/{right.id}"

    return save(page, write, lambda form, status: _rights(page, brand_id, form, status))


@router.get("/rights/{right_id}")
def show_right(page: OwnerPage, right_id: str, after: After = None) -> Response:
    return _right(page, right_id, after=after)


@router.get("/rights/{right_id}/change")
def show_change(page: OwnerPage, right_id: str) -> Response:
    return _change(page, right_id, Form())


@router.post("/rights/{right_id}")
def change_right(page: OwnerPage, right_id: str) -> Response:
    def write(session: Session) -> str:
        right = service.replace_right(session, page.principal, right_id, _right_form(page))
        return f"/rights/{right.id}"

    return save(page, write, lambda form, status: _change(page, right_id, form, status))


@router.post("/rights/{right_id}/removal")
def remove_right(page: OwnerPage, right_id: str) -> Response:
    with page.runtime.database.write() as session:
        brand_id = service.own_right(session, page.principal, right_id).brand_id
        service.remove_right(session, page.principal, right_id)
    return page.go(f"/brands/{brand_id}/rights", Notice.REMOVED)


@router.post("/rights/{right_id}/recordations")
def create_recordation(page: OwnerPage, right_id: str) -> Response:
    def write(session: Session) -> str:
        service.create_recordation(session, page.principal, right_id, _recordation_form(page))
        return f"/rights/{right_id}"

    return save(page, write, lambda form, status: _right(page, right_id, status, added=form))


@router.get("/recordations/{recordation_id}")
def show_recordation(page: OwnerPage, recordation_id: str) -> Response:
    return _recordation(page, recordation_id, Form())


@router.post("/recordations/{recordation_id}")
def change_recordation(page: OwnerPage, recordation_id: str) -> Response:
    def write(session: Session) -> str:
        new = _recordation_form(page)
        found = service.replace_recordation(session, page.principal, recordation_id, new)
        return f"/rights/{found.right_id}"

    return save(page, write, lambda form, status: _recordation(page, recordation_id, form, status))


@router.post("/recordations/{recordation_id}/removal")
def remove_recordation(page: OwnerPage, recordation_id: str) -> Response:
    with page.runtime.database.write() as session:
        right_id = service.own_recordation(session, page.principal, recordation_id).right_id
        service.remove_recordation(session, page.principal, recordation_id)
    return page.go(f"/rights/{right_id}", Notice.REMOVED)


def _right_form(page: Page) -> NewRight:
    return read_whole(page, NewRight, _NOT_IN_ORDER, classes=split(page.text("classes")))


def _recordation_form(page: Page) -> NewRecordation:
    return read_whole(page, NewRecordation, _NOT_IN_ORDER)


def _rights(page: Page, brand_id: str, form: Form, status: int = 200, after: str | None = None) -> Response:
    on = today(page)
    with page.runtime.database.read() as session:
        brand = brands.own_brand(session, page.principal, brand_id)
        found = service.own_rights(session, page.principal, brand_id, _PAGE, after)
        shown = found[:_PAGE]
        return page.show(
            "owner/rights.html",
            status,
            brand=brand,
            form=form,
            rights=shown,
            recordations=service.recordations_of(session, page.principal, brand_id, shown),
            next_after=shown[-1].id if len(found) > _PAGE else None,
            expiry=lambda day: expiry(day, on),
        )


def _right(
    page: Page,
    right_id: str,
    status: int = 200,
    *,
    added: Form | None = None,
    after: str | None = None,
) -> Response:
    on = today(page)
    with page.runtime.database.read() as session:
        right = service.own_right(session, page.principal, right_id)
        found = service.own_recordations(session, page.principal, right_id, _PAGE, after)
        return page.show(
            "owner/right.html",
            status,
            brand=brands.own_brand(session, page.principal, right.brand_id),
            right=right,
            added=added or Form(),
            recordations=found[:_PAGE],
            next_after=found[_PAGE - 1].id if len(found) > _PAGE else None,
            expiry=lambda day: expiry(day, on),
        )


def _change(page: Page, right_id: str, form: Form, status: int = 200) -> Response:
    with page.runtime.database.read() as session:
        right = service.own_right(session, page.principal, right_id)
        brand = brands.own_brand(session, page.principal, right.brand_id)
        return page.show("owner/right_change.html", status, brand=brand, right=right, form=form)


def _recordation(page: Page, recordation_id: str, form: Form, status: int = 200) -> Response:
    with page.runtime.database.read() as session:
        found = service.own_recordation(session, page.principal, recordation_id)
        return page.show(
            "owner/recordation.html",
            status,
            brand=brands.own_brand(session, page.principal, found.brand_id),
            right=service.own_right(session, page.principal, found.right_id),
            recordation=found,
            form=form,
        )
