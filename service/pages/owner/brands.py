"""A brand owner's first pages: its brands, and how each of them stands."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy.orm import Session

import service.cases.endpoints as cases
import service.control.endpoints as control
import service.coverage.service as coverage
import service.opinions.requests as requests
import service.rights.service as rights
from service.brands import removal, service
from service.brands.schemas import BrandChanges, NewBrand
from service.pages.forms import Form, read
from service.pages.notices import Notice
from service.pages.owner.expiry import SOON, expiry, today
from service.pages.owner.saving import save, split
from service.pages.page import OwnerPage, Page
from service.pages.routing import page_router
from service.paging import After
from service.security import repository as organisations
from service.security.principals import Role

router = page_router()
_PAGE = 50
_MOST_OWNERS = 200


@router.get("/brands")
def list_brands(page: OwnerPage, after: After = None) -> Response:
    return _brands(page, Form(), after=after)


@router.post("/brands")
def create_brand(page: OwnerPage) -> Response:
    def write(session: Session) -> str:
        new = read(page, NewBrand, spellings=split(page.text("spellings")))
        return f"/brands/{service.create(session, page.principal, new).id}"

    return save(page, write, lambda form, status: _brands(page, form, status))


@router.get("/brands/{brand_id}")
def show_brand(page: OwnerPage, brand_id: str) -> Response:
    return _brand(page, brand_id, Form())


@router.post("/brands/{brand_id}")
def change_brand(page: OwnerPage, brand_id: str) -> Response:
    def write(session: Session) -> str:
        changes = read(page, BrandChanges, spellings=split(page.text("spellings")), **_switches(page))
        return f"/brands/{service.update(session, page.principal, brand_id, changes).id}"

    return save(page, write, lambda form, status: _brand(page, brand_id, form, status))


@router.post("/brands/{brand_id}/removal")
def remove_brand(page: OwnerPage, brand_id: str) -> Response:
    with page.runtime.database.write() as session:
        removal.remove(session, page.runtime.vectors, page.principal, brand_id)
    return page.go("/brands", Notice.REMOVED)


def _switches(page: Page) -> dict[str, bool]:
    """What an administrator alone may set."""
    if page.principal.role is not Role.ADMIN:
        return {}
    return {name: bool(page.text(name)) for name in ("gated", "auto_block")}


def _brands(page: Page, form: Form, status: int = 200, after: str | None = None) -> Response:
    with page.runtime.database.read() as session:
        found = service.own_brands(session, page.principal, _PAGE, after)
        shown = found[:_PAGE]
        ids, until = [each.id for each in shown], today(page) + SOON
        return page.show(
            "owner/brands.html",
            status,
            form=form,
            brands=shown,
            next_after=shown[-1].id if len(found) > _PAGE else None,
            ending=rights.ending_by_brand(session, page.principal, ids, until),
            owners=owners_of(page, session),
        )


def _brand(page: Page, brand_id: str, form: Form, status: int = 200) -> Response:
    principal, on = page.principal, today(page)
    with page.runtime.database.read() as session:
        brand = service.own_brand(session, principal, brand_id)
        waiting = requests.page(session, principal, waiting=True, limit=_PAGE, after=None)
        return page.show(
            "owner/brand.html",
            status,
            form=form,
            brand=brand,
            ending=rights.ending(session, principal, [brand.id], on + SOON),
            expiry=lambda day: expiry(day, on),
            waiting=[each for each in waiting if each.brand_id == brand.id],
            totals=coverage.totals(session, principal, brand.id),
            accuracy=cases.read_notice_accuracy(brand.id, principal, session),
            standing=control.read_brand(brand.id, principal, session),
        )


def owners_of(page: Page, session: Session) -> list[tuple[str, str]]:
    """Whom an agent or an administrator may register a brand for; a brand owner need not say."""
    principal = page.principal
    if principal.role is Role.BRAND_OWNER:
        return []
    if principal.role is Role.ADMIN:
        found = organisations.organisations(session, principal.tenant_id, None, _MOST_OWNERS)
        return [(each.id, each.name) for each in found]
    known = (
        organisations.organisation(session, principal.tenant_id, each) for each in sorted(principal.owners)
    )
    return [(each.id, each.name) for each in known if each is not None]
