"""Background pictures at the border."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from service.paging import Page


class ShownBackground(BaseModel):
    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    id: str
    sha256: str = Field(validation_alias="blob")
    created_at: datetime


class RefusedBackground(BaseModel):
    place: int
    """Of the file in the request, from 0."""
    reason: str


class AddedBackground(BaseModel):
    added: list[ShownBackground]
    known: int
    """Files that were there before, or twice in the request."""
    refused: list[RefusedBackground]


class BackgroundPage(Page[ShownBackground]):
    count: int
    """How many there are in all, whatever the page."""
