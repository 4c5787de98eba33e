"""Parcels drawn from the kit: mostly goods of no brand, some genuine, few counterfeit.

What is known of real post is that marks are rare, that genuine goods are declared low too, and that few senders send
most counterfeits; how much of each is an assumption, stated here in one place (decision record 0223).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from model.encoders.base import RGB
from model.evaluation.kit import DefectKind, Kit, KitProduct, background_photo, seller_photo
from model.evaluation.kit.words import hushed_offer, offer, official_seller, unrelated_offer
from model.evaluation.traffic.senders import Address, addressee, one_time_sender, sender_pool

REPEAT_SENDERS = 6
"""Who send again and again; each has been stopped before, see `earlier_stops`."""
_STOPS_EACH = 3
_REPEATED = 0.4
"""Share of counterfeits that come from them."""
_MIXED = 0.03
"""Share of genuine parcels that come from them all the same."""
_PHOTO_SIZE = (960, 720)
Shares = Mapping["ParcelTruth", float]


class ParcelTruth(StrEnum):
    COUNTERFEIT = "counterfeit"
    GENUINE = "genuine"
    AUTHORISED = "authorised"
    """Genuine, and addressed to a registered importer."""
    UNBRANDED = "unbranded"


@dataclass(frozen=True, eq=False)
class KitParcel:
    reference: str
    truth: ParcelTruth
    product: KitProduct | None
    """What is inside or imitated; None for goods of no brand."""
    photos: tuple[RGB, ...]
    description: str
    quantity: int
    value: int
    """Declared, of all pieces, in yen."""
    sender: Address
    addressee: Address

    @property
    def is_counterfeit(self) -> bool:
        return self.truth is ParcelTruth.COUNTERFEIT


def traffic_shares(prevalence: float) -> dict[ParcelTruth, float]:
    """Of all parcels: a fifth of what is not counterfeit bears a registered mark."""
    rest = 1 - prevalence
    return {
        ParcelTruth.COUNTERFEIT: prevalence,
        ParcelTruth.GENUINE: 0.15 * rest,
        ParcelTruth.AUTHORISED: 0.05 * rest,
        ParcelTruth.UNBRANDED: 0.80 * rest,
    }


def simulated_parcels(kit: Kit, seed: int, counts: Mapping[ParcelTruth, int]) -> Iterator[KitParcel]:
    """So many of each truth, mixed; the same seed always gives the same parcels."""
    order = [truth for truth in ParcelTruth for _ in range(counts.get(truth, 0))]
    shuffled = np.random.default_rng([kit.seed, seed, 409]).permutation(len(order))
    for at, place in enumerate(shuffled):
        rng = np.random.default_rng([kit.seed, seed, 419, at])
        yield _parcel(kit, rng, order[int(place)], f"parcel-{seed}-{at + 1:05d}")


def earlier_stops(kit: Kit, seed: int) -> Iterator[KitParcel]:
    """Counterfeits of every repeat sender that were stopped before the traffic begins."""
    for at, sender in enumerate(sender_pool(kit.seed, REPEAT_SENDERS)):
        for number in range(_STOPS_EACH):
            rng = np.random.default_rng([kit.seed, seed, 421, at, number])
            yield _parcel(kit, rng, ParcelTruth.COUNTERFEIT, f"stop-{seed}-{at}-{number}", sender)


def _parcel(
    kit: Kit, rng: np.random.Generator, truth: ParcelTruth, reference: str, sender: Address | None = None
) -> KitParcel:
    product = (
        kit.products[int(rng.integers(len(kit.products)))] if truth is not ParcelTruth.UNBRANDED else None
    )
    quantity = _quantity(rng, truth)
    return KitParcel(
        reference=reference,
        truth=truth,
        product=product,
        photos=_photos(rng, product, truth),
        description=_description(rng, product, truth),
        quantity=quantity,
        value=_value(rng, product, truth, quantity),
        sender=sender or _sender(kit, rng, truth),
        addressee=_addressee(rng, product, truth),
    )


def _photos(rng: np.random.Generator, product: KitProduct | None, truth: ParcelTruth) -> tuple[RGB, ...]:
    """One photo, for every third parcel two; conditions are drawn alike for all."""
    count = 1 + int(rng.random() < 1 / 3)
    defects = _defects(rng) if truth is ParcelTruth.COUNTERFEIT else frozenset()
    hardness = [float(rng.beta(2.0, 2.6)) for _ in range(count)]
    if product is None:
        return tuple(background_photo(rng, hardness=each, size=_PHOTO_SIZE) for each in hardness)
    return tuple(
        seller_photo(product, rng, defects=defects, hardness=each, size=_PHOTO_SIZE).pixels
        for each in hardness
    )


def _defects(rng: np.random.Generator) -> frozenset[DefectKind]:
    kinds = list(DefectKind)
    return frozenset(kinds[int(at)] for at in rng.permutation(len(kinds))[: int(rng.integers(1, 4))])


def _description(rng: np.random.Generator, product: KitProduct | None, truth: ParcelTruth) -> str:
    """Counterfeits are named by their brand half as often as genuine goods are."""
    if product is None:
        return unrelated_offer(rng)[0]
    named = rng.random() < (0.35 if truth is ParcelTruth.COUNTERFEIT else 0.7)
    return offer(product, product.brand.name, rng)[0] if named else hushed_offer(product, rng)[0]


def _quantity(rng: np.random.Generator, truth: ParcelTruth) -> int:
    most = {ParcelTruth.COUNTERFEIT: 12, ParcelTruth.AUTHORISED: 40}.get(truth, 4)
    return int(rng.integers(1, most + 1))


def _value(rng: np.random.Generator, product: KitProduct | None, truth: ParcelTruth, quantity: int) -> int:
    """Three in ten genuine parcels are declared as low as counterfeits are: gifts, sales, and less honest reasons."""
    if product is None:
        return quantity * int(rng.integers(3, 90)) * 100
    low = truth is ParcelTruth.COUNTERFEIT or (truth is ParcelTruth.GENUINE and rng.random() < 0.3)
    share = float(rng.uniform(0.05, 0.6)) if low else float(rng.uniform(0.5, 1.1))
    return max(100, round(product.price_median * share) * quantity)


def _sender(kit: Kit, rng: np.random.Generator, truth: ParcelTruth) -> Address:
    share = {ParcelTruth.COUNTERFEIT: _REPEATED, ParcelTruth.GENUINE: _MIXED}.get(truth, 0.0)
    if rng.random() < share:
        return sender_pool(kit.seed, REPEAT_SENDERS)[int(rng.integers(REPEAT_SENDERS))]
    return one_time_sender(rng)


def _addressee(rng: np.random.Generator, product: KitProduct | None, truth: ParcelTruth) -> Address:
    if truth is ParcelTruth.AUTHORISED and product is not None:
        return Address(official_seller(product.brand), "1-1 Mihon-ku", "JP")
    return addressee(rng)
