"""Vectors of pictures, for those who may have them: a picture can be guessed from its vector."""

from __future__ import annotations

import base64
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.datastructures import UploadFile

from service.deps import RuntimeDep, requires
from service.embeddings.schemas import ShownEmbedding
from service.embeddings.service import Embedded, embed
from service.errors import BadRequest, PayloadTooLarge
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1", tags=["embeddings"])

InsiderPrincipal = Annotated[Principal, Depends(requires(Role.ADMIN, Role.BRAND_OWNER, Role.INSPECTOR))]
_FORM = "multipart/form-data"
_BINARY = {"type": "string", "format": "binary"}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "image/*": {"schema": _BINARY},
            _FORM: {"schema": {"type": "object", "required": ["file"], "properties": {"file": _BINARY}}},
        },
    }
}


@router.post("/embeddings", openapi_extra=_BODY)
async def create_embedding(
    request: Request, principal: InsiderPrincipal, runtime: RuntimeDep
) -> ShownEmbedding:
    """The vector of one picture, sent as the body itself or as the field `file` of a form. Nothing is kept.

    The same picture has the same vector, bit by bit, whatever else the service is doing.
    """
    return _shown(await embed(runtime, await _picture_of(request, runtime.picture_limits.max_bytes)))


async def _picture_of(request: Request, limit: int) -> bytes:
    if request.headers.get("content-type", "").startswith(_FORM):
        return await _uploaded(request, limit)
    pieces: list[bytes] = []
    async for piece in request.stream():
        pieces.append(piece)
        limit -= len(piece)
        if limit < 0:
            raise _too_large()
    return b"".join(pieces)


async def _uploaded(request: Request, limit: int) -> bytes:
    async with request.form(max_files=1, max_fields=8) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise BadRequest("The form needs a field `file` with the picture.")
        data = await file.read(limit + 1)
    if len(data) > limit:
        raise _too_large()
    return data


def _too_large() -> PayloadTooLarge:
    return PayloadTooLarge("The picture has more bytes than are allowed; send a smaller one.")


def _shown(embedded: Embedded) -> ShownEmbedding:
    vector = embedded.vector.astype("<f4", copy=False)
    return ShownEmbedding(
        encoder=embedded.info.name,
        fingerprint=embedded.info.fingerprint,
        dimension=embedded.info.dimension,
        embedding=base64.b64encode(vector.data).decode("ascii"),
    )
