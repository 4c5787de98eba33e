"""Marks at the border."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from service.marks.models import MarkKind


class ShownMark(BaseModel):
    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    id: str
    brand_id: str
    right_id: str | None
    kind: MarkKind
    text: str
    sha256: str = Field(validation_alias="blob")
    width: int
    height: int
    format: str
    created_at: datetime
