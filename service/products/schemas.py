"""Products and price bands at the border."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from service.fields import BlankIsNone, Category, Code, Currency, Name, Territory

Sku = Annotated[Code, StringConstraints(max_length=64)]
Barcode = Annotated[Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z\-]{4,32}$")] | None, BlankIsNone]
Amount = Annotated[Decimal, Field(gt=0, max_digits=18, decimal_places=6, allow_inf_nan=False)]
Day = Annotated[date | None, BlankIsNone]


class NewProduct(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sku: Sku
    name: Name
    category: Category = ""
    barcode: Barcode = None


class ProductChanges(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sku: Sku | None = None
    name: Name | None = None
    category: Category | None = None
    barcode: Barcode = None


class ShownProduct(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    brand_id: str
    sku: str
    name: str
    category: str
    barcode: str | None
    created_at: datetime


class NewPriceBand(BaseModel):
    """Amounts are exact decimals in the currency's usual unit, for one new piece."""

    model_config = ConfigDict(extra="forbid")

    currency: Currency
    low: Amount
    median: Amount
    high: Amount
    territory: Annotated[Territory | None, BlankIsNone] = None
    valid_from: Day = None
    valid_until: Day = None

    @model_validator(mode="after")
    def _in_order(self) -> NewPriceBand:
        if not self.low <= self.median <= self.high:
            raise ValueError("low, median and high must rise in this order")
        if self.valid_from and self.valid_until and self.valid_until < self.valid_from:
            raise ValueError(f"valid_until {self.valid_until} is before valid_from {self.valid_from}")
        return self


class ShownPriceBand(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    product_id: str
    currency: str
    low: Decimal
    median: Decimal
    high: Decimal
    territory: str | None
    valid_from: date | None
    valid_until: date | None
    created_at: datetime
