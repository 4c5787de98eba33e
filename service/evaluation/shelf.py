"""Photos of a retrieval manifest, looked at as a check looks at them, but without a service around: for fitting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB, Encoder
from model.images import decode
from model.keypoints import look_closely
from model.products import ProductView
from model.products.choice import ChoiceModel
from model.products.fitting import Photo, Shelf
from model.products.ranking import look
from service.decoding import MAX_SIDE
from service.evaluation.manifest import ManifestInvalid, PictureUse, Row, read_retrieval


@dataclass(frozen=True, eq=False)
class References:
    views: tuple[ProductView, ...]
    vectors: NDArray[np.float32]
    """Shape (C, D)."""
    products: tuple[str, ...]
    brands: tuple[str, ...]
    """Of each reference."""

    @property
    def shelf(self) -> Shelf:
        numbers = [np.unique(names, return_inverse=True)[1] for names in (self.products, self.brands)]
        return Shelf(*numbers)

    def product(self, name: str) -> int:
        return sorted(set(self.products)).index(name)

    def brand(self, name: str) -> int:
        return sorted(set(self.brands)).index(name)


def read_shelf(manifest: Path, splits: Sequence[str], encoder: Encoder) -> tuple[References, list[Row]]:
    """The references of a manifest, and the queries of the splits that show one of their products.

    Raises:
        ManifestInvalid: there are none.
    """
    rows = read_retrieval(manifest)
    kept = [row for row in rows if row.use is PictureUse.REFERENCE]
    names = {row.product for row in kept}
    queries = [
        row for row in rows if row.use is PictureUse.QUERY and row.split in splits and row.product in names
    ]
    if not queries:
        raise ManifestInvalid(f"{manifest}: needs references, and queries of them in {', '.join(splits)}.")
    pixels = [_pixels(row) for row in kept]
    found = References(
        tuple(ProductView(look_closely(each)) for each in pixels),
        np.concatenate([encoder.encode([each]) for each in pixels]),
        tuple(row.product for row in kept),
        tuple(row.brand for row in kept),
    )
    return found, queries


def photos(
    references: References, queries: Iterable[Row], encoder: Encoder, shortlist: ChoiceModel, close: int
) -> Iterator[Photo]:
    """Every query with what a first look at all references shows, and a close one at some."""
    for row in queries:
        pixels = _pixels(row)
        cosines = (references.vectors @ encoder.encode([pixels])[0]).astype(np.float64)
        seen = look(look_closely(pixels), references.views, cosines, shortlist, close)
        yield Photo(seen, references.product(row.product), references.brand(row.brand))


def _pixels(row: Row) -> RGB:
    return decode(row.path.read_bytes(), max_side=MAX_SIDE).pixels
