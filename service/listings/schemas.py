"""What a marketplace sends of a listing."""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Base64Bytes, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
MOST_IN_BATCH = 300


class Condition(StrEnum):
    NEW = "new"
    USED = "used"
    REFURBISHED = "refurbished"
    UNKNOWN = "unknown"


class PictureIn(BaseModel):
    """One picture: where it can be fetched, or its bytes, or the digest of one that you sent before."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, StringConstraints(max_length=2048)] | None = None
    data: Base64Bytes | None = None
    """The file's bytes in base64."""
    sha256: Annotated[str, StringConstraints(pattern=re.compile(r"^[0-9a-f]{64}$"))] | None = None
    """Of the bytes as your organisation sent them in an earlier check."""

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if sum(each is not None for each in (self.url, self.data, self.sha256)) != 1:
            raise ValueError("give exactly one of url, data and sha256")
        return self


class ListingIn(BaseModel):
    """A listing as it is, or as it is after an edit: the same `reference` names the same listing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reference: Name
    """Your own name for the listing."""
    seller: Name
    """Your id of the seller's account."""
    title: Annotated[str, StringConstraints(max_length=500)] = ""
    description: Annotated[str, StringConstraints(max_length=20_000)] = ""
    price: Decimal | None = Field(default=None, ge=0, max_digits=14, decimal_places=4)
    """For the whole listing, in `currency`."""
    quantity: int = Field(default=1, ge=1, le=1_000_000)
    """Pieces that the price buys."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    """ISO 4217."""
    condition: Condition = Condition.UNKNOWN
    category: Annotated[str, StringConstraints(max_length=200)] | None = None
    territory: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    """ISO 3166-1 alpha-2, where it is offered."""
    pictures: list[PictureIn] = []
    """In the listing's order; files of a multipart request follow after these."""
    budget_seconds: float | None = Field(default=None, gt=0, le=120)
    """Answer within this time, at most the server's own limit; past it the decision is `review_pending`."""

    @model_validator(mode="after")
    def _price_has_currency(self) -> Self:
        if (self.price is None) != (self.currency is None):
            raise ValueError("price and currency come together")
        return self


class BatchIn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    listings: Annotated[list[ListingIn], Field(min_length=1, max_length=MOST_IN_BATCH)]
