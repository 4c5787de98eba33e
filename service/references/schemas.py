"""References at the border. Embeddings never pass it: pictures leak from vectors."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from service.fields import View


class ReferenceChanges(BaseModel):
    model_config = ConfigDict(extra="forbid")

    view: View


class ShownReference(BaseModel):
    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    id: str
    brand_id: str
    product_id: str
    view: str
    sha256: str = Field(validation_alias="blob")
    width: int
    height: int
    format: str
    warnings: list[str]
    created_at: datetime
