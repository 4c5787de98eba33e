"""Authorised sellers at the border."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, model_validator

from service.fields import BlankIsNone, Category, Territory
from service.text import fold

Day = Annotated[date | None, BlankIsNone]
Seller = Annotated[
    str,
    BeforeValidator(lambda value: fold(value) if isinstance(value, str) else value),
    StringConstraints(min_length=1, max_length=200),
]


class NewAuthorisedSeller(BaseModel):
    """`category` and `territory` left out stand for all of them; `valid_until` is the last day."""

    model_config = ConfigDict(extra="forbid")

    seller: Seller
    category: Annotated[Category | None, BlankIsNone] = None
    territory: Annotated[Territory | None, BlankIsNone] = None
    valid_from: Day = None
    valid_until: Day = None

    @model_validator(mode="after")
    def _days_in_order(self) -> NewAuthorisedSeller:
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError(f"valid_until {self.valid_until} is before valid_from {self.valid_from}")
        return self


class ShownAuthorisedSeller(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    brand_id: str
    seller: str
    category: str | None
    territory: str | None
    valid_from: date | None
    valid_until: date | None
    created_at: datetime
