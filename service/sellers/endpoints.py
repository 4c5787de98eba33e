"""HTTP of authorised sellers."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.deps import OwnerPrincipal, ReadSession, WriteSession
from service.paging import After, Limit, Page, page_of
from service.sellers import service
from service.sellers.schemas import NewAuthorisedSeller, ShownAuthorisedSeller

router = APIRouter(prefix="/v1", tags=["authorised sellers"])


@router.post("/brands/{brand_id}/authorised-sellers", status_code=201)
def create_authorised_seller(
    brand_id: str,
    new: NewAuthorisedSeller,
    principal: OwnerPrincipal,
    session: WriteSession,
    response: Response,
) -> ShownAuthorisedSeller:
    """Authorise a marketplace account to sell the brand."""
    found = service.create(session, principal, brand_id, new)
    response.headers["Location"] = f"/v1/authorised-sellers/{found.id}"
    return ShownAuthorisedSeller.model_validate(found)


@router.get("/brands/{brand_id}/authorised-sellers")
def list_authorised_sellers(
    brand_id: str, principal: OwnerPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[ShownAuthorisedSeller]:
    found = service.own_records(session, principal, brand_id, limit, after)
    return page_of(found, limit, ShownAuthorisedSeller.model_validate)


@router.get("/authorised-sellers/{record_id}")
def show_authorised_seller(
    record_id: str, principal: OwnerPrincipal, session: ReadSession
) -> ShownAuthorisedSeller:
    return ShownAuthorisedSeller.model_validate(service.own_record(session, principal, record_id))


@router.put("/authorised-sellers/{record_id}")
def replace_authorised_seller(
    record_id: str, new: NewAuthorisedSeller, principal: OwnerPrincipal, session: WriteSession
) -> ShownAuthorisedSeller:
    return ShownAuthorisedSeller.model_validate(service.replace(session, principal, record_id, new))


@router.delete("/authorised-sellers/{record_id}", status_code=204)
def remove_authorised_seller(record_id: str, principal: OwnerPrincipal, session: WriteSession) -> None:
    service.remove(session, principal, record_id)
