"""Brands at the border."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.fields import Name


def _without_repeats(spellings: list[str]) -> list[str]:
    return list(dict.fromkeys(spellings))


Spellings = Annotated[list[Name], Field(max_length=50), AfterValidator(_without_repeats)]


class NewBrand(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    spellings: Spellings = []
    owner_id: str | None = None
    """The right holder's organisation; a brand owner may leave it out, others name it."""
    gated: bool = False
    auto_block: bool = False


class BrandChanges(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    spellings: Spellings | None = None
    gated: bool | None = None
    auto_block: bool | None = None


class ShownBrand(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    owner_id: str
    name: str
    spellings: list[str]
    gated: bool
    auto_block: bool
    created_at: datetime
