"""What is said of an offer beside its pictures: who sells it, and for how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

import service.products.service as products
import service.sellers.service as sellers
from service.listings.question import Question
from service.listings.schemas import Condition
from service.screening.policy import Policy
from service.screening.rules.authorisation import AuthorisedSeller, Offer, authorisation_signals
from service.screening.rules.price import Asked, PriceBand, price_signals, untold_price
from service.screening.signals import Signal
from service.text import fold


def authorisations(session: Session, question: Question, brand_ids: Sequence[str]) -> list[Signal]:
    listing = question.listing
    seller = sellers.normalise_seller(listing.seller)
    records = [
        AuthorisedSeller(
            id=each.id,
            brand_id=each.brand_id,
            seller=seller,
            category=each.category,
            territory=each.territory,
            valid_from=each.valid_from or date.min,
            valid_until=each.valid_until,
        )
        for each in sellers.records_for(session, question.tenant_id, seller, brand_ids)
    ]
    category = fold(listing.category) if listing.category is not None else None
    return authorisation_signals(records, Offer(seller, category, listing.territory, question.today))


def prices(
    session: Session,
    policy: Policy,
    question: Question,
    identity: Sequence[Signal],
    told: Mapping[str, str],
) -> list[Signal]:
    """Compared with the product that is told of each brand seen; a dearer sister would make an honest price look low.

    Args:
        told: brand to the product that a closer look told; a brand that is not in it is compared with nothing.
    """
    listing = question.listing
    if listing.price is None or listing.currency is None:
        return []
    seen = sorted({signal.brand_id for signal in identity if signal.brand_id})
    brand_of = {told[brand]: brand for brand in seen if brand in told}
    bands = [
        PriceBand(brand_of[each.product_id], each.product_id, each.currency, each.low, each.median)
        for each in products.price_bands_for(session, question.tenant_id, sorted(brand_of), listing.currency)
        if each.covers(listing.territory, question.today)
    ]
    asked = Asked(listing.price / listing.quantity, listing.currency, listing.condition is Condition.NEW)
    untold = [untold_price(brand) for brand in seen if brand not in told]
    return [*price_signals(bands, asked, policy.thresholds.price), *untold]
