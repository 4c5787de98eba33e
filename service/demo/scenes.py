"""The listings of the demo: what a marketplace sends, and what it is in truth."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import cv2
import numpy as np

from model.encoders.base import RGB
from model.evaluation.kit import (
    Condition,
    Kit,
    KitListing,
    KitProduct,
    Truth,
    catalogue_views,
    known_counterfeits,
    listings,
)
from model.evaluation.kit.edits import reposted
from model.evaluation.kit.words import offer, private_seller


class Story(StrEnum):
    """What a listing is in truth; in the order in which the demo shows them."""

    AUTHORISED = "authorised_seller"
    RESALE = "honest_resale"
    EDITED = "edited_resale"
    UNRELATED = "unrelated_goods"
    STOLEN_UNTOUCHED = "stolen_photo_untouched"
    STOLEN = "stolen_photo_edited"
    MIRRORED = "stolen_photo_mirrored"
    CROPPED = "stolen_photo_cropped"
    PASTED = "stolen_photo_pasted_small"
    REPOST_UNTOUCHED = "known_counterfeit_untouched"
    REPOST = "known_counterfeit_edited"
    CHEAP = "stolen_photo_at_a_tenth_of_the_price"
    COUNTERFEIT = "counterfeit"
    BLANK = "blank_photo"

    @property
    def words(self) -> str:
        return _WORDS[self]

    @property
    def needs_look(self) -> bool:
        """Whether a person who knew the truth would want to see it."""
        return self not in _HONEST


_HONEST = frozenset({Story.AUTHORISED, Story.RESALE, Story.EDITED, Story.UNRELATED})
_WORDS = {
    Story.AUTHORISED: "the brand's own shop",
    Story.RESALE: "honest resale, own photos",
    Story.EDITED: "the first resale, edited: new price, same photos",
    Story.UNRELATED: "unrelated goods",
    Story.STOLEN_UNTOUCHED: "the brand's photo taken as it is",
    Story.STOLEN: "the brand's photo, cropped or written on",
    Story.MIRRORED: "the brand's photo, mirrored and toned",
    Story.CROPPED: "a third cut out of the brand's photo",
    Story.PASTED: "the brand's photo, small on another photo",
    Story.REPOST_UNTOUCHED: "photo of a confirmed case, as it is",
    Story.REPOST: "photo of a confirmed case, edited",
    Story.CHEAP: "the brand's photo, edited, at a tenth of the price",
    Story.COUNTERFEIT: "counterfeit, own photos",
    Story.BLANK: "an empty photo that names a brand",
}
_OF_KIT = {
    Truth.GENUINE_AUTHORISED: Story.AUTHORISED,
    Truth.GENUINE_RESALE: Story.RESALE,
    Truth.STOLEN_PHOTO: Story.STOLEN,
    Truth.COUNTERFEIT: Story.COUNTERFEIT,
    Truth.KNOWN_COUNTERFEIT_REPOST: Story.REPOST,
    Truth.UNRELATED: Story.UNRELATED,
}


@dataclass(frozen=True, eq=False)
class Scene:
    story: Story
    listing: dict[str, Any]
    """As `POST /v1/listings/checks` takes it, without pictures."""
    photos: tuple[RGB, ...]
    same_photos: bool = False
    """Its photos were sent before, so it names them by their digests."""


FEWEST = len(Story)
"""Listings that show every story once."""


def scenes(kit: Kit, count: int) -> list[Scene]:
    """At least `FEWEST` scenes, each story at least once, in the order of the stories."""
    staged = [make(kit) for make in _STAGED]
    drawn = [_of_kit(each) for each in listings(kit, kit.seed, max(count, FEWEST) - len(staged) - 1)]
    resale = next(each for each in drawn if each.story is Story.RESALE)
    order = list(Story)
    return sorted([*drawn, *staged, _edited(resale)], key=lambda each: order.index(each.story))


def _of_kit(drawn: KitListing) -> Scene:
    condition = "new" if drawn.condition is Condition.NEW else "used"
    sent = {
        "reference": drawn.reference,
        "seller": drawn.seller,
        "title": drawn.title,
        "description": drawn.description,
        "price": drawn.price,
        "currency": drawn.currency,
        "condition": condition,
        "category": drawn.category.value,
        "territory": "JP",
    }
    return Scene(_OF_KIT[drawn.truth], sent, drawn.photos)


def _edited(before: Scene) -> Scene:
    price = int(round(before.listing["price"] * 0.95, -1))
    return Scene(Story.EDITED, {**before.listing, "price": price}, before.photos, same_photos=True)


def _stolen_untouched(kit: Kit) -> Scene:
    rng = np.random.default_rng([kit.seed, 301])
    product = _product(kit, rng)
    return _offered(Story.STOLEN_UNTOUCHED, product, rng, 0.6, (catalogue_views(product)[0],))


def _mirrored(kit: Kit) -> Scene:
    rng = np.random.default_rng([kit.seed, 305])
    product = _product(kit, rng)
    turned = catalogue_views(product)[0][:, ::-1] * np.array([0.92, 1.0, 1.06]) + 8
    photo = np.ascontiguousarray(np.clip(turned, 0, 255).astype(np.uint8))
    return _offered(Story.MIRRORED, product, rng, 0.55, (photo,))


def _cropped(kit: Kit) -> Scene:
    rng = np.random.default_rng([kit.seed, 306])
    product = _product(kit, rng)
    whole = catalogue_views(product)[0]
    side = 0.34**0.5
    height, width = (int(length * side) for length in whole.shape[:2])
    top, left = (int(rng.uniform(0.3, 0.7) * (1 - side) * length) for length in whole.shape[:2])
    photo = np.ascontiguousarray(whole[top : top + height, left : left + width])
    return _offered(Story.CROPPED, product, rng, 0.55, (photo,))


def _pasted(kit: Kit) -> Scene:
    rng = np.random.default_rng([kit.seed, 307])
    product = _product(kit, rng)
    unrelated = next(each for each in listings(kit, kit.seed, FEWEST) if each.truth is Truth.UNRELATED)
    ground = unrelated.photos[0].copy()
    side = int(min(ground.shape[:2]) * 0.55)
    small = cv2.resize(catalogue_views(product)[0], (side, side), interpolation=cv2.INTER_AREA)
    top, left = (int(rng.uniform(0.1, 0.9) * (length - side)) for length in ground.shape[:2])
    ground[top : top + side, left : left + side] = small
    return _offered(Story.PASTED, product, rng, 0.55, (ground,))


def _repost_untouched(kit: Kit) -> Scene:
    rng = np.random.default_rng([kit.seed, 302])
    case = known_counterfeits(kit, kit.seed, 1)[0]
    return _offered(Story.REPOST_UNTOUCHED, case.product, rng, 0.4, (case.pixels,))


def _cheap(kit: Kit) -> Scene:
    rng = np.random.default_rng([kit.seed, 303])
    product = _product(kit, rng)
    photos = tuple(reposted(view, rng) for view in catalogue_views(product)[:2])
    return _offered(Story.CHEAP, product, rng, 0.1, photos)


def _blank(kit: Kit) -> Scene:
    rng = np.random.default_rng([kit.seed, 304])
    slope = np.linspace(226, 232, 800, dtype=np.float32)[None, :, None].repeat(600, axis=0).repeat(3, axis=2)
    grain = rng.normal(0, 1.2, slope.shape).astype(np.float32)
    empty = cv2.GaussianBlur(slope + grain, (0, 0), 1.5).round().astype(np.uint8)
    return _offered(Story.BLANK, _product(kit, rng), rng, 0.5, (empty,))


_STAGED = (_stolen_untouched, _mirrored, _cropped, _pasted, _repost_untouched, _cheap, _blank)


def _offered(
    story: Story, product: KitProduct, rng: np.random.Generator, price: float, photos: tuple[RGB, ...]
) -> Scene:
    title, description = offer(product, product.brand.name, rng)
    sent = {
        "reference": f"demo-{story.value.replace('_', '-')}",
        "seller": private_seller(rng),
        "title": title,
        "description": description,
        "price": max(100, int(round(product.price_median * price, -1))),
        "currency": product.currency,
        "condition": "new",
        "category": product.category.value,
        "territory": "JP",
    }
    return Scene(story, sent, photos)


def _product(kit: Kit, rng: np.random.Generator) -> KitProduct:
    return kit.products[int(rng.integers(len(kit.products)))]
