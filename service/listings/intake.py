"""Reads a check from an HTTP request: JSON, or a multipart form with a `listing` and files."""

from __future__ import annotations

from typing import Any, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from service.errors import BadRequest
from service.listings.schemas import ListingIn, PictureIn

_FORM = "multipart/form-data"
B = TypeVar("B", bound=BaseModel)

CHECK_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {"schema": {"$ref": "#/components/schemas/ListingIn"}},
            _FORM: {
                "schema": {
                    "type": "object",
                    "required": ["listing"],
                    "properties": {
                        "listing": {"$ref": "#/components/schemas/ListingIn"},
                        "pictures": {"type": "array", "items": {"type": "string", "format": "binary"}},
                    },
                }
            },
        },
    }
}


async def listing_of(request: Request) -> ListingIn:
    """
    Raises:
        RequestValidationError: the listing is not valid.
        BadRequest: the form has no `listing`.
    """
    if not request.headers.get("content-type", "").startswith(_FORM):
        return _validated(ListingIn, await request.body())
    async with request.form(max_files=100, max_fields=20) as form:
        text = form.get("listing")
        if not isinstance(text, str):
            raise BadRequest("The form needs a field `listing` with the listing as JSON.")
        files = [await each.read() for each in form.getlist("pictures") if isinstance(each, UploadFile)]
    listing = _validated(ListingIn, text.encode())
    return listing.model_copy(
        update={"pictures": [*listing.pictures, *(PictureIn.model_construct(data=data) for data in files)]}
    )


def _validated(shape: type[B], body: bytes) -> B:
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(error.errors(include_url=False, include_input=False)) from error
