"""Opinions that right holders are asked for, to those who sign in: each sees what a link would show, of its brands."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile

from service.deps import ReadSession, RuntimeDep, requires
from service.opinions import links, requests, schemas
from service.opinions.endpoints import validated
from service.opinions.links import OpenLink
from service.opinions.schemas import OpinionOut, RequestLine
from service.paging import After, Limit, Page, page_of
from service.runtime import Runtime
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1/opinion-requests", tags=["opinions"])

Holder = Annotated[Principal, Depends(requires(Role.BRAND_OWNER, Role.AGENT))]
"""Not the house's administrator: what a right holder says, nobody says for it."""


@router.get("")
def list_requests(
    principal: Holder,
    session: ReadSession,
    waiting: Annotated[bool, Query(description="Only those that can be answered and were not yet")] = False,
    limit: Limit = 50,
    after: After = None,
) -> Page[RequestLine]:
    """Opinions that the caller is asked for on goods of its brands, each with its clock."""
    found = requests.page(session, principal, waiting=waiting, limit=limit, after=after)
    return page_of(found, limit, lambda line: line)


@router.get("/{link_id}")
def read_own_request(
    link_id: str, request: Request, principal: Holder, runtime: RuntimeDep
) -> schemas.Request:
    """What is asked and by when. That it was looked at is on record."""
    found = looked_at(runtime, principal, link_id, "request", request)
    with runtime.database.read() as session:
        return requests.shown(session, found)


@router.get("/{link_id}/picture", response_class=Response)
def read_own_picture(
    link_id: str,
    request: Request,
    principal: Holder,
    runtime: RuntimeDep,
    number: Annotated[int, Query(ge=0, description="One of the request's `pictures`")] = 0,
) -> Response:
    """A picture of the goods with the caller's organisation, the case and the day written across it."""
    with runtime.database.read() as session:
        found, reader = requests.own(session, principal, link_id), requests.reader_name(session, principal)
    data = requests.picture(runtime, found, number, reader)
    looked_at(runtime, principal, link_id, f"picture {number}", request)
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, no-store"})


@router.post("/{link_id}/opinion", status_code=201)
def answer_own_request(
    link_id: str,
    principal: Holder,
    runtime: RuntimeDep,
    opinion: Annotated[str, Form(max_length=200_000, description="`NewOpinion` as JSON")],
    files: Annotated[list[UploadFile] | None, File(description="Pictures or PDF, at most 10")] = None,
) -> OpinionOut:
    """Answer: genuine, counterfeit or cannot tell, what was looked at, and why. The last answer counts."""
    new = validated(opinion)
    with runtime.database.read() as session:
        found = requests.own(session, principal, link_id)
    return OpinionOut.model_validate(requests.answered(runtime, found, new, files or []))


def looked_at(runtime: Runtime, principal: Principal, link_id: str, what: str, request: Request) -> OpenLink:
    """The request, once it is put down that it was looked at.

    Raises:
        NotFound: there is none that the principal may see.
        TimeOver: its clock has run out.
    """
    with runtime.database.write() as session:
        found = requests.own(session, principal, link_id)
        address = request.client.host if request.client else ""
        links.note_viewing(session, found, what, address)
    return found
