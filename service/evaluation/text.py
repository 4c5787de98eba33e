"""Reading: offers and photos of the kit, some with look-alike spellings, and brands that cartons print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from model.encoders.base import RGB
from model.evaluation.kit import DefectKind, Kit, KitProduct, build_kit, seller_photo
from model.evaluation.kit.defects import counterfeit
from model.evaluation.kit.words import hushed_offer, offer, unrelated_offer


@dataclass(frozen=True)
class Hits:
    """Of things that should be found."""

    present: int
    found: int
    """Rightly."""
    false: int
    """Found where there is none, or of the wrong brand."""

    @property
    def recall(self) -> float:
        return self.found / max(1, self.present)

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.false)


@dataclass(frozen=True)
class CartonHits:
    photos: int
    right: int
    wrong: int
    per_brand: dict[str, tuple[int, int]]
    """Photos and right ones."""


def text_kit(seed: int) -> Kit:
    return build_kit(seed, brands=24)


CARTONS: dict[str, tuple[str, ...]] = {
    "Alpro": ("Mild & Creamy",),
    "Arla": ("Sommarmjölk", "Sommarfil", "Sommargräddfil", "Mild Lättyoghurt"),
    "Bravo": (),
    "Garant": ("Svenska Gårdar",),
    "God Morgon": (),
    "Oatly": ("Havregurt", "Not Milk", "The Original", "Department of Mind Control"),
    "Tropicana": (),
    "Valio": (),
    "Yoggi": (),
}
"""Brands of the shelf with lines of theirs, chosen on the split `train`."""


def carton_brand(product: str) -> str:
    """`God-Morgon-Apple-Juice` is of God Morgon."""
    return next(name for name in CARTONS if product.startswith(name.replace(" ", "-")))


def offers(kit: Kit, count: int, rng: np.random.Generator) -> Iterator[tuple[str | None, str]]:
    """Half of the offers misspell the brand as the kit's counterfeits do; the others name it rightly, hush it up or
    offer something else. Each with the brand whose name is misspelt, and None for the honest ones."""
    for at in range(count):
        product = _product(kit, rng)
        if at % 2 == 0:
            false = counterfeit(product, {DefectKind.LOOKALIKE_SPELLING}, int(rng.integers(2**31))).spelling
            yield product.brand.id, "\n".join(offer(product, false, rng))
        elif at % 8 in (1, 3):
            yield None, "\n".join(offer(product, product.brand.spellings[int(rng.integers(2))], rng))
        else:
            yield None, "\n".join((hushed_offer(product, rng) if at % 8 == 5 else unrelated_offer(rng))[:2])


def sellers_photos(kit: Kit, count: int, rng: np.random.Generator) -> Iterator[tuple[str | None, RGB, str]]:
    """Half of the sellers' photos show a false spelling, a quarter genuine articles, a quarter other defects; each with
    a title that names the brand rightly."""
    honest = [kind for kind in DefectKind if kind is not DefectKind.LOOKALIKE_SPELLING]
    for at in range(count):
        product, hardness = _product(kit, rng), float(rng.beta(2.0, 2.6))
        other = honest[int(rng.integers(len(honest)))]
        defects = ({DefectKind.LOOKALIKE_SPELLING}, set(), {DefectKind.LOOKALIKE_SPELLING}, {other})[at % 4]
        photo = seller_photo(product, rng, defects=frozenset(defects), hardness=hardness)
        title = f"{product.brand.name} {product.name}"
        yield (product.brand.id if at % 2 == 0 else None), photo.pixels, title


def hits_of(answers: Sequence[tuple[str | None, frozenset[str]]]) -> Hits:
    return Hits(
        present=sum(truth is not None for truth, _ in answers),
        found=sum(truth in found for truth, found in answers),
        false=sum(len(found - {truth}) for truth, found in answers),
    )


def carton_hits(answers: Sequence[tuple[str, str | None]]) -> CartonHits:
    per_brand = {
        name: (
            sum(truth == name for truth, _ in answers),
            sum(truth == name == answer for truth, answer in answers),
        )
        for name in CARTONS
    }
    right = sum(truth == answer for truth, answer in answers)
    wrong = sum(answer is not None and truth != answer for truth, answer in answers)
    return CartonHits(len(answers), right, wrong, per_brand)


def _product(kit: Kit, rng: np.random.Generator) -> KitProduct:
    return kit.products[int(rng.integers(len(kit.products)))]
