"""What training learns of a partition: fewer dimensions, centres of lists, ranges of codes.

Vectors are turned into the directions along which the partition spreads most (principal components, not
centred) and scaled to length 1 there; lists are the cells of spherical k-means (Dhillon and Modha, 2001);
codes are one byte a dimension of what is left after the centre (FAISS `IndexIVFScalarQuantizer`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import faiss
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import Vectors

_AT_ONCE = 16_384


@dataclass(frozen=True)
class Measured:
    """What trained search was measured to find, on pictures of the partition itself."""

    recall_at_10: float
    """Share of the 10 nearest others of each sampled row, in [0, 1], against exact search."""
    queries: int
    rows: int
    """In the partition when it was measured."""
    at: float
    """Seconds since 1970."""


class Codes(NamedTuple):
    """Rows as lists hold them."""

    lists: NDArray[np.int32]
    """Shape (N,), the number of each row's list."""
    codes: NDArray[np.uint8]
    """Shape (N, M)."""


class Seen(NamedTuple):
    """A query as the lists see it."""

    reduced: NDArray[np.float32]
    """Shape (M,)."""
    scores: NDArray[np.float32]
    """Shape (L,), its products with the centres."""


class Probes(NamedTuple):
    """The lists nearest to a query, nearest first."""

    lists: NDArray[np.int64]
    scores: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Quantiser:
    projection: NDArray[np.float32]
    """Shape (M, D), orthonormal rows."""
    centres: NDArray[np.float32]
    """Shape (L, M), of length 1."""
    ranges: NDArray[np.float32]
    """Shape (2, M): least value and width of each dimension's codes."""
    trained_rows: int
    """In the partition when it was trained."""

    @property
    def lists(self) -> int:
        return len(self.centres)

    @property
    def reduced_dimension(self) -> int:
        return len(self.projection)

    def seen(self, query: NDArray[np.float32]) -> Seen:
        """Of one (D,) vector: the same bits whatever else is being searched."""
        short = _products(self.projection, query)
        length = max(math.sqrt(float(np.square(short, dtype=np.float64).sum())), 1e-12)
        reduced = short / np.float32(length)
        return Seen(reduced, _products(self.centres, reduced))

    def probes(self, seen: Seen, count: int) -> Probes:
        scores = seen.scores
        count = min(count, len(scores))
        nearest = np.argpartition(scores, len(scores) - count)[len(scores) - count :]
        nearest = nearest[np.argsort(-scores[nearest], kind="stable")]
        return Probes(nearest.astype(np.int64), scores[nearest])

    def encoded(self, vectors: Vectors) -> Codes:
        """Of (N, D) unit vectors, piece by piece, on one thread."""
        codes = Codes(
            np.empty(len(vectors), np.int32), np.empty((len(vectors), self.reduced_dimension), np.uint8)
        )
        for start, short in self.reduced_pieces(vectors):
            stop = start + len(short)
            lists = self._nearest_lists(short)
            piece = np.empty((len(short), self.reduced_dimension), np.uint8)
            self.empty_index().encode_vectors(
                len(short), faiss.swig_ptr(short), faiss.swig_ptr(lists), faiss.swig_ptr(piece)
            )
            codes.lists[start:stop], codes.codes[start:stop] = lists, piece
        return codes

    def reduced_pieces(self, vectors: Vectors) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """First row and reduced vectors of each piece of (N, D)."""
        faiss.omp_set_num_threads(1)
        for start in range(0, len(vectors), _AT_ONCE):
            short = self._transform.apply(np.ascontiguousarray(vectors[start : start + _AT_ONCE]))
            yield start, _unit(short)

    def empty_index(self) -> Any:
        """An IndexIVFScalarQuantizer with these centres and ranges, and nothing in it."""
        index = faiss.IndexIVFScalarQuantizer(
            self._flat,
            self.reduced_dimension,
            self.lists,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
            True,
        )
        faiss.copy_array_to_vector(self.ranges.ravel(), index.sq.trained)
        index.is_trained = True
        return index

    def _nearest_lists(self, short: NDArray[np.float32]) -> NDArray[np.int64]:
        return np.ascontiguousarray(self._flat.search(short, 1)[1][:, 0])

    @cached_property
    def _flat(self) -> Any:
        flat = faiss.IndexFlatIP(self.reduced_dimension)
        flat.add(self.centres)
        return flat

    @cached_property
    def _transform(self) -> Any:
        transform = faiss.LinearTransform(self.projection.shape[1], self.reduced_dimension, False)
        faiss.copy_array_to_vector(self.projection.ravel(), transform.A)
        transform.is_trained = True
        return transform


def _products(rows: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Inner products of each row with the vector, each on its own: a matrix product would round otherwise."""
    products = np.empty(len(rows), np.float32)
    faiss.fvec_inner_products_ny(  # type: ignore[attr-defined]  # FAISS's stubs leave it out
        faiss.swig_ptr(products),
        faiss.swig_ptr(vector),
        faiss.swig_ptr(rows),
        rows.shape[1],
        len(rows),
    )
    return products


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    vectors /= np.maximum(lengths, 1e-12)[:, np.newaxis]
    return vectors
