"""Checks of listings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool

import service.listings.jobs  # noqa: F401 - declares the job functions
from service.decisions.views import View, view_for
from service.deps import CurrentPrincipal, RuntimeDep, requires
from service.jobs.service import submit
from service.listings.intake import CHECK_BODY, listing_of
from service.listings.jobs import CHECK_BATCH
from service.listings.keeping import Asked, note_received
from service.listings.schemas import BatchIn, ListingIn, PictureIn
from service.listings.service import check, rehearse
from service.messages import preferred
from service.runtime import Runtime
from service.screening.record import DecisionRecord
from service.screening.schemas import HookView
from service.screening.views import hook_view
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1/listings", tags=["listings"])

Checker = Annotated[Principal, Depends(requires(Role.PLATFORM, Role.INSPECTOR, Role.ADMIN))]
"""An inspector checks what was photographed, and then reads the decision in the inspector's view."""
IdempotencyKey = Annotated[str | None, Header(min_length=1, max_length=200)]
AcceptLanguage = Annotated[str | None, Header(max_length=200)]


class BatchAccepted(BaseModel):
    job_id: str
    listings: int


@router.post("/checks", status_code=201, response_model=HookView, openapi_extra=CHECK_BODY)
async def create_check(
    request: Request,
    response: Response,
    principal: Checker,
    runtime: RuntimeDep,
    idempotency_key: IdempotencyKey = None,
    accept_language: AcceptLanguage = None,
) -> HookView:
    """Check a listing when it is created or edited: decision, reasons, and what the seller is asked to do.

    Send JSON with pictures as addresses, base64 or digests of pictures sent before, or a multipart form with the
    field `listing` (JSON) and the files `pictures`. Repeat with the same `Idempotency-Key` as often as you like.
    """
    listing = await listing_of(request)
    view = await run_in_threadpool(_decide, runtime, principal, listing, idempotency_key, accept_language)
    response.headers["Location"] = f"/v1/decisions/{view.id}"
    return view


@router.post("/rehearsals", response_model=View, openapi_extra=CHECK_BODY)
async def rehearse_check(
    request: Request,
    principal: CurrentPrincipal,
    runtime: RuntimeDep,
    accept_language: AcceptLanguage = None,
) -> View:
    """What a check of this listing would say, for trying out: nothing is kept, and nobody is told.

    It takes what a check takes and answers as `GET /v1/decisions/{id}` answers this key's role; 404 where nothing that
    was found concerns a brand owner.
    """
    listing = await listing_of(request)
    return await run_in_threadpool(_rehearsed, runtime, principal, listing, accept_language)


@router.post("/checks:batch", status_code=202)
def create_batch(
    batch: BatchIn, response: Response, principal: Checker, runtime: RuntimeDep
) -> BatchAccepted:
    """Check up to 300 listings in the background; the job's result names the decision of each."""
    sent: set[str] = set()
    listings = [_without_bytes(runtime, listing, sent) for listing in batch.listings]
    payload = {"listings": [listing.model_dump(mode="json") for listing in listings]}
    with runtime.database.write() as session:
        note_received(session, principal, sent)
        job = submit(session, principal, CHECK_BATCH, payload, total=len(listings))
    response.headers["Location"] = f"/v1/jobs/{job.id}"
    return BatchAccepted(job_id=job.id, listings=len(listings))


def _decide(
    runtime: Runtime, principal: Principal, listing: ListingIn, key: str | None, accept_language: str | None
) -> HookView:
    stored = check(runtime, Asked(principal, listing, key))
    return hook_view(DecisionRecord.model_validate(stored.record), preferred(accept_language))


def _rehearsed(
    runtime: Runtime, principal: Principal, listing: ListingIn, accept_language: str | None
) -> View:
    record = rehearse(runtime, Asked(principal, listing))
    with runtime.database.read() as session:
        return view_for(session, principal, record, preferred(accept_language))


def _without_bytes(runtime: Runtime, listing: ListingIn, sent: set[str]) -> ListingIn:
    """The same listing with its bytes stored and named by their digests, so that the job's payload stays small."""
    pictures = [_stored(runtime, picture, sent) for picture in listing.pictures]
    return listing.model_copy(update={"pictures": pictures})


def _stored(runtime: Runtime, picture: PictureIn, sent: set[str]) -> PictureIn:
    if picture.data is None:
        return picture
    digest = runtime.blobs.put(picture.data)
    sent.add(digest)
    return PictureIn(sha256=digest)
