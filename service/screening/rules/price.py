"""S6: a price far under what the product usually costs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pydantic import JsonValue

from service.screening.signals import Signal, SignalCode, Strength
from service.screening.thresholds import PriceThresholds


@dataclass(frozen=True)
class PriceBand:
    """What the brand says its product costs. The median is compared with; without one the lower edge."""

    brand_id: str
    product_id: str
    currency: str
    """ISO 4217."""
    low: Decimal | None = None
    median: Decimal | None = None

    @property
    def usual(self) -> Decimal | None:
        return self.low if self.median is None else self.median


@dataclass(frozen=True)
class Asked:
    """The listing's price for one piece."""

    price: Decimal
    currency: str
    is_new: bool


def price_signals(
    bands: Iterable[PriceBand], asked: Asked | None, thresholds: PriceThresholds
) -> list[Signal]:
    """One signal for each band of a product that the pictures resemble, in the order given.

    Strength NONE says in its evidence why nothing was compared, or that the price is not low.
    """
    if asked is None:
        return []
    return [_signal(band, asked, thresholds) for band in bands]


def untold_price(brand_id: str) -> Signal:
    """Nothing was compared, because which product of the brand it is cannot be told."""
    evidence: dict[str, JsonValue] = {"not_compared": "which product of the brand it is cannot be told"}
    return Signal(SignalCode.S6, Strength.NONE, brand_id, evidence=evidence)


def _signal(band: PriceBand, asked: Asked, thresholds: PriceThresholds) -> Signal:
    if band.currency != asked.currency:
        return _not_compared(band, f"listed in {asked.currency}, the band is in {band.currency}")
    if band.usual is None or band.usual <= 0 or not asked.price.is_finite() or asked.price < 0:
        return _not_compared(band, "no usable price to compare")
    ratio = float(asked.price / band.usual)
    evidence: dict[str, JsonValue] = {
        "product_id": band.product_id,
        "ratio": ratio,
        "sold_as_new": asked.is_new,
        "thresholds": thresholds.version,
    }
    return Signal(SignalCode.S6, _strength(ratio, asked.is_new, thresholds), band.brand_id, evidence=evidence)


def _strength(ratio: float, is_new: bool, thresholds: PriceThresholds) -> Strength:
    if ratio < thresholds.strong and is_new:
        return Strength.STRONG
    return Strength.WEAK if ratio < thresholds.weak else Strength.NONE


def _not_compared(band: PriceBand, why: str) -> Signal:
    evidence: dict[str, JsonValue] = {"product_id": band.product_id, "not_compared": why}
    return Signal(SignalCode.S6, Strength.NONE, band.brand_id, evidence=evidence)
