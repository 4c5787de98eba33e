"""HTTP of references."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile

import service.products.service as products
from service.deps import OwnerPrincipal, ReadSession, RuntimeDep, WriteSession
from service.errors import PayloadTooLarge
from service.fields import View
from service.paging import After, Limit, Page, page_of
from service.references import pictures, service
from service.references.models import Reference
from service.references.pictures import Taken
from service.references.schemas import ReferenceChanges, ShownReference
from service.references.service import NewReference
from service.runtime import Runtime
from service.security.principals import Principal
from service.vectors.serving import EnrolledFeatures

router = APIRouter(prefix="/v1", tags=["references"])


@router.post("/products/{product_id}/references", status_code=201)
def create_reference(
    product_id: str,
    principal: OwnerPrincipal,
    runtime: RuntimeDep,
    response: Response,
    file: Annotated[UploadFile, File(description="A genuine photo of the product")],
    view: Annotated[View, Form(description="What it shows, such as `front` or `label`")] = "",
) -> ShownReference:
    """Enrol a genuine photo. Once this has answered 201 the very next check finds it."""
    data = read_upload(file, runtime.picture_limits.max_bytes)
    _check_owner(runtime, principal, product_id)
    taken = pictures.take(runtime, data)
    reference = _stored(runtime, principal, product_id, view, taken)
    response.headers["Location"] = f"/v1/references/{reference.id}"
    return ShownReference.model_validate(reference)


@router.get("/products/{product_id}/references")
def list_references(
    product_id: str, principal: OwnerPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> Page[ShownReference]:
    """The references of one of the caller's products."""
    found = service.own_references(session, principal, product_id, limit, after)
    return page_of(found, limit, ShownReference.model_validate)


@router.get("/references/{reference_id}")
def show_reference(reference_id: str, principal: OwnerPrincipal, session: ReadSession) -> ShownReference:
    return ShownReference.model_validate(service.own_reference(session, principal, reference_id))


@router.get("/references/{reference_id}/picture", response_class=Response)
def show_picture(
    reference_id: str, principal: OwnerPrincipal, runtime: RuntimeDep, session: ReadSession
) -> Response:
    """The bytes as they were sent."""
    reference = service.own_reference(session, principal, reference_id)
    return picture_answer(runtime.blobs.get(reference.blob), reference.format)


@router.patch("/references/{reference_id}")
def change_reference(
    reference_id: str, changes: ReferenceChanges, principal: OwnerPrincipal, session: WriteSession
) -> ShownReference:
    found = service.change_view(session, principal, reference_id, changes.view)
    return ShownReference.model_validate(found)


@router.delete("/references/{reference_id}", status_code=204)
def remove_reference(
    reference_id: str, principal: OwnerPrincipal, runtime: RuntimeDep, session: WriteSession
) -> None:
    """Gone from every search at once; earlier decisions can still be replayed."""
    service.remove(session, runtime.vectors, principal, reference_id)


def read_upload(file: UploadFile, limit: int) -> bytes:
    """Raises: PayloadTooLarge: the file has more than `limit` bytes."""
    data = file.file.read(limit + 1)
    if len(data) > limit:
        raise PayloadTooLarge(f"The picture has more than {limit:,} bytes; send a smaller one.")
    return data


def picture_answer(data: bytes, picture_format: str) -> Response:
    """A picture that no browser takes for anything else, and no cache shares."""
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"}
    return Response(data, media_type=f"image/{picture_format}", headers=headers)


def _check_owner(runtime: Runtime, principal: Principal, product_id: str) -> None:
    with runtime.database.read() as session:
        products.own_product(session, principal, product_id)


def _stored(runtime: Runtime, principal: Principal, product_id: str, view: str, taken: Taken) -> Reference:
    def store(features: list[EnrolledFeatures]) -> Reference:
        pictures.keep(runtime, taken)
        with runtime.database.write() as session:
            product = service.check_new(session, principal, product_id, taken.picture.sha256)
            new = NewReference(product, view, taken, features[0])
            return service.add(session, runtime.vectors, principal, [new])[0]

    return pictures.described_and_stored(runtime, [taken], store)
