"""What the proposer learns from: photos with products of invented brands in them, large and small, or none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from model.encoders.base import RGB
from model.evaluation.kit import Kit, seller_photo
from model.regions.boxes import Boxes
from model.regions.scenes import scene

_NONE, _SCENES = 0.15, 0.65
"""Shares of photos left as they are, and of photos with products in them; the rest are collages."""
_SHARES = ((0.02, 0.05), (0.04, 0.08), (0.08, 0.15), (0.15, 0.3), (0.3, 0.5))
_COUNTS = (1, 1, 1, 2, 2, 3, 4)
_INSET_SIDE = 500
_INSET_SHARES = (0.05, 0.35)


@dataclass(frozen=True, eq=False)
class Example:
    pixels: RGB
    boxes: Boxes


def examples(kit: Kit, photos: Sequence[RGB], count: int, rng: np.random.Generator) -> Iterator[Example]:
    """Photos drawn with replacement, with kit products in them.

    Args:
        photos: of anything but packaged products.
    """
    for _ in range(count):
        photo = photos[int(rng.integers(len(photos)))]
        kind = rng.random()
        if kind < _NONE:
            yield Example(photo, np.empty((0, 4)))
        elif kind < _NONE + _SCENES:
            yield _with_products(kit, photo, rng)
        else:
            yield _with_inset(kit, photo, rng)


def _with_products(kit: Kit, photo: RGB, rng: np.random.Generator) -> Example:
    number = _COUNTS[int(rng.integers(len(_COUNTS)))]
    shown = [kit.products[int(rng.integers(len(kit.products)))] for _ in range(number)]
    made = scene(photo, shown, rng, _SHARES[int(rng.integers(len(_SHARES)))])
    return Example(made.pixels, made.boxes)


def _with_inset(kit: Kit, photo: RGB, rng: np.random.Generator) -> Example:
    """A seller's photo of a product, cut rather close and laid over a part of another photo, as in a collage."""
    product = kit.products[int(rng.integers(len(kit.products)))]
    taken = seller_photo(product, rng, hardness=0.3, size=(_INSET_SIDE, _INSET_SIDE))
    corners = taken.quads[0]
    begin = np.maximum(corners.min(axis=0) - rng.uniform(0, 60, 2), 0).astype(int)
    end = np.minimum(corners.max(axis=0) + rng.uniform(0, 60, 2), _INSET_SIDE).astype(int)
    inset = taken.pixels[begin[1] : end[1], begin[0] : end[0]]
    canvas = photo.copy()
    size = np.array(canvas.shape[1::-1])
    extent = end - begin
    factor = min(
        float(np.sqrt(rng.uniform(*_INSET_SHARES) * size.prod() / extent.prod())), float((0.95 * size / extent).min())
    )  # fmt: skip
    width, height = (max(2, int(side * factor)) for side in extent)
    left, top = int(rng.integers(size[0] - width + 1)), int(rng.integers(size[1] - height + 1))
    canvas[top : top + height, left : left + width] = cv2.resize(
        inset, (width, height), interpolation=cv2.INTER_AREA
    )
    low = np.maximum(corners.min(axis=0) - begin, 0) * factor + (left, top)
    high = np.minimum(corners.max(axis=0) - begin, extent) * factor + (left, top)
    return Example(canvas, (np.concatenate([low, high]) / np.tile(size, 2))[np.newaxis])
