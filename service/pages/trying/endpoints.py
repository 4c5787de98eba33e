"""The page `/try`."""

from __future__ import annotations

from fastapi import Response

from model.images import PictureError
from service.pages.forms import Form, refused
from service.pages.language import N_
from service.pages.page import AnyPage, Page
from service.pages.routing import page_router
from service.pages.trying.findings import findings_of
from service.problems import PictureRefused

router = page_router()


@router.get("/try")
def ask_for_picture(page: AnyPage) -> Response:
    return _show(page, Form())


@router.post("/try")
def try_picture(page: AnyPage) -> Response:
    """Says all of the picture, and keeps nothing of it."""
    files = page.files("picture")
    if not files:
        return _show(page, refused(page, N_("Choose a picture first."), "picture"), 422)
    limit = page.runtime.picture_limits.max_bytes
    data = files[0].file.read(limit + 1)
    try:
        found = findings_of(page, data)
    except PictureError as error:
        problem = PictureRefused(error)
        return _show(page, refused(page, problem.help, "picture"), problem.status, detail=problem.detail)
    return page.show(
        "trying/try.html", form=Form(), found=found, detail="", address=str(page.request.base_url).rstrip("/")
    )


def _show(page: Page, form: Form, status: int = 200, detail: str = "") -> Response:
    address = str(page.request.base_url).rstrip("/")
    return page.show("trying/try.html", status, form=form, found=None, detail=detail, address=address)
