"""S5: whether the brand has authorised this seller for what is listed, where and when it is listed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from service.screening.signals import Signal, SignalCode, Strength


@dataclass(frozen=True)
class AuthorisedSeller:
    """A brand's word that a seller may sell its goods. None in category or territory means all of them."""

    id: str
    brand_id: str
    seller: str
    category: str | None
    territory: str | None
    valid_from: date
    valid_until: date | None
    """The last day on which it holds; None means until further notice."""


@dataclass(frozen=True)
class Offer:
    """Who lists what, where and when."""

    seller: str
    category: str | None
    territory: str | None
    on: date


def authorisation_signals(records: Iterable[AuthorisedSeller], offer: Offer) -> list[Signal]:
    """One strong signal for each brand with a record that covers the offer; sorted by brand.

    An offer that does not say its category or territory is covered only by a record for all of them.
    """
    valid: dict[str, str] = {}
    for record in sorted(records, key=lambda each: (each.brand_id, each.id)):
        if _covers(record, offer):
            valid.setdefault(record.brand_id, record.id)
    return [
        Signal(SignalCode.S5, Strength.STRONG, brand, evidence={"record_id": record})
        for brand, record in valid.items()
    ]


def _covers(record: AuthorisedSeller, offer: Offer) -> bool:
    in_time = record.valid_from <= offer.on and (record.valid_until is None or offer.on <= record.valid_until)
    return (
        in_time
        and record.seller == offer.seller
        and record.category in (None, offer.category)
        and record.territory in (None, offer.territory)
    )
