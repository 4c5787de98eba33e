"""The rows of the files of an enrolment, as `docs/enrolment.md` describes them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from service.brands.schemas import Spellings
from service.counterfeits.schemas import Note
from service.fields import BlankIsNone, Code, Name, Office, View
from service.products.schemas import NewPriceBand, NewProduct, Sku
from service.rights.schemas import NewRecordation, NewRight
from service.sellers.schemas import NewAuthorisedSeller


def _several(value: Any) -> Any:
    return [part for part in map(str.strip, value.split("|")) if part] if isinstance(value, str) else value


Several = BeforeValidator(_several)
Path = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]


class BrandRow(BaseModel):
    name: Name
    spellings: Annotated[Spellings, Several] = []


class RightRow(NewRight):
    brand: Name
    classes: Annotated[list[Code], Several] = Field(default=[], max_length=100)


class RecordationRow(NewRecordation):
    right_number: Code
    office: Office


class ProductRow(NewProduct):
    brand: Name


class PriceBandRow(NewPriceBand):
    brand: Name
    sku: Sku


class AuthorisedSellerRow(NewAuthorisedSeller):
    brand: Name


class ReferenceRow(BaseModel):
    brand: Name
    sku: Sku
    path: Path
    view: View = ""


class CounterfeitRow(BaseModel):
    brand: Name
    sku: Annotated[Sku | None, BlankIsNone] = None
    path: Path
    case_reference: Name
    note: Note = ""


FILES: dict[str, type[BaseModel]] = {
    "brands.csv": BrandRow,
    "rights.csv": RightRow,
    "recordations.csv": RecordationRow,
    "products.csv": ProductRow,
    "price_bands.csv": PriceBandRow,
    "authorised_sellers.csv": AuthorisedSellerRow,
    "references.csv": ReferenceRow,
    "known_counterfeits.csv": CounterfeitRow,
}
"""In the order in which they are read."""
