"""HTTP of marks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile

from service.deps import OwnerPrincipal, ReadSession, RuntimeDep, WriteSession
from service.fields import BlankIsNone, View
from service.marks import service
from service.marks.models import MarkKind
from service.marks.schemas import ShownMark
from service.marks.service import NewMark
from service.paging import After, Limit, Page, page_of
from service.references.endpoints import picture_answer, read_upload

router = APIRouter(prefix="/v1", tags=["marks"])

RightId = Annotated[str | None, BlankIsNone]


@router.post("/brands/{brand_id}/marks", status_code=201)
def create_mark(
    brand_id: str,
    principal: OwnerPrincipal,
    runtime: RuntimeDep,
    response: Response,
    file: Annotated[UploadFile, File(description="The mark alone, flat, on a ground of one colour")],
    kind: Annotated[MarkKind, Form()],
    text: Annotated[View, Form(description="What a word mark reads")] = "",
    right_id: Annotated[RightId, Form(description="The trademark that protects it")] = None,
) -> ShownMark:
    """Register a mark. Once this has answered 201 the very next check looks for it."""
    new = NewMark(kind, text, right_id)
    service.check_words(new)
    data = read_upload(file, runtime.picture_limits.max_bytes)
    with runtime.database.read() as session:
        service.check_new(session, principal, brand_id, new)
    taken = service.take(runtime, data, text)
    template = service.keep(runtime, taken)
    with runtime.database.write() as session:
        mark = service.create(session, principal, brand_id, new, taken, template)
    response.headers["Location"] = f"/v1/marks/{mark.id}"
    return ShownMark.model_validate(mark)


@router.get("/brands/{brand_id}/marks")
def list_marks(
    brand_id: str, principal: OwnerPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[ShownMark]:
    """The marks of one of the caller's brands."""
    found = service.own_marks(session, principal, brand_id, limit, after)
    return page_of(found, limit, ShownMark.model_validate)


@router.get("/marks/{mark_id}")
def show_mark(mark_id: str, principal: OwnerPrincipal, session: ReadSession) -> ShownMark:
    return ShownMark.model_validate(service.own_mark(session, principal, mark_id))


@router.get("/marks/{mark_id}/picture", response_class=Response)
def show_mark_picture(
    mark_id: str, principal: OwnerPrincipal, runtime: RuntimeDep, session: ReadSession
) -> Response:
    """The bytes as they were sent."""
    mark = service.own_mark(session, principal, mark_id)
    return picture_answer(runtime.blobs.get(mark.blob), mark.format)


@router.delete("/marks/{mark_id}", status_code=204)
def remove_mark(mark_id: str, principal: OwnerPrincipal, session: WriteSession) -> None:
    """Looked for no more from the next check on; earlier decisions can still be followed."""
    service.remove(session, principal, mark_id)
