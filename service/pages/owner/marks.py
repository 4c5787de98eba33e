"""Marks of a brand: logos and words that every listing is looked through for."""

from __future__ import annotations

from fastapi import Response
from pydantic import BaseModel

import service.brands.service as brands
import service.rights.service as rights
from service.fields import View
from service.marks import service
from service.marks.endpoints import RightId, create_mark
from service.marks.models import MarkKind
from service.pages.forms import Form, FormRefused, read, typed
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.owner.saving import attempt, sent
from service.pages.page import OwnerPage, Page
from service.pages.routing import page_router
from service.paging import After

router = page_router()
_PAGE = 50
_RIGHTS = 200


class _MarkForm(BaseModel):
    kind: MarkKind
    text: View = ""
    right_id: RightId = None


@router.get("/brands/{brand_id}/marks")
def list_marks(page: OwnerPage, brand_id: str, after: After = None) -> Response:
    return _marks(page, brand_id, Form(), after=after)


@router.post("/brands/{brand_id}/marks")
def register(page: OwnerPage, brand_id: str) -> Response:
    def act() -> str:
        new, files = read(page, _MarkForm), sent(page, "file")
        if not files:
            raise FormRefused(Form(typed(page), {"file": N_("Choose a picture.")}))
        create_mark(
            brand_id, page.principal, page.runtime, Response(), files[0], new.kind, new.text, new.right_id
        )
        return f"/brands/{brand_id}/marks"

    return attempt(page, act, lambda form, status: _marks(page, brand_id, form, status))


@router.post("/marks/{mark_id}/removal")
def remove_mark(page: OwnerPage, mark_id: str) -> Response:
    with page.runtime.database.write() as session:
        brand_id = service.own_mark(session, page.principal, mark_id).brand_id
        service.remove(session, page.principal, mark_id)
    return page.go(f"/brands/{brand_id}/marks", Notice.REMOVED)


def _marks(page: Page, brand_id: str, form: Form, status: int = 200, after: str | None = None) -> Response:
    with page.runtime.database.read() as session:
        found = service.own_marks(session, page.principal, brand_id, _PAGE, after)
        held = rights.own_rights(session, page.principal, brand_id, _RIGHTS, None)[:_RIGHTS]
        return page.show(
            "owner/marks.html",
            status,
            brand=brands.own_brand(session, page.principal, brand_id),
            form=form,
            marks=found[:_PAGE],
            rights=[(each.id, f"{each.office} {each.number}") for each in held],
            next_after=found[_PAGE - 1].id if len(found) > _PAGE else None,
        )
