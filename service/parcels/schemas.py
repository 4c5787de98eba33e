"""What an officer sends of a parcel."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import model_validator as validator

from service.fields import Code, Currency, Name, Territory
from service.parcels.codes import hs_code, postal_item
from service.text import clean

HsCode = Annotated[str, StringConstraints(max_length=20), AfterValidator(hs_code)]
PostalItem = Annotated[str, StringConstraints(max_length=30), AfterValidator(postal_item)]
_Clean = BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PhotoView(StrEnum):
    """What a photo is of. Goods are compared with references, the outside with earlier stopped parcels."""

    GOODS = "goods"
    DETAIL = "detail"
    OUTSIDE = "outside"
    LABEL = "label"

    @property
    def is_outside(self) -> bool:
        return self in (PhotoView.OUTSIDE, PhotoView.LABEL)


class Party(_Given):
    """A sender or addressee: nominal, so it is sealed when it is kept."""

    name: Name
    address: Annotated[str, _Clean, StringConstraints(max_length=500)] = ""
    country: Territory | None = None
    registration: Code | None = None
    """Number of an importer, or account of a seller, where one is declared."""


class Declaration(_Given):
    """What the parcel is said to hold."""

    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""
    hs_code: HsCode | None = None
    """Of the Harmonized System: heading, subheading or national line."""
    quantity: int = Field(default=1, ge=1, le=1_000_000)
    value: Decimal | None = Field(default=None, ge=0, max_digits=14, decimal_places=4)
    """Of all pieces together, in `currency`."""
    currency: Currency | None = None
    origin: Territory | None = None
    destination: Territory | None = None
    item_number: Code | None = None
    """Of the declaration, as the house numbers it."""
    postal_item: PostalItem | None = None
    """UPU S10, with its check digit."""

    @validator(mode="after")
    def _value_has_currency(self) -> Self:
        if (self.value is None) != (self.currency is None):
            raise ValueError("value and currency come together")
        return self


class ParcelIn(_Given):
    reference: Name
    """Your own name for the parcel."""
    declaration: Declaration = Declaration()
    sender: Party | None = None
    addressee: Party | None = None
    views: list[PhotoView] = []
    """What each file of `photos` is of, in their order; files beyond these are of the goods."""


class MorePictures(_Given):
    """What is added to a parcel that is inspected again."""

    views: list[PhotoView] = []


class Answer(StrEnum):
    AGREE = "agree"
    DISAGREE = "disagree"
    CANNOT_TELL = "cannot_tell"


Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]


class NewReview(_Given):
    """What the officer says to the advice."""

    answer: Answer
    reason: Reason = ""

    @validator(mode="after")
    def _reason_is_given(self) -> Self:
        if self.answer is not Answer.AGREE and not self.reason:
            raise ValueError("say why: `reason` is needed unless you agree")
        return self


class Finding(StrEnum):
    """What the goods turned out to be."""

    COUNTERFEIT = "counterfeit"
    GENUINE = "genuine"
    CANNOT_TELL = "cannot_tell"


class NewOutcome(_Given):
    outcome: Finding
    brand_id: Annotated[str, StringConstraints(max_length=40)] | None = None
    """Where it is another than the advice was about."""
    note: Reason = ""
    minutes: float | None = Field(default=None, gt=0, le=10_000)
    """That officers spent on the parcel; counted from its opening where it is left out."""
