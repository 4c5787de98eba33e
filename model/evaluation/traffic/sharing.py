"""Simulated accounts and the pictures that they show: rings, honest shops, and what honest shops share all the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from model.encoders.base import RGB
from model.evaluation.kit import Kit, background_photo, seller_photo
from model.evaluation.kit.develop import recompressed
from model.evaluation.kit.edits import reposted

_SIZE = (400, 300)
_SUPPLIED = 18


@dataclass(frozen=True, eq=False)
class ShownPicture:
    owner: str
    pixels: RGB


@dataclass(frozen=True, eq=False)
class Market:
    pictures: tuple[ShownPicture, ...]
    rings: tuple[tuple[str, ...], ...]
    """The truth: accounts of one hand."""
    stock: tuple[RGB, ...]
    """Pictures that a stock library is known to own."""


def simulated_market(kit: Kit, seed: int, rings: int = 12, honest: int = 200) -> Market:
    """Accounts of rings share a pool of photos of their own, as files or edited.

    Of the honest shops every sixth has taken one or two photos from somebody else, every tenth uses known stock, and
    a dozen and a half sell from one supplier's photos, which nobody knows to be stock.
    """
    rng = np.random.default_rng([kit.seed, seed, 431])
    shown: list[ShownPicture] = []
    truth = []
    for at in range(rings):
        members = tuple(f"ring-{at:02d}-{number}" for number in range(int(rng.integers(3, 9))))
        shown += _ring(kit, rng, members)
        truth.append(members)
    stock = tuple(_photo(kit, rng) for _ in range(10))
    shops = [f"shop-{at:03d}" for at in range(honest)]
    for shop in shops:
        shown += [ShownPicture(shop, _photo(kit, rng)) for _ in range(int(rng.integers(2, 5)))]
    shown += _taken(rng, shops, shown)
    shown += [
        ShownPicture(shop, _passed_on(stock[int(rng.integers(10))], rng))
        for shop in shops[::10]
        for _ in "ab"
    ]
    supplier = [_photo(kit, rng) for _ in range(5)]
    for shop in shops[1::3][:_SUPPLIED]:
        shown += [ShownPicture(shop, _passed_on(photo, rng)) for photo in supplier if rng.random() < 0.8]
    return Market(tuple(shown), tuple(truth), stock)


def _ring(kit: Kit, rng: np.random.Generator, members: tuple[str, ...]) -> Iterator[ShownPicture]:
    """Each member shows most of the pool, and photos that it has from nobody."""
    pool = [_photo(kit, rng) for _ in range(int(rng.integers(5, 10)))]
    for member in members:
        share = float(rng.uniform(0.5, 0.95))
        yield from (ShownPicture(member, _passed_on(each, rng)) for each in pool if rng.random() < share)
        yield from (ShownPicture(member, _photo(kit, rng)) for _ in range(int(rng.integers(0, 3))))


def _taken(rng: np.random.Generator, shops: list[str], shown: list[ShownPicture]) -> Iterator[ShownPicture]:
    for shop in shops[::6]:
        for _ in range(int(rng.integers(1, 3))):
            yield ShownPicture(shop, _passed_on(shown[int(rng.integers(len(shown)))].pixels, rng))


def _passed_on(pixels: RGB, rng: np.random.Generator) -> RGB:
    """Half of them as the file is, or made smaller and compressed again; half edited so that nobody may know it."""
    manner = float(rng.random())
    if manner < 0.25:
        return pixels
    if manner < 0.5:
        scale = float(rng.uniform(0.6, 0.95))
        smaller = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        return recompressed(np.asarray(smaller, np.uint8), int(rng.integers(55, 90)))
    return reposted(pixels, rng)


def _photo(kit: Kit, rng: np.random.Generator) -> RGB:
    hardness = float(rng.beta(2.0, 2.6))
    if rng.random() < 0.5:
        return background_photo(rng, hardness=hardness, size=_SIZE)
    product = kit.products[int(rng.integers(len(kit.products)))]
    return seller_photo(product, rng, hardness=hardness, size=_SIZE).pixels
