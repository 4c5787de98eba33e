"""A marketplace's traffic: seeded listings whose truth is known, and the confirmed cases some of them copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from model.encoders.base import RGB
from model.evaluation.kit.brands import Category, Kit, KitProduct
from model.evaluation.kit.catalogue import catalogue_views
from model.evaluation.kit.defects import DefectKind, counterfeit
from model.evaluation.kit.edits import reposted
from model.evaluation.kit.photos import SellerPhoto, background_photo, seller_photo
from model.evaluation.kit.words import hushed_offer, offer, official_seller, private_seller, unrelated_offer

KNOWN_CASES = 12
"""Listings of a kit copy the photos of `known_counterfeits(kit, kit.seed, KNOWN_CASES)`, and of no other case."""


class Truth(StrEnum):
    GENUINE_AUTHORISED = "genuine_authorised"
    GENUINE_RESALE = "genuine_resale"
    STOLEN_PHOTO = "stolen_photo"
    COUNTERFEIT = "counterfeit"
    KNOWN_COUNTERFEIT_REPOST = "known_counterfeit_repost"
    UNRELATED = "unrelated"


class Condition(StrEnum):
    NEW = "new"
    LIKE_NEW = "like_new"
    USED = "used"


@dataclass(frozen=True, eq=False)
class KitListing:
    reference: str
    seller: str
    title: str
    description: str
    price: int
    currency: str
    condition: Condition
    category: Category
    photos: tuple[RGB, ...]
    truth: Truth
    product: KitProduct | None
    """What is offered or imitated; None for unrelated goods."""
    defects: frozenset[DefectKind]
    """Of the article on the photos; empty for genuine articles and for stolen catalogue pictures."""


@dataclass(frozen=True, eq=False)
class KnownCounterfeit:
    """A photo from a confirmed case."""

    case: str
    product: KitProduct
    pixels: RGB
    defects: frozenset[DefectKind]


def known_counterfeits(kit: Kit, seed: int, n: int) -> list[KnownCounterfeit]:
    """Photos of confirmed counterfeits; the first m of n are those that asking for m gives."""
    return [_case(kit, seed, at) for at in range(n)]


def listings(kit: Kit, seed: int, n: int) -> Iterator[KitListing]:
    """A mixture in which, of every 20 listings, 3 are of authorised sellers, 5 honest resales, 3 show stolen
    catalogue pictures, 4 are counterfeits, 2 repost a known counterfeit's photo and 3 are unrelated. Among the first 6
    of every 20 each truth occurs once.

    Photo conditions are drawn alike for all; counterfeits differ by their print, price and words alone.
    """
    for at in range(n):
        rng = np.random.default_rng([kit.seed, seed, 101, at])
        yield _MAKERS[_truth(seed, at)](kit, rng, f"listing-{seed}-{at + 1:05d}")


_DECK = (
    *[Truth.GENUINE_RESALE] * 4, *[Truth.COUNTERFEIT] * 3, *[Truth.GENUINE_AUTHORISED] * 2, *[Truth.STOLEN_PHOTO] * 2,
    *[Truth.UNRELATED] * 2, Truth.KNOWN_COUNTERFEIT_REPOST,
)  # fmt: skip


def _truth(seed: int, at: int) -> Truth:
    rng = np.random.default_rng([seed, 103, at // 20])
    each = [list(Truth)[int(card)] for card in rng.permutation(len(Truth))]
    rest = [_DECK[int(card)] for card in rng.permutation(len(_DECK))]
    return (each + rest)[at % 20]


def _case(kit: Kit, seed: int, at: int) -> KnownCounterfeit:
    rng = np.random.default_rng([kit.seed, seed, 107, at])
    product = _product(kit, rng)
    photo = seller_photo(product, rng, defects=_defects(rng), hardness=_hardness(rng))
    return KnownCounterfeit(f"case-{seed}-{at + 1:04d}", product, photo.pixels, photo.defects)


def _authorised(kit: Kit, rng: np.random.Generator, reference: str) -> KitListing:
    product = _product(kit, rng)
    title, description = offer(product, product.brand.name, rng)
    photos = tuple(catalogue_views(product)[: int(rng.integers(1, 4))])
    price = _price(product, rng, 0.92, 1.1)
    return _listing(reference, official_seller(product.brand), title, description, price, Condition.NEW,
                    Truth.GENUINE_AUTHORISED, product, photos)  # fmt: skip


def _resale(kit: Kit, rng: np.random.Generator, reference: str) -> KitListing:
    product = _product(kit, rng)
    title, description = offer(product, _one_spelling(product, rng), rng)
    photos = _photos(kit, product, rng, frozenset())
    condition = list(Condition)[int(rng.integers(3))]
    price = _price(product, rng, *((0.65, 1.05) if condition is Condition.NEW else (0.35, 0.8)))
    return _listing(reference, private_seller(rng), title, description, price, condition, Truth.GENUINE_RESALE,
                    product, photos)  # fmt: skip


def _stolen(kit: Kit, rng: np.random.Generator, reference: str) -> KitListing:
    product = _product(kit, rng)
    title, description = offer(product, _one_spelling(product, rng), rng)
    picks = rng.permutation(3)[: int(rng.integers(1, 3))]
    views = catalogue_views(product)
    photos = tuple(reposted(views[int(at)], rng) for at in picks)
    price = _price(product, rng, 0.12, 0.75)
    return _listing(reference, private_seller(rng), title, description, price, Condition.NEW, Truth.STOLEN_PHOTO,
                    product, photos)  # fmt: skip


def _counterfeit(kit: Kit, rng: np.random.Generator, reference: str) -> KitListing:
    product, defects = _product(kit, rng), _defects(rng)
    photos = _photos(kit, product, rng, defects)
    title, description = _counterfeit_words(product, rng)
    price = _price(product, rng, 0.1, 0.6)
    return _listing(reference, private_seller(rng), title, description, price, Condition.NEW, Truth.COUNTERFEIT,
                    product, photos, defects)  # fmt: skip


def _repost(kit: Kit, rng: np.random.Generator, reference: str) -> KitListing:
    case = _case(kit, kit.seed, int(rng.integers(KNOWN_CASES)))
    title, description = _counterfeit_words(case.product, rng)
    price = _price(case.product, rng, 0.1, 0.6)
    photos = (reposted(case.pixels, rng),)
    return _listing(reference, private_seller(rng), title, description, price, Condition.NEW,
                    Truth.KNOWN_COUNTERFEIT_REPOST, case.product, photos, case.defects)  # fmt: skip


def _unrelated(kit: Kit, rng: np.random.Generator, reference: str) -> KitListing:
    del kit
    title, description, category = unrelated_offer(rng)
    photos = tuple(background_photo(rng, hardness=_hardness(rng)) for _ in range(int(rng.integers(1, 3))))
    condition = list(Condition)[int(rng.integers(3))]
    price = int(rng.integers(3, 90)) * 100
    return KitListing(reference, private_seller(rng), title, description, price, "JPY", condition, category, photos,
                      Truth.UNRELATED, None, frozenset())  # fmt: skip


_MAKERS: dict[Truth, Callable[[Kit, np.random.Generator, str], KitListing]] = {
    Truth.GENUINE_AUTHORISED: _authorised,
    Truth.GENUINE_RESALE: _resale,
    Truth.STOLEN_PHOTO: _stolen,
    Truth.COUNTERFEIT: _counterfeit,
    Truth.KNOWN_COUNTERFEIT_REPOST: _repost,
    Truth.UNRELATED: _unrelated,
}


def _listing(
    reference: str,
    seller: str,
    title: str,
    description: str,
    price: int,
    condition: Condition,
    truth: Truth,
    product: KitProduct,
    photos: tuple[RGB, ...],
    defects: frozenset[DefectKind] = frozenset(),
) -> KitListing:
    return KitListing(reference, seller, title, description, price, product.currency, condition, product.category,
                      photos, truth, product, defects)  # fmt: skip


def _photos(
    kit: Kit, product: KitProduct, rng: np.random.Generator, defects: frozenset[DefectKind]
) -> tuple[RGB, ...]:
    """One to three photos of one article; every fourth shows another product beside it."""
    shots: list[SellerPhoto] = []
    for _ in range(int(rng.integers(1, 4))):
        beside = (_product(kit, rng),) if rng.random() < 0.25 else ()
        shots.append(seller_photo(product, rng, defects=defects, hardness=_hardness(rng), others=beside))
    return tuple(shot.pixels for shot in shots)


def _counterfeit_words(product: KitProduct, rng: np.random.Generator) -> tuple[str, str]:
    manner = float(rng.random())
    if manner < 0.25:
        return hushed_offer(product, rng)
    if manner < 0.5:
        misspelt = counterfeit(product, {DefectKind.LOOKALIKE_SPELLING}, int(rng.integers(2**31))).spelling
        return offer(product, misspelt, rng)
    return offer(product, product.brand.name, rng)


def _defects(rng: np.random.Generator) -> frozenset[DefectKind]:
    kinds = list(DefectKind)
    return frozenset(kinds[int(at)] for at in rng.permutation(len(kinds))[: int(rng.integers(1, 4))])


def _hardness(rng: np.random.Generator) -> float:
    return float(rng.beta(2.0, 2.6))


def _product(kit: Kit, rng: np.random.Generator) -> KitProduct:
    return kit.products[int(rng.integers(len(kit.products)))]


def _one_spelling(product: KitProduct, rng: np.random.Generator) -> str:
    return product.brand.spellings[int(rng.integers(len(product.brand.spellings)))]


def _price(product: KitProduct, rng: np.random.Generator, low: float, high: float) -> int:
    return max(100, int(round(product.price_median * float(rng.uniform(low, high)), -1)))
