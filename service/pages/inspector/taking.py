"""Taking a parcel in: photos, captures and the declaration, until there is advice."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import Response
from fastapi.responses import JSONResponse

import service.parcels.service as parcels
import service.readings.service as readings
from service.errors import Unprocessable
from service.pages.forms import Form, FormRefused
from service.pages.inspector import tray
from service.pages.inspector.access import InspectorPage, message_language
from service.pages.inspector.declaring import fresh_reference, number_read, page_values, read_parcel
from service.pages.inspector.drawing import jpeg_answer, small_jpeg
from service.pages.inspector.photos import Judged, Waiting, judged, read_file, sent, waiting_pictures
from service.pages.language import N_
from service.pages.page import Page
from service.pages.routing import page_router
from service.parcels.models import Parcel
from service.parcels.schemas import PhotoView
from service.parcels.wording import words

router = page_router()

_NO_BARCODE = N_("No barcode was read. Photograph it closer, flat and sharp, or type the number.")
_REFUSED = N_("A file is no picture that can be used, or too large; it was left out. The others are kept.")
_NOTHING = N_("Take at least one photo, or add an X-ray capture.")


@router.get("/inspect")
def begin(page: InspectorPage, parcel: str = "") -> Response:
    """An empty form; with `parcel`, one for further photos of it."""
    form = Form({"reference": fresh_reference(), "parcel": parcel})
    return _form(page, form, (), _parcel(page, parcel))


@router.post("/inspect")
def go_on(page: InspectorPage) -> Response:
    """Keep and judge the photos that were sent, or inspect."""
    held = _parcel(page, page.text("parcel"))
    waiting, refusals = waiting_pictures(page)
    if refusals:
        form = Form(page_values(page), {"photos": _REFUSED})
        return _form(page, form, judged(page, waiting), held, 422)
    if page.text("do") != "advice":
        return _checked(page, waiting, held)
    try:
        return _inspected(page, waiting, held)
    except FormRefused as refused:
        return _form(page, refused.form, judged(page, waiting), held, 422)
    except parcels.ParcelKnown as known:
        form = Form(page_values(page), {"reference": known.title})
        return _form(page, form, judged(page, waiting), held, known.status)


@router.post("/inspect/photos")
def keep_photo(page: InspectorPage) -> Response:
    """One photo for the tray, sent by a script as soon as it was taken; sent again, it is the same."""
    data = read_file(page, "photo")
    if data is None:
        raise Unprocessable("No photo was sent.")
    return JSONResponse({"sha256": tray.keep(page.runtime, page.principal, data)}, 201)


@router.get("/inspect/photos/{sha256}")
def preview(page: InspectorPage, sha256: str) -> Response:
    data = tray.take_up(page.runtime, page.principal, sha256)
    return jpeg_answer(page.runtime.pool.submit(small_jpeg, data, page.runtime.picture_limits, 480).result())


@router.post("/inspect/barcode")
def read_barcode(page: InspectorPage) -> Response:
    """The number of a barcode in a photo, for browsers that cannot read one themselves."""
    data = read_file(page, "barcode")
    if data is None:
        raise Unprocessable("No photo was sent.")
    return JSONResponse(number_read([each.text for each in readings.barcodes(page.runtime, data)]))


def _checked(page: Page, waiting: Sequence[Waiting], held: Parcel | None) -> Response:
    values, errors = page_values(page), {}
    label = read_file(page, "barcode")
    if label is not None:
        number = number_read([each.text for each in readings.barcodes(page.runtime, label)])
        values |= number
        errors = {} if number else {"barcode": _NO_BARCODE}
    return _form(page, Form(values, errors), judged(page, waiting), held)


def _inspected(page: Page, waiting: Sequence[Waiting], held: Parcel | None) -> Response:
    pictures = sent(page, waiting)
    if not pictures and held is not None:
        raise FormRefused(Form({}, {"photos": _NOTHING}))
    views = [each.view for each in waiting if each.is_photo]
    if held is None:
        new = read_parcel(page, views)
        _, inspection = parcels.register(page.runtime, page.principal, new, pictures, repeatable=True)
    else:
        _, inspection = parcels.inspect_again(
            page.runtime, page.principal, held.id, pictures, repeatable=True
        )
    tray.clear(page.runtime, page.principal, [each.sha256 for each in waiting])
    return page.go(f"/inspections/{inspection.id}")


def _parcel(page: Page, parcel_id: str) -> Parcel | None:
    if not parcel_id:
        return None
    with page.runtime.database.read() as session:
        return parcels.get(session, page.principal, parcel_id)


def _form(
    page: Page, form: Form, pictures: Sequence[Judged], parcel: Parcel | None, status: int = 200
) -> Response:
    said = words(message_language(page))
    views = [(view.value, said[f"view.{view}"]) for view in PhotoView]
    return page.show(
        "inspector/taking.html",
        status,
        form=form,
        pictures=pictures,
        parcel=parcel,
        views=views,
        kept_for=tray.KEPT_SECONDS // 86400,
    )
