"""Reads a parcel from an HTTP request: a multipart form with a JSON field and files of photos and X-ray captures."""

from __future__ import annotations

from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from service.errors import BadRequest, PayloadTooLarge

_FORM = "multipart/form-data"
_MOST_FILES = 100
B = TypeVar("B", bound=BaseModel)

_FILES: dict[str, Any] = {
    name: {"type": "array", "items": {"type": "string", "format": "binary"}} for name in ("photos", "xrays")
}


def form_of(field: str, schema: str, *, required: bool) -> dict[str, Any]:
    """The body in the terms of OpenAPI: the field with its JSON, and the files."""
    shape = {
        "type": "object",
        "required": [field] if required else [],
        "properties": {field: {"$ref": f"#/components/schemas/{schema}"}, **_FILES},
    }
    return {"requestBody": {"required": required, "content": {_FORM: {"schema": shape}}}}


async def read_form(
    request: Request, field: str, shape: type[B], limit: int
) -> tuple[B, list[bytes], list[bytes]]:
    """What is said, the photos and the X-ray captures.

    Raises:
        BadRequest: it is no form, or lacks the field.
        RequestValidationError: what is said is not valid.
        PayloadTooLarge: a file has more than `limit` bytes.
    """
    if not request.headers.get("content-type", "").startswith(_FORM):
        raise BadRequest("Send a multipart form: JSON in one field, and the pictures as files.")
    async with request.form(max_files=_MOST_FILES, max_fields=10) as form:
        text = form.get(field)
        if text is not None and not isinstance(text, str):
            raise BadRequest(f"The field `{field}` holds JSON as text.")
        photos, xrays = [
            [await _read(each, limit) for each in form.getlist(name) if isinstance(each, UploadFile)]
            for name in ("photos", "xrays")
        ]
    return _validated(shape, text), photos, xrays


async def _read(file: UploadFile, limit: int) -> bytes:
    data = await file.read(limit + 1)
    if len(data) > limit:
        raise PayloadTooLarge(f"A picture has more than {limit:,} bytes; send a smaller one.")
    return data


def _validated(shape: type[B], text: str | None) -> B:
    try:
        return shape.model_validate_json(text or "{}")
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False, include_input=False)) from error
