"""Known counterfeits at the border."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from service.fields import Name
from service.text import clean

Note = Annotated[
    str,
    BeforeValidator(
        lambda value: clean(value.replace("\r", "").replace("\n", " ")) if isinstance(value, str) else value
    ),
    StringConstraints(max_length=2000),
]


class CounterfeitChanges(BaseModel):
    model_config = ConfigDict(extra="forbid")

    case_reference: Name | None = None
    note: Note | None = None


class ShownCounterfeit(BaseModel):
    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    id: str
    brand_id: str
    product_id: str | None
    case_reference: str
    note: str
    sha256: str = Field(validation_alias="blob")
    width: int
    height: int
    format: str
    warnings: list[str]
    created_at: datetime
