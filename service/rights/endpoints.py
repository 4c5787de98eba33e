"""HTTP of rights and recordations."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.deps import OwnerPrincipal, ReadSession, WriteSession
from service.paging import After, Limit, Page, page_of
from service.rights import service
from service.rights.schemas import NewRecordation, NewRight, ShownRecordation, ShownRight

router = APIRouter(prefix="/v1", tags=["rights"])


@router.post("/brands/{brand_id}/rights", status_code=201)
def create_right(
    brand_id: str, new: NewRight, principal: OwnerPrincipal, session: WriteSession, response: Response
) -> ShownRight:
    """Register a trademark or a design of the brand."""
    right = service.create_right(session, principal, brand_id, new)
    response.headers["Location"] = f"/v1/rights/{right.id}"
    return ShownRight.model_validate(right)


@router.get("/brands/{brand_id}/rights")
def list_rights(
    brand_id: str, principal: OwnerPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[ShownRight]:
    """The rights of one of the caller's brands."""
    found = service.own_rights(session, principal, brand_id, limit, after)
    return page_of(found, limit, ShownRight.model_validate)


@router.get("/rights/{right_id}")
def show_right(right_id: str, principal: OwnerPrincipal, session: ReadSession) -> ShownRight:
    return ShownRight.model_validate(service.own_right(session, principal, right_id))


@router.put("/rights/{right_id}")
def replace_right(
    right_id: str, new: NewRight, principal: OwnerPrincipal, session: WriteSession
) -> ShownRight:
    return ShownRight.model_validate(service.replace_right(session, principal, right_id, new))


@router.delete("/rights/{right_id}", status_code=204)
def remove_right(right_id: str, principal: OwnerPrincipal, session: WriteSession) -> None:
    """Remove the right and its recordations."""
    service.remove_right(session, principal, right_id)


@router.post("/rights/{right_id}/recordations", status_code=201)
def create_recordation(
    right_id: str, new: NewRecordation, principal: OwnerPrincipal, session: WriteSession, response: Response
) -> ShownRecordation:
    """Register an application for import suspension that customs accepted."""
    recordation = service.create_recordation(session, principal, right_id, new)
    response.headers["Location"] = f"/v1/recordations/{recordation.id}"
    return ShownRecordation.model_validate(recordation)


@router.get("/rights/{right_id}/recordations")
def list_recordations(
    right_id: str, principal: OwnerPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[ShownRecordation]:
    found = service.own_recordations(session, principal, right_id, limit, after)
    return page_of(found, limit, ShownRecordation.model_validate)


@router.get("/recordations/{recordation_id}")
def show_recordation(
    recordation_id: str, principal: OwnerPrincipal, session: ReadSession
) -> ShownRecordation:
    return ShownRecordation.model_validate(service.own_recordation(session, principal, recordation_id))


@router.put("/recordations/{recordation_id}")
def replace_recordation(
    recordation_id: str, new: NewRecordation, principal: OwnerPrincipal, session: WriteSession
) -> ShownRecordation:
    return ShownRecordation.model_validate(
        service.replace_recordation(session, principal, recordation_id, new)
    )


@router.delete("/recordations/{recordation_id}", status_code=204)
def remove_recordation(recordation_id: str, principal: OwnerPrincipal, session: WriteSession) -> None:
    service.remove_recordation(session, principal, recordation_id)
