"""Links for right holders, what they see through them, and their answers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from pydantic import ValidationError

import service.cases.service as cases
from service.cases.endpoints import Officer, Reader
from service.deps import ReadSession, RuntimeDep, WriteSession
from service.errors import NotFound
from service.opinions import links, repository, requests, schemas, service
from service.opinions.links import LinkRefused, OpenLink
from service.opinions.schemas import LinkOut, NewLink, NewLinkOut, NewOpinion, OpinionOut, ViewingOut
from service.paging import After, Limit, Page, page_of
from service.runtime import Runtime
from service.security.gate import Gate

router = APIRouter(tags=["opinions"])

_HERE = Path(__file__).parent
_PAGE = {"": "page.html", "page.js": "page.js", "page.css": "page.css"}
_TYPES = {"html": "text/html", "js": "text/javascript", "css": "text/css"}


@router.post("/v1/cases/{case_id}/opinion-links", status_code=201)
def create_link(
    case_id: str,
    new: NewLink,
    request: Request,
    response: Response,
    principal: Officer,
    runtime: RuntimeDep,
    session: WriteSession,
) -> NewLinkOut:
    """A link by which a right holder sees the pictures of this case and answers, until its clock runs out."""
    case = cases.get(session, principal, case_id)
    link, token = links.create(session, principal, runtime.settings.signing_key(), case, new)
    response.headers["Location"] = f"/v1/opinion-links/{link.id}"
    address = f"{str(request.base_url).rstrip('/')}/opinion#{token}"
    return NewLinkOut(**LinkOut.model_validate(link).model_dump(), token=token, link=address)


@router.get("/v1/cases/{case_id}/opinion-links")
def list_links(case_id: str, principal: Reader, session: ReadSession) -> list[LinkOut]:
    """Every link to the case, oldest first, without their tokens."""
    case = cases.get(session, principal, case_id)
    return [LinkOut.model_validate(each) for each in repository.links_of(session, case.tenant_id, case.id)]


@router.get("/v1/opinion-links/{link_id}")
def read_link(link_id: str, principal: Reader, session: ReadSession) -> LinkOut:
    return LinkOut.model_validate(links.get(session, principal, link_id))


@router.delete("/v1/opinion-links/{link_id}", status_code=204)
def revoke_link(link_id: str, principal: Officer, session: WriteSession) -> None:
    """Ends the link at once."""
    links.revoke(session, principal, link_id)


@router.get("/v1/opinion-links/{link_id}/viewings")
def list_viewings(
    link_id: str, principal: Reader, session: ReadSession, after: After = None, limit: Limit = 50
) -> Page[ViewingOut]:
    """What was looked at through the link, when, from where."""
    link = links.get(session, principal, link_id)
    found = repository.viewings(session, link.tenant_id, link.id, limit, after)
    return page_of(found, limit, ViewingOut.model_validate)


@router.get("/v1/cases/{case_id}/opinions")
def list_opinions(case_id: str, principal: Reader, session: ReadSession) -> list[OpinionOut]:
    """What right holders answered, oldest first; the last one counts."""
    case = cases.get(session, principal, case_id)
    return [OpinionOut.model_validate(each) for each in service.on(session, case)]


@router.get("/v1/opinions/{opinion_id}/evidence/{sha256}", response_class=Response)
def read_evidence(
    opinion_id: str, sha256: str, principal: Reader, session: ReadSession, runtime: RuntimeDep
) -> Response:
    """A file that came with an opinion, byte for byte, to be saved and not shown."""
    opinion = service.get(session, principal, opinion_id)
    formats = {each["sha256"]: each["format"] for each in opinion.evidence}
    if sha256 not in formats:
        raise NotFound("The opinion has no such file.")
    name = f"{opinion.id}-{sha256[:12]}.{formats[sha256]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(runtime.blobs.get(sha256), media_type="application/octet-stream", headers=headers)


def _open_link(request: Request, runtime: RuntimeDep) -> OpenLink:
    gate: Gate = request.app.state.gate
    authorization = request.headers.get("Authorization")
    try:
        with runtime.database.read() as session:
            found = links.opened(session, runtime.settings.signing_key(), authorization)
    except LinkRefused:
        if authorization is not None:
            gate.count_failure(_address(request), "not a link in force")
        raise
    gate.admit(found.holder)
    return found


Opened = Annotated[OpenLink, Depends(_open_link)]


@router.get("/v1/opinion-request")
def read_request(request: Request, found: Opened, runtime: RuntimeDep) -> schemas.Request:
    """What the recipient of the link is asked. Send the link's token as `Authorization: Bearer`."""
    _note(runtime, found, "request", request)
    with runtime.database.read() as session:
        return requests.shown(session, found)


@router.get("/v1/opinion-request/pictures/{number}", response_class=Response)
def read_picture(request: Request, number: int, found: Opened, runtime: RuntimeDep) -> Response:
    """A picture of the case with the recipient, the case and the day written across it."""
    data = requests.picture(runtime, found, number, found.link.recipient)
    _note(runtime, found, f"picture {number}", request)
    return Response(data, media_type="image/jpeg")


@router.post("/v1/opinion-request/opinion", status_code=201)
def answer_request(
    found: Opened,
    runtime: RuntimeDep,
    opinion: Annotated[str, Form(max_length=200_000, description="`NewOpinion` as JSON")],
    files: Annotated[list[UploadFile] | None, File(description="Pictures or PDF, at most 10")] = None,
) -> OpinionOut:
    """Answer: genuine, counterfeit or cannot tell, what was looked at, and why. Too late is refused with the clock."""
    return OpinionOut.model_validate(requests.answered(runtime, found, validated(opinion), files or []))


@router.get("/opinion", include_in_schema=False)
@router.get("/opinion/{name}", include_in_schema=False)
def page(name: str = "") -> FileResponse:
    """The page behind a link: its script takes the token from behind `#` and asks for everything with it."""
    file = _PAGE.get(name)
    if file is None:
        raise NotFound("There is no such page.")
    return FileResponse(_HERE / file, media_type=_TYPES[file.rpartition(".")[2]])


def validated(text: str) -> NewOpinion:
    """Raises: RequestValidationError: it is no `NewOpinion`."""
    try:
        return NewOpinion.model_validate_json(text)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False, include_input=False)) from error


def _note(runtime: Runtime, found: OpenLink, what: str, request: Request) -> None:
    with runtime.database.write() as session:
        links.note_viewing(session, found, what, _address(request))


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
