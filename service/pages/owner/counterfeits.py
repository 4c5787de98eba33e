"""Known counterfeits of a brand: photos from confirmed cases."""

from __future__ import annotations

from fastapi import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

import service.brands.service as brands
import service.products.service as products
from service.counterfeits import service
from service.counterfeits.endpoints import create_known_counterfeit
from service.counterfeits.schemas import CounterfeitChanges, Note
from service.fields import Name
from service.pages.forms import Form, FormRefused, read, typed
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.owner.saving import attempt, save, sent
from service.pages.page import OwnerPage, Page
from service.pages.routing import page_router
from service.paging import After

router = page_router()
_PAGE = 60
_PRODUCTS = 200


class _CounterfeitForm(BaseModel):
    case_reference: Name
    note: Note = ""
    product_id: str | None = None


@router.get("/brands/{brand_id}/counterfeits")
def list_counterfeits(page: OwnerPage, brand_id: str, after: After = None) -> Response:
    return _counterfeits(page, brand_id, Form(), after=after)


@router.post("/brands/{brand_id}/counterfeits")
def enrol(page: OwnerPage, brand_id: str) -> Response:
    """Of several photos of one case, those before the first that is refused are kept."""

    def act() -> str:
        new, files = read(page, _CounterfeitForm), sent(page, "files")
        if not files:
            raise FormRefused(Form(typed(page), {"files": N_("Choose one photo at least.")}))
        for each in files:
            create_known_counterfeit(
                brand_id,
                page.principal,
                page.runtime,
                Response(),
                each,
                new.case_reference,
                new.note,
                new.product_id,
            )
        return f"/brands/{brand_id}/counterfeits"

    return attempt(page, act, lambda form, status: _counterfeits(page, brand_id, form, status))


@router.get("/counterfeits/{counterfeit_id}")
def show_counterfeit(page: OwnerPage, counterfeit_id: str) -> Response:
    return _counterfeit(page, counterfeit_id, Form())


@router.post("/counterfeits/{counterfeit_id}")
def change_counterfeit(page: OwnerPage, counterfeit_id: str) -> Response:
    def write(session: Session) -> str:
        changes = read(page, CounterfeitChanges, note=page.text("note"))
        service.update(session, page.principal, counterfeit_id, changes)
        return f"/counterfeits/{counterfeit_id}"

    return save(page, write, lambda form, status: _counterfeit(page, counterfeit_id, form, status))


@router.post("/counterfeits/{counterfeit_id}/removal")
def remove_counterfeit(page: OwnerPage, counterfeit_id: str) -> Response:
    with page.runtime.database.write() as session:
        brand_id = service.own_counterfeit(session, page.principal, counterfeit_id).brand_id
        service.remove(session, page.runtime.vectors, page.principal, counterfeit_id)
    return page.go(f"/brands/{brand_id}/counterfeits", Notice.REMOVED)


def _counterfeits(
    page: Page, brand_id: str, form: Form, status: int = 200, after: str | None = None
) -> Response:
    with page.runtime.database.read() as session:
        found = service.own_counterfeits(session, page.principal, brand_id, _PAGE, after)
        held = products.own_products(session, page.principal, brand_id, _PRODUCTS, None)[:_PRODUCTS]
        return page.show(
            "owner/counterfeits.html",
            status,
            brand=brands.own_brand(session, page.principal, brand_id),
            form=form,
            counterfeits=found[:_PAGE],
            products=[(each.id, f"{each.sku} {each.name}") for each in held],
            next_after=found[_PAGE - 1].id if len(found) > _PAGE else None,
        )


def _counterfeit(page: Page, counterfeit_id: str, form: Form, status: int = 200) -> Response:
    with page.runtime.database.read() as session:
        found = service.own_counterfeit(session, page.principal, counterfeit_id)
        of = products.facts(session, page.principal.tenant_id, [found.product_id] if found.product_id else [])
        return page.show(
            "owner/counterfeit.html",
            status,
            brand=brands.own_brand(session, page.principal, found.brand_id),
            counterfeit=found,
            product=of.get(found.product_id or ""),
            form=form,
        )
