"""Rights and recordations at the border."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.fields import BlankIsNone, Code, Office
from service.rights.models import Disclosure, RightKind

Day = Annotated[date | None, BlankIsNone]


class NewRight(BaseModel):
    model_config = ConfigDict(extra="forbid")

    kind: RightKind
    number: Code
    office: Office
    classes: Annotated[list[Code], Field(max_length=100)] = []
    registered_on: Day = None
    expires_on: Day = None
    disclosure: Disclosure = Disclosure.PUBLIC

    @model_validator(mode="after")
    def _days_in_order(self) -> NewRight:
        _check_order("registered_on", self.registered_on, "expires_on", self.expires_on)
        return self


class ShownRight(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    brand_id: str
    kind: RightKind
    number: str
    office: str
    classes: list[str]
    registered_on: date | None
    expires_on: date | None
    disclosure: Disclosure
    created_at: datetime


class NewRecordation(BaseModel):
    model_config = ConfigDict(extra="forbid")

    authority: Code
    number: Code
    valid_from: Day = None
    valid_until: Day = None
    disclosure: Disclosure = Disclosure.PUBLIC

    @model_validator(mode="after")
    def _days_in_order(self) -> NewRecordation:
        _check_order("valid_from", self.valid_from, "valid_until", self.valid_until)
        return self


class ShownRecordation(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    right_id: str
    brand_id: str
    authority: str
    number: str
    valid_from: date | None
    valid_until: date | None
    disclosure: Disclosure
    created_at: datetime


def _check_order(first: str, start: date | None, second: str, end: date | None) -> None:
    if start is not None and end is not None and end < start:
        raise ValueError(f"{second} {end} is before {first} {start}")
