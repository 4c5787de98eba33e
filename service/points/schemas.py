"""Identification points as they cross the border."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from service.fields import Name

Fraction = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
_SMALLEST = 0.01


class NewPoint(BaseModel):
    """A region in fractions of the reference's width and height, and what to look at there."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    genuine: Words = ""
    counterfeit: Words = ""
    x0: Fraction
    y0: Fraction
    x1: Fraction
    y1: Fraction

    @model_validator(mode="after")
    def _is_a_region(self) -> Self:
        if self.x1 - self.x0 < _SMALLEST or self.y1 - self.y0 < _SMALLEST:
            raise ValueError(f"x1 is right of x0 and y1 below y0, each by {_SMALLEST} at least")
        return self


class ShownPoint(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    reference_id: str
    name: str
    genuine: str
    counterfeit: str
    x0: float
    y0: float
    x1: float
    y1: float
    created_at: datetime
