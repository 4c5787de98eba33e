"""The numbers a policy file gives to the rules of signals, each set with where it comes from."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, PositiveInt, model_validator


class _Sourced(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    version: str = Field(min_length=1)
    source: str = Field(min_length=1)


class IdentityThresholds(_Sourced):
    """For calibrated similarity in [0, 1]."""

    weak: float = Field(ge=0, le=1)
    strong: float = Field(ge=0, le=1)

    @model_validator(mode="after")
    def _rise(self) -> Self:
        if self.weak > self.strong:
            raise ValueError("weak lies above strong")
        return self


class CopyThresholds(_Sourced):
    hash_distance: int = Field(ge=0, le=256)
    """PDQ Hamming distance up to which a picture is a candidate."""
    cosine: dict[str, float]
    """Encoder name to the least cosine of a candidate; an encoder not named here makes none by descriptor."""


class PriceThresholds(_Sourced):
    """Price divided by the product's usual price; below it is weak or strong."""

    weak: float = Field(gt=0, le=1)
    strong: float = Field(gt=0, le=1)

    @model_validator(mode="after")
    def _fall(self) -> Self:
        if self.strong > self.weak:
            raise ValueError("strong lies above weak")
        return self


class SellerThresholds(_Sourced):
    weak: PositiveInt
    """Confirmed cases for a brand, however old."""
    strong: PositiveInt
    """Confirmed cases for a brand within `days`."""
    days: PositiveInt


class Thresholds(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    identity: IdentityThresholds
    copies: CopyThresholds
    price: PriceThresholds
    seller: SellerThresholds
