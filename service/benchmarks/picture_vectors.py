"""Vectors that lie as those of product pictures do, as many as wanted, piece by piece, from a seed.

Kinds of things (bags, sneakers) hold products, products hold pictures; sizes of both are heavy-tailed (Pareto).
A fifth of the pictures are near-duplicates: groups re-posted with small changes. Every difference is drawn with
a spectrum that falls as a power of the dimension, so that few directions carry most of it, as in embeddings.

Set beside the bundled encoder's vectors of 1,400 clothing photos (1,400 drawn vectors, 512 dimensions; median
cosine to the 1st / 10th / 100th nearest, mean cosine, median local dimension by Levina and Bickel, 2004):
photos 0.74 / 0.66 / 0.56, 0.39, 21; drawn 0.77 / 0.66 / 0.59, 0.37, 21.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import Vectors

PIECE = 20_000
_BRANDS = 100
_PICTURES_A_KIND, _PICTURES_A_PRODUCT = 5_000, 25
_KIND_TAIL, _PRODUCT_TAIL = 1.2, 1.1
_LARGEST_PRODUCT = 5e-4
"""Of all products' weight, above 20."""
_FALL = -0.4
_COMMON, _KIND, _PRODUCT, _PICTURE = 0.8, 0.65, 0.6, 0.5
"""Lengths of what all share, of a kind's, a product's and a picture's own difference."""
_DUPLICATES, _GROUP = 0.2, 4
_NEAR, _DISTURBED = (0.05, 0.25), (0.1, 0.4)
"""Lengths of the difference of a near-duplicate and of a re-posted query."""


class Piece(NamedTuple):
    vectors: Vectors
    brands: NDArray[np.int64]
    """Numbers from 0 to 99; a product has one brand."""


class PictureVectors:
    def __init__(self, items: int, dimension: int, seed: int) -> None:
        """A world whose kinds and products suit that many items; more may be drawn from it."""
        drawn = np.random.default_rng([seed, 0])
        self._seed, self._dimension = seed, dimension
        spectrum = (1 + np.arange(dimension, dtype=np.float32)) ** np.float32(_FALL)
        self._spectrum = spectrum / np.linalg.norm(spectrum)
        kinds = max(8, items // _PICTURES_A_KIND)
        products = max(40, items // _PICTURES_A_PRODUCT)
        centres = _COMMON * self._differences(drawn, 1) + _KIND * self._differences(drawn, kinds)
        kind = drawn.choice(kinds, products, p=_shares(drawn.pareto(_KIND_TAIL, kinds) + 1))
        self._products = centres[kind] + _PRODUCT * self._differences(drawn, products)
        weights = drawn.pareto(_PRODUCT_TAIL, products) + 1
        self._shares = _shares(np.minimum(weights, 20 + _LARGEST_PRODUCT * products))
        self._widths = (_PICTURE * np.exp(drawn.normal(0, 0.3, products))).astype(np.float32)

    def piece(self, number: int, rows: int = PIECE) -> Piece:
        """Always the same for the same number and rows."""
        drawn = np.random.default_rng([self._seed, 1, number])
        products, vectors = self._pictures(drawn, rows)
        copies = int(_DUPLICATES * rows)
        if copies >= _GROUP:
            originals = drawn.integers(0, rows - copies, copies // _GROUP)
            source = originals[drawn.integers(0, len(originals), copies)]
            vectors[rows - copies :] = self._disturbed(drawn, vectors[source], _NEAR)
            products[rows - copies :] = products[source]
        return Piece(_unit(vectors), products % _BRANDS)

    def queries(self, count: int, held: Vectors) -> Vectors:
        """Half new pictures of the products, half disturbed copies of held ones, in turn."""
        drawn = np.random.default_rng([self._seed, 2])
        queries = self._pictures(drawn, count)[1]
        again = held[drawn.integers(0, len(held), len(queries[::2]))]
        queries[::2] = self._disturbed(drawn, again, _DISTURBED)
        return _unit(queries)

    def _pictures(self, drawn: np.random.Generator, rows: int) -> tuple[NDArray[np.int64], Vectors]:
        products = drawn.choice(len(self._products), rows, p=self._shares)
        own = self._differences(drawn, rows) * self._widths[products][:, np.newaxis]
        return products, self._products[products] + own

    def _disturbed(
        self, drawn: np.random.Generator, vectors: Vectors, lengths: tuple[float, float]
    ) -> Vectors:
        by = drawn.uniform(*lengths, (len(vectors), 1)).astype(np.float32)
        disturbed: Vectors = vectors + by * self._differences(drawn, len(vectors))
        return disturbed

    def _differences(self, drawn: np.random.Generator, rows: int) -> Vectors:
        differences: Vectors = drawn.standard_normal((rows, self._dimension), np.float32) * self._spectrum
        return differences


def _shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    shares: NDArray[np.float64] = weights / weights.sum()
    return shares


def _unit(vectors: Vectors) -> Vectors:
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled
