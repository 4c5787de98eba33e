"""HTTP of known counterfeits."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile

from service.counterfeits import service
from service.counterfeits.models import KnownCounterfeit
from service.counterfeits.schemas import CounterfeitChanges, Note, ShownCounterfeit
from service.counterfeits.service import NewCounterfeit
from service.deps import OwnerPrincipal, ReadSession, RuntimeDep, WriteSession
from service.fields import BlankIsNone, Name
from service.paging import After, Limit, Page, page_of
from service.references import pictures
from service.references.endpoints import picture_answer, read_upload
from service.vectors.serving import EnrolledFeatures

router = APIRouter(prefix="/v1", tags=["known counterfeits"])


@router.post("/brands/{brand_id}/known-counterfeits", status_code=201)
def create_known_counterfeit(
    brand_id: str,
    principal: OwnerPrincipal,
    runtime: RuntimeDep,
    response: Response,
    file: Annotated[UploadFile, File(description="A photo from a confirmed case")],
    case_reference: Annotated[Name, Form(description="The case that confirmed it")],
    note: Annotated[Note, Form()] = "",
    product_id: Annotated[str | None, BlankIsNone, Form()] = None,
) -> ShownCounterfeit:
    """Enrol a photo from a confirmed case. A copy of any genuine reference is refused with 409."""
    data = read_upload(file, runtime.picture_limits.max_bytes)
    with runtime.database.read() as session:
        service.check_place(session, principal, brand_id, product_id)
    taken = pictures.take(runtime, data)

    def store(features: list[EnrolledFeatures]) -> KnownCounterfeit:
        search = service.search_original(runtime, principal, taken, features[0])
        pictures.keep(runtime, taken)
        with runtime.database.write() as session:
            new = NewCounterfeit(brand_id, product_id, case_reference, note, taken, features[0], search)
            return service.add(session, runtime.vectors, principal, new)

    found = pictures.described_and_stored(runtime, [taken], store)
    response.headers["Location"] = f"/v1/known-counterfeits/{found.id}"
    return ShownCounterfeit.model_validate(found)


@router.get("/brands/{brand_id}/known-counterfeits")
def list_known_counterfeits(
    brand_id: str, principal: OwnerPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[ShownCounterfeit]:
    found = service.own_counterfeits(session, principal, brand_id, limit, after)
    return page_of(found, limit, ShownCounterfeit.model_validate)


@router.get("/known-counterfeits/{counterfeit_id}")
def show_known_counterfeit(
    counterfeit_id: str, principal: OwnerPrincipal, session: ReadSession
) -> ShownCounterfeit:
    return ShownCounterfeit.model_validate(service.own_counterfeit(session, principal, counterfeit_id))


@router.get("/known-counterfeits/{counterfeit_id}/picture", response_class=Response)
def show_picture(
    counterfeit_id: str, principal: OwnerPrincipal, runtime: RuntimeDep, session: ReadSession
) -> Response:
    """The bytes as they were sent."""
    found = service.own_counterfeit(session, principal, counterfeit_id)
    return picture_answer(runtime.blobs.get(found.blob), found.format)


@router.patch("/known-counterfeits/{counterfeit_id}")
def change_known_counterfeit(
    counterfeit_id: str, changes: CounterfeitChanges, principal: OwnerPrincipal, session: WriteSession
) -> ShownCounterfeit:
    return ShownCounterfeit.model_validate(service.update(session, principal, counterfeit_id, changes))


@router.delete("/known-counterfeits/{counterfeit_id}", status_code=204)
def remove_known_counterfeit(
    counterfeit_id: str, principal: OwnerPrincipal, runtime: RuntimeDep, session: WriteSession
) -> None:
    """Gone from every search at once; earlier decisions can still be replayed."""
    service.remove(session, runtime.vectors, principal, counterfeit_id)
