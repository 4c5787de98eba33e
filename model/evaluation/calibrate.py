"""Measures, on the synthetic kit, how often the nearest reference is of the right brand at which cosine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB, Encoder
from model.evaluation.kit import Kit, KitProduct, background_photo, build_kit, catalogue_views, seller_photo
from model.scoring.identity import IdentityCalibration, fit_platt

_BATCH = 16


@dataclass(frozen=True)
class Shown:
    """A photo and the id of the brand that it shows; empty when that brand is not enrolled."""

    pixels: RGB
    brand: str


def calibrate(encoder: Encoder, *, seed: int = 0, brands: int = 24, photos: int = 400) -> IdentityCalibration:
    """Enrol half of an invented market, photograph all of it, and fit the chance that the best hit is right.

    A photo counts as right when the nearest reference is of its brand. Photos of brands that are not enrolled, and
    of unbranded things, are always wrong.
    """
    kit = build_kit(seed=seed, brands=brands)
    enrolled = frozenset(brand.id for brand in kit.brands[::2])
    references = [
        (view, p.brand.id) for p in kit.products if p.brand.id in enrolled for view in catalogue_views(p)
    ]
    known = _encoded(encoder, [view for view, _ in references])
    owners = np.array([brand for _, brand in references])
    shown = list(_photos(kit, enrolled, photos, np.random.default_rng(seed)))
    cosines = _encoded(encoder, [each.pixels for each in shown]) @ known.T
    best = cosines.argmax(axis=1)
    right = owners[best] == np.array([each.brand for each in shown])
    slope, intercept = fit_platt(cosines.max(axis=1).astype(np.float64), right)
    return IdentityCalibration(
        fingerprint=encoder.info.fingerprint,
        version=f"kit-{seed}-{brands}-{photos}",
        slope=slope,
        intercept=intercept,
        source=f"mizugiwa calibrate --encoder {encoder.info.name} --seed {seed} --brands {brands} --photos {photos}",
        pairs=len(shown),
    )


def _photos(kit: Kit, enrolled: frozenset[str], count: int, rng: np.random.Generator) -> Iterator[Shown]:
    for number in range(count):
        if number % 4 == 0:
            yield Shown(background_photo(rng), "")
        else:
            product: KitProduct = kit.products[int(rng.integers(len(kit.products)))]
            photo = seller_photo(product, rng, hardness=float(rng.uniform(0.1, 0.8)))
            yield Shown(photo.pixels, product.brand.id if product.brand.id in enrolled else "")


def _encoded(encoder: Encoder, pictures: list[RGB]) -> NDArray[np.float32]:
    return np.concatenate(
        [encoder.encode(pictures[at : at + _BATCH]) for at in range(0, len(pictures), _BATCH)]
    )
