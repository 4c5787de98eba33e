"""A parcel: what was declared, what was advised, who is behind it, and what it turned out to be."""

from __future__ import annotations

from fastapi import Response
from sqlalchemy.orm import Session

import service.brands.service as brands
import service.parcels.service as parcels
from service.errors import NotFound
from service.pages.forms import Form, FormRefused, read
from service.pages.inspector import terms
from service.pages.inspector.access import InspectorPage
from service.pages.inspector.drawing import jpeg_answer, small_jpeg
from service.pages.notices import Notice
from service.pages.page import Page
from service.pages.routing import page_router
from service.parcels import outcomes, repository
from service.parcels.parties import PartiesErased, read_parties
from service.parcels.schemas import Finding, NewOutcome
from service.parcels.sealing import Parties
from service.parcels.views import parcel_out

router = page_router()

_INSPECTIONS, _SMALL = 50, 360


@router.get("/parcels/{parcel_id}")
def show(page: InspectorPage, parcel_id: str) -> Response:
    with page.runtime.database.read() as session:
        return _parcel(page, session, parcel_id, Form())


@router.get("/parcels/{parcel_id}/pictures/{number}")
def picture(page: InspectorPage, parcel_id: str, number: int) -> Response:
    """A small one, by the order of arrival."""
    with page.runtime.database.read() as session:
        parcel = parcels.get(session, page.principal, parcel_id)
        held = {
            each.number: each.sha256 for each in repository.pictures(session, parcel.tenant_id, parcel.id)
        }
    if number not in held:
        raise NotFound(f"Parcel {parcel_id} has no picture {number}.")
    data, limits = page.runtime.blobs.get(held[number]), page.runtime.picture_limits
    return jpeg_answer(page.runtime.pool.submit(small_jpeg, data, limits, _SMALL).result())


@router.post("/parcels/{parcel_id}/opening")
def open_up(page: InspectorPage, parcel_id: str) -> Response:
    with page.runtime.database.write() as session:
        parcels.open_parcel(session, page.principal, parcel_id)
    return page.go(f"/parcels/{parcel_id}", Notice.SAVED)


@router.post("/parcels/{parcel_id}/outcome")
def decide(page: InspectorPage, parcel_id: str) -> Response:
    try:
        new = read(page, NewOutcome)
    except FormRefused as refused:
        with page.runtime.database.read() as session:
            return _parcel(page, session, parcel_id, refused.form, status=422)
    with page.runtime.database.write() as session:
        outcomes.decide(session, page.principal, parcel_id, new)
    return page.go(f"/parcels/{parcel_id}", Notice.SAVED)


@router.post("/parcels/{parcel_id}/parties")
def reveal(page: InspectorPage, parcel_id: str) -> Response:
    """The names, shown in the answer to a form: each reading is asked for and stands in the audit log."""
    with page.runtime.database.write() as session:
        try:
            found, until = read_parties(
                session, page.principal, page.runtime.settings.signing_key(), parcel_id
            )
        except PartiesErased:
            return _parcel(page, session, parcel_id, Form(), erased=True)
        return _parcel(page, session, parcel_id, Form(), parties=found, kept_until=until)


def _parcel(
    page: Page,
    session: Session,
    parcel_id: str,
    form: Form,
    status: int = 200,
    parties: Parties | None = None,
    **also: object,
) -> Response:
    row = parcels.get(session, page.principal, parcel_id)
    tenant = page.principal.tenant_id
    context = {"kept_until": None, "erased": False} | also
    return page.show(
        "inspector/parcel.html",
        status,
        form=form,
        parcel=parcel_out(row),
        minutes=row.minutes,
        pictures=repository.pictures(session, tenant, row.id),
        inspections=list(reversed(repository.inspections(session, tenant, row.id, _INSPECTIONS, None))),
        brands=[(each.id, each.name) for each in brands.names_for_tenant(session, tenant)],
        findings=list(Finding),
        parties=parties,
        terms=terms,
        **context,
    )
