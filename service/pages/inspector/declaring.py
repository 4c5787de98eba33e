"""The form of a parcel: flat fields, as people type them, to what a parcel is made of."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from service.clock import now
from service.fields import Code, Currency, Name, Territory
from service.ids import new_id
from service.pages.forms import Form, FormRefused, read
from service.pages.language import N_
from service.pages.page import Page
from service.parcels.codes import postal_item
from service.parcels.schemas import Declaration, HsCode, ParcelIn, Party, PhotoView, PostalItem

_Line = Annotated[str, StringConstraints(max_length=500)]

_WORDS = {
    "hs_code": N_("An HS code has 4, 6, 8, 9 or 10 digits, and its chapter exists."),
    "postal_item": N_(
        "Two letters, nine digits, two letters; the check digit is wrong. Read the label again."
    ),
    "currency": N_("Three letters of a currency in use, such as JPY."),
    "origin": N_("Two letters of a country, such as CN."),
    "destination": N_("Two letters of a country, such as CN."),
    "sender_country": N_("Two letters of a country, such as CN."),
    "addressee_country": N_("Two letters of a country, such as CN."),
}
_TOGETHER = N_("A value and its currency come together.")
_NAMELESS = N_("An address without a name cannot be kept; type the name, or leave all of it out.")


class TypedParcel(BaseModel):
    """The declaration and both parties in one form."""

    reference: Name
    description: Annotated[str, StringConstraints(max_length=2000)] = ""
    hs_code: HsCode | None = None
    quantity: int = Field(default=1, ge=1, le=1_000_000)
    value: Decimal | None = Field(default=None, ge=0, max_digits=14, decimal_places=4)
    currency: Currency | None = None
    origin: Territory | None = None
    destination: Territory | None = None
    item_number: Code | None = None
    postal_item: PostalItem | None = None
    sender_name: Name | None = None
    sender_address: _Line = ""
    sender_country: Territory | None = None
    sender_registration: Code | None = None
    addressee_name: Name | None = None
    addressee_address: _Line = ""
    addressee_country: Territory | None = None
    addressee_registration: Code | None = None


def read_parcel(page: Page, views: list[PhotoView]) -> ParcelIn:
    """
    Args:
        views: what each photo is of, in their order.

    Raises:
        FormRefused: something is missing or wrong.
    """
    found = _typed(page)
    values = found.model_dump()
    if (found.value is None) != (found.currency is None):
        raise FormRefused(Form(page_values(page), {"currency": _TOGETHER}))
    declared = {name: values[name] for name in Declaration.model_fields}
    return ParcelIn(
        reference=found.reference,
        declaration=Declaration.model_validate(declared),
        sender=_party(page, values, "sender"),
        addressee=_party(page, values, "addressee"),
        views=views,
    )


def page_values(page: Page) -> dict[str, str]:
    return {name: page.text(name) for name in TypedParcel.model_fields}


def fresh_reference() -> str:
    """A name for a parcel whose own number is not known yet."""
    return f"{now():%Y%m%d-%H%M}-{new_id('box')[-6:]}"


def number_read(texts: list[str]) -> dict[str, str]:
    """Into which field the first number of a barcode belongs: one of the post has a form of its own."""
    for text in texts:
        try:
            return {"postal_item": postal_item(text)}
        except ValueError:
            continue
    return {"item_number": texts[0][:64]} if texts else {}


def _typed(page: Page) -> TypedParcel:
    try:
        return read(page, TypedParcel)
    except FormRefused as refused:
        known = {name: _WORDS.get(name, words) for name, words in refused.form.errors.items()}
        raise FormRefused(Form(refused.form.values, known)) from refused


def _party(page: Page, values: Mapping[str, object], role: str) -> Party | None:
    given = {name: values[f"{role}_{name}"] for name in Party.model_fields}
    if given["name"] is None:
        if any(given.values()):
            raise FormRefused(Form(page_values(page), {f"{role}_name": _NAMELESS}))
        return None
    return Party.model_validate(given)
