"""HTTP of parcels and their inspections."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, File, Header, Request, Response, UploadFile
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from model.xray.enhancing import Enhancement
from model.xray.enhancing import enhance as enhanced
from service.decoding import stored_pixels
from service.deps import ReadSession, RuntimeDep, WriteSession, requires
from service.errors import Unprocessable
from service.evidence.drawing import png
from service.messages import Language, preferred
from service.paging import After, Limit, Page, page_of
from service.parcels import erasing as _erasing  # noqa: F401 - declares the periodic job
from service.parcels import outcomes, repository, service
from service.parcels.answers import (
    Inspected,
    InspectionRecordView,
    InspectionView,
    OutcomeOut,
    ParcelOut,
    PartiesOut,
    PhotoQualities,
    ReviewOut,
)
from service.parcels.intake import form_of, read_form
from service.parcels.models import Inspection, Parcel, ParcelState
from service.parcels.parties import read_parties
from service.parcels.pictures import Sent, sent_pictures
from service.parcels.quality import judge_photos
from service.parcels.reading import beside, record_of
from service.parcels.schemas import MorePictures, NewOutcome, NewReview, ParcelIn
from service.parcels.views import inspection_view, parcel_out, quality_out, review_out
from service.references.endpoints import picture_answer, read_upload
from service.runtime import Runtime
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1", tags=["parcels"])

Officer = Annotated[Principal, Depends(requires(Role.INSPECTOR))]
"""What is secret outside owner and customs, and what is nominal, is for officers alone."""
Reader = Annotated[Principal, Depends(requires(Role.INSPECTOR, Role.ADMIN, Role.AUDITOR))]
AcceptLanguage = Annotated[str | None, Header(max_length=200)]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=8,
        max_length=100,
        description="Any text of yours. With it, the same request sent again is answered as it stands, not refused.",
    ),
]


@router.post("/photo-quality")
def check_photos(
    principal: Officer,
    runtime: RuntimeDep,
    photos: Annotated[list[UploadFile], File(description="Photos as taken")],
    accept_language: AcceptLanguage = None,
) -> PhotoQualities:
    """Whether photos can be judged, and how to take better ones. Nothing is kept."""
    most = runtime.settings.max_pictures_per_listing
    if len(photos) > most:
        raise Unprocessable(f"{len(photos)} photos were sent; at most {most} are looked at.")
    data = [read_upload(each, runtime.picture_limits.max_bytes) for each in photos]
    language = preferred(accept_language)
    return PhotoQualities(photos=[quality_out(each, language) for each in judge_photos(runtime, data)])


@router.post(
    "/parcels",
    status_code=201,
    response_model=Inspected,
    openapi_extra=form_of("parcel", "ParcelIn", required=True),
)
async def create_parcel(
    request: Request,
    response: Response,
    principal: Officer,
    runtime: RuntimeDep,
    accept_language: AcceptLanguage = None,
    idempotency_key: IdempotencyKey = None,
) -> Inspected:
    """Take a parcel in and inspect it: advice, what it could be, what to look at, which rights are recorded.

    A multipart form: `parcel` (JSON), `photos` and `xrays` (files). The names of sender and addressee are sealed;
    no answer has them but that of `/v1/parcels/{parcel_id}/parties`.
    """
    new, photos, xrays = await read_form(request, "parcel", ParcelIn, runtime.picture_limits.max_bytes)
    sent = sent_pictures(photos, xrays, new.views)
    register = partial(service.register, repeatable=idempotency_key is not None)
    found = await run_in_threadpool(register, runtime, principal, new, sent)
    response.headers["Location"] = f"/v1/parcels/{found[0].id}"
    return await run_in_threadpool(_inspected, runtime, principal, found, preferred(accept_language))


@router.get("/parcels")
def list_parcels(
    principal: Reader,
    session: ReadSession,
    state: ParcelState | None = None,
    limit: Limit = 50,
    after: After = None,
) -> Page[ParcelOut]:
    """Parcels of the house, oldest first."""
    return page_of(service.page(session, principal, state, limit, after), limit, parcel_out)


@router.get("/parcels/{parcel_id}")
def show_parcel(parcel_id: str, principal: Reader, session: ReadSession) -> ParcelOut:
    return parcel_out(service.get(session, principal, parcel_id))


@router.get("/parcels/{parcel_id}/parties")
def show_parties(
    parcel_id: str, principal: Officer, runtime: RuntimeDep, session: WriteSession
) -> PartiesOut:
    """Names of sender and addressee. Each reading stands in the audit log."""
    parties, until = read_parties(session, principal, runtime.settings.signing_key(), parcel_id)
    return PartiesOut(sender=parties.sender, addressee=parties.addressee, kept_until=until)


@router.get(
    "/parcels/{parcel_id}/pictures/{sha256}",
    response_class=Response,
    responses={
        200: {"content": {"image/png": {}}, "description": "The picture, upright, at 1024 px at most"}
    },
)
def show_picture(
    parcel_id: str, sha256: str, principal: Officer, runtime: RuntimeDep, session: ReadSession
) -> Response:
    """A picture of the parcel by its digest. Labels bear names: officers alone see it."""
    key = service.picture_of(session, principal, parcel_id, sha256).sha256
    return picture_answer(png(stored_pixels(runtime.blobs, key, runtime.picture_limits)), "png")


@router.post("/parcels/{parcel_id}/opening", status_code=201)
def open_parcel(parcel_id: str, principal: Officer, session: WriteSession) -> ParcelOut:
    """Note that officers begin to look inside; the time until the outcome counts as theirs."""
    return parcel_out(service.open_parcel(session, principal, parcel_id))


@router.post(
    "/parcels/{parcel_id}/inspections",
    status_code=201,
    response_model=Inspected,
    openapi_extra=form_of("more", "MorePictures", required=False),
)
async def inspect_again(
    parcel_id: str,
    request: Request,
    response: Response,
    principal: Officer,
    runtime: RuntimeDep,
    accept_language: AcceptLanguage = None,
    idempotency_key: IdempotencyKey = None,
) -> Inspected:
    """Inspect the parcel again, with all its pictures and those that are sent now."""
    sent: list[Sent] = []
    if request.headers.get("content-type", ""):
        more, photos, xrays = await read_form(request, "more", MorePictures, runtime.picture_limits.max_bytes)
        sent = sent_pictures(photos, xrays, more.views)
    inspect = partial(service.inspect_again, repeatable=idempotency_key is not None)
    found = await run_in_threadpool(inspect, runtime, principal, parcel_id, sent)
    response.headers["Location"] = f"/v1/inspections/{found[1].id}"
    return await run_in_threadpool(_inspected, runtime, principal, found, preferred(accept_language))


@router.post("/parcels/{parcel_id}/outcome", status_code=201)
def decide_parcel(parcel_id: str, new: NewOutcome, principal: Officer, session: WriteSession) -> OutcomeOut:
    """Say what the goods turned out to be; it teaches the sender's history, the look of parcels and the work list."""
    parcel, verdict = outcomes.decide(session, principal, parcel_id, new)
    return OutcomeOut(parcel=parcel_out(parcel), verdict_id=verdict.id)


