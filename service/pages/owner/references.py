"""Genuine photos: enrolled in bulk, and the identification points that are drawn on them.

A script sends photos one by one to the API, which it can do again after a lost connection; without one, a form sends
all of them at once, and each that is refused is told with its reason.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Response, UploadFile
from sqlalchemy.orm import Session

import service.brands.service as brands
import service.products.service as products
from model.images import PictureError
from service.errors import Problem
from service.pages.forms import Form, FormRefused, read
from service.pages.language import N_
from service.pages.notices import Notice
from service.pages.owner.products import product_page
from service.pages.owner.saving import read_whole, save, sent
from service.pages.page import OwnerPage, Page
from service.pages.routing import page_router
from service.points import service as points
from service.points.schemas import NewPoint
from service.problems import PictureRefused
from service.references import service
from service.references.endpoints import create_reference
from service.references.schemas import ReferenceChanges

router = page_router()
SIDES = ("x0", "y0", "x1", "y1")
_NOT_A_REGION = N_(
    "The right side must lie right of the left one, and the lower below the upper, each by one percent at least."
)


@dataclass(frozen=True)
class Refused:
    """A file that was not enrolled."""

    name: str
    title: str
    help: str
    detail: str


@router.post("/products/{product_id}/references")
def enrol(page: OwnerPage, product_id: str) -> Response:
    """All files of the form, each by itself."""
    files = sent(page, "files")
    if not files:
        words = N_("Choose one photo at least.")
        return product_page(
            page, product_id, 422, pictures=Form({"view": page.text("view")}, {"files": words})
        )
    try:
        view = read(page, ReferenceChanges, view=page.text("view")).view
    except FormRefused as wrong:
        return product_page(page, product_id, 422, pictures=wrong.form)
    told = [_enrolled(page, product_id, view, each) for each in files]
    refused = [each for each in told if each is not None]
    if not refused:
        return page.go(f"/products/{product_id}#pictures", Notice.SAVED)
    return _outcome(page, product_id, len(files) - len(refused), refused)


@router.get("/references/{reference_id}")
def show_reference(page: OwnerPage, reference_id: str) -> Response:
    return _reference(page, reference_id, Form())


@router.post("/references/{reference_id}")
def change_reference(page: OwnerPage, reference_id: str) -> Response:
    def write(session: Session) -> str:
        changes = read(page, ReferenceChanges, view=page.text("view"))
        service.change_view(session, page.principal, reference_id, changes.view)
        return f"/references/{reference_id}"

    return save(page, write, lambda form, status: _reference(page, reference_id, Form(), status, seen=form))


@router.post("/references/{reference_id}/removal")
def remove_reference(page: OwnerPage, reference_id: str) -> Response:
    with page.runtime.database.write() as session:
        product_id = service.own_reference(session, page.principal, reference_id).product_id
        service.remove(session, page.runtime.vectors, page.principal, reference_id)
    return page.go(f"/products/{product_id}#pictures", Notice.REMOVED)


@router.post("/references/{reference_id}/points")
def draw_point(page: OwnerPage, reference_id: str) -> Response:
    """Sides come in percent of the picture."""

    def write(session: Session) -> str:
        new = read_whole(page, NewPoint, _NOT_A_REGION, **_fractions(page))
        points.draw(session, page.principal, reference_id, new)
        return f"/references/{reference_id}#points"

    return save(page, write, lambda form, status: _reference(page, reference_id, form, status))


@router.post("/references/{reference_id}/points/{point_id}/removal")
def remove_point(page: OwnerPage, reference_id: str, point_id: str) -> Response:
    with page.runtime.database.write() as session:
        points.remove(session, page.principal, point_id)
    return page.go(f"/references/{reference_id}#points", Notice.REMOVED)


def _fractions(page: Page) -> dict[str, object]:
    """What was typed as percent; what is no number stays as it is, for the form to say so."""
    found: dict[str, object] = {}
    for side in SIDES:
        try:
            found[side] = float(page.text(side).replace(",", ".").rstrip("% ")) / 100
        except ValueError:
            found[side] = page.text(side)
    return found


def _enrolled(page: Page, product_id: str, view: str, file: UploadFile) -> Refused | None:
    name = file.filename or ""
    try:
        create_reference(product_id, page.principal, page.runtime, Response(), file, view)
    except PictureError as error:
        return _refusal(name, PictureRefused(error))
    except Problem as problem:
        return _refusal(name, problem)
    return None


def _refusal(name: str, problem: Problem) -> Refused:
    return Refused(name, problem.title, problem.help, problem.detail)


def _outcome(page: Page, product_id: str, enrolled: int, refused: list[Refused]) -> Response:
    with page.runtime.database.read() as session:
        product = products.own_product(session, page.principal, product_id)
        brand = brands.own_brand(session, page.principal, product.brand_id)
        return page.show(
            "owner/uploaded.html", 422, brand=brand, product=product, enrolled=enrolled, refused=refused
        )


def _reference(
    page: Page, reference_id: str, form: Form, status: int = 200, *, seen: Form | None = None
) -> Response:
    with page.runtime.database.read() as session:
        reference = service.own_reference(session, page.principal, reference_id)
        product = products.own_product(session, page.principal, reference.product_id)
        return page.show(
            "owner/reference.html",
            status,
            brand=brands.own_brand(session, page.principal, product.brand_id),
            product=product,
            reference=reference,
            points=points.own_points(session, page.principal, reference_id),
            form=form,
            seen=seen or Form(),
        )
