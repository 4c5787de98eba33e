"""HTTP of the background."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, UploadFile

from service.background import service
from service.background.schemas import AddedBackground, BackgroundPage, RefusedBackground, ShownBackground
from service.deps import PlatformPrincipal, ReadSession, RuntimeDep, WriteSession
from service.errors import BadRequest
from service.paging import After, Limit
from service.references.endpoints import read_upload

router = APIRouter(prefix="/v1/background", tags=["background"])

AT_ONCE = 200


@router.post("", status_code=201)
def add_background(
    principal: PlatformPrincipal,
    runtime: RuntimeDep,
    files: Annotated[list[UploadFile], File(description="Everyday pictures, up to 200 at once")],
) -> AddedBackground:
    """Add everyday pictures of the marketplace that show nothing protected; about a thousand do.

    How alike a picture is to a reference is judged against how alike any picture is to it, so checks find copies
    better with a background of the house's own. Sending a picture again changes nothing.
    """
    if len(files) > AT_ONCE:
        raise BadRequest(f"{len(files)} files were sent; send at most {AT_ONCE} at once.")
    limit = runtime.picture_limits.max_bytes
    result = service.add(runtime, principal, [read_upload(file, limit) for file in files])
    return AddedBackground(
        added=[ShownBackground.model_validate(each) for each in result.added],
        known=result.known,
        refused=[RefusedBackground(place=at, reason=why) for at, why in sorted(result.refused.items())],
    )


@router.get("")
def list_background(
    principal: PlatformPrincipal, session: ReadSession, limit: Limit = 50, after: After = None
) -> BackgroundPage:
    """What the organisation has brought (for administrators: the whole tenant), and how many in all."""
    found, count = service.page(session, principal, limit, after)
    items = [ShownBackground.model_validate(each) for each in found[:limit]]
    return BackgroundPage(items=items, next_after=items[-1].id if len(found) > limit else None, count=count)


@router.delete("/{background_id}", status_code=204)
def remove_background(
    background_id: str, principal: PlatformPrincipal, runtime: RuntimeDep, session: WriteSession
) -> None:
    service.remove(session, runtime.vectors, principal, background_id)