@router.get("/inspections/{inspection_id}")
def show_inspection(
    inspection_id: str, principal: Reader, session: ReadSession, accept_language: AcceptLanguage = None
) -> InspectionView | InspectionRecordView:
    """The inspection as this key's role may see it."""
    inspection = service.inspection_of(session, principal, inspection_id)
    if principal.role is not Role.INSPECTOR:
        return InspectionRecordView(record=record_of(inspection))
    return _view(session, principal, inspection, preferred(accept_language))


@router.get(
    "/inspections/{inspection_id}/pictures/{sha256}",
    response_class=Response,
    responses={
        200: {"content": {"image/png": {}}, "description": "The picture, upright, at 1024 px at most"}
    },
)
def show_inspected_picture(
    inspection_id: str,
    sha256: str,
    principal: Officer,
    runtime: RuntimeDep,
    session: ReadSession,
    enhance: Enhancement | None = None,
) -> Response:
    """A picture of the inspection by its digest, as sent or as an inspector turns it on at the scanner.

    `contrast` stretches contrast, `inverse` turns light and dark round, `edge` draws outlines out, `high_density` opens
    up what is nearly black, `low_density` what is nearly white.
    """
    key = service.inspected_picture(session, principal, inspection_id, sha256)
    pixels = stored_pixels(runtime.blobs, key, runtime.picture_limits)
    return picture_answer(png(pixels if enhance is None else enhanced(pixels, enhance)), "png")


@router.post("/inspections/{inspection_id}/reviews", status_code=201)
def review_inspection(
    inspection_id: str, new: NewReview, principal: Officer, session: WriteSession
) -> ReviewOut:
    """Agree with the advice, disagree, or say that you cannot tell, and why."""
    return review_out(outcomes.review(session, principal, inspection_id, new))


@router.get("/inspections/{inspection_id}/reviews")
def list_reviews(inspection_id: str, principal: Reader, session: ReadSession) -> list[ReviewOut]:
    """What officers said, oldest first; the last one stands."""
    inspection = service.inspection_of(session, principal, inspection_id)
    return [review_out(row) for row in repository.reviews(session, principal.tenant_id, inspection.id)]


def _inspected(
    runtime: Runtime, principal: Principal, found: tuple[Parcel, Inspection], language: Language
) -> Inspected:
    parcel, inspection = found
    with runtime.database.read() as session:
        view = _view(session, principal, inspection, language)
    return Inspected(parcel=parcel_out(parcel), inspection=view)


def _view(
    session: Session, principal: Principal, inspection: Inspection, language: Language
) -> InspectionView:
    record = record_of(inspection)
    return inspection_view(record, beside(session, principal, record), language)
