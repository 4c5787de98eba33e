"""Exhaustive search over rows of unit vectors: a fast pass that finds candidates, and exact cosines.

The fast pass (FAISS, float32) sums in an order that depends on how many queries share a call. So it only
proposes: it returns every row whose cosine could be among the k best given its rounding error, and
`exact_cosines` decides. A score therefore depends on the two vectors alone, and a decision can be replayed.
"""

from __future__ import annotations

import faiss
import numpy as np
from numpy.typing import NDArray

from index.faiss.columns import Mask, Rows
from model.encoders.base import Vectors

_FEW_QUERIES = 2
"""Up to here one pass per query is quicker than a matrix product (see index/README.md)."""
_SPARE = 16
"""Candidates asked for beyond k, so that the first pass nearly always proves itself complete."""
_GATHERED_ROWS = 16_384
_UNIT_ROUNDOFF = 2.0**-24

# Without a selector FAISS multiplies matrices from this size on; calls with few queries bring a selector.
faiss.cvar.distance_compute_blas_threshold = 1

_Coarse = tuple[NDArray[np.float32], Rows]
"""Scores and rows, both (N, K), best first; row -1 where there are fewer."""


def nearest(vectors: Vectors, queries: Vectors, k: int, chosen: Mask | None) -> list[Rows]:
    """For each query the rows that surely include its k best among the chosen ones.

    Args:
        vectors: (N, D) unit vectors, C-contiguous.
        queries: (M, D) unit vectors, C-contiguous.
        k: at least 1; may exceed N.
        chosen: (N,) truth for the rows to look at; None for all.
    """
    total = len(vectors) if chosen is None else int(np.count_nonzero(chosen))
    if total == 0:
        return [np.empty(0, np.int64) for _ in queries]
    faiss.omp_set_num_threads(1)  # the setting is per thread; concurrency comes from the callers
    wanted = min(total, k + _SPARE)
    if len(queries) <= _FEW_QUERIES:
        bits = _bits(np.ones(len(vectors), np.bool_) if chosen is None else chosen)
        coarse = knn(vectors, queries, wanted, bits)
    elif chosen is None:
        coarse = knn(vectors, queries, wanted, None)
    else:
        coarse = _gathered_knn(vectors, queries, wanted, np.flatnonzero(chosen))
    return [
        _proven(vectors, query, k, chosen, total, scores, rows)
        for query, scores, rows in zip(queries, *coarse, strict=True)
    ]


def nearest_among(vectors: Vectors, queries: Vectors, k: int, rows: Rows) -> list[Rows]:
    """The same among the rows of those numbers, distinct and in any order; costs what they are, not what N is."""
    if len(rows) == 0:
        return [rows for _ in queries]
    faiss.omp_set_num_threads(1)
    if len(queries) <= _FEW_QUERIES:
        return [rows[best_among(vectors, query, k, rows)] for query in queries]
    scores, found = _gathered_knn(vectors, queries, min(len(rows), k + _SPARE), rows)
    return [
        best if len(best) == len(rows) or cosines[-1] < floor else rows[best_among(vectors, query, k, rows)]
        for query, cosines, best in zip(queries, scores, found, strict=True)
        for floor in [float(cosines[min(k, len(best)) - 1]) - 2 * _rounding_error(vectors.shape[1])]
    ]


def exact_cosines(vectors: Vectors, query: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cosines of (N, D) unit vectors with one (D,) query, summed in float64, rounded to float32.

    Each depends on its own two vectors alone: same vectors, same bits.
    """
    products: NDArray[np.float64] = vectors.astype(np.float64)
    products *= query
    cosines: NDArray[np.float32] = products.sum(axis=1).clip(-1.0, 1.0).astype(np.float32)
    return cosines


def _proven(
    vectors: Vectors,
    query: NDArray[np.float32],
    k: int,
    chosen: Mask | None,
    total: int,
    scores: NDArray[np.float32],
    rows: Rows,
) -> Rows:
    if len(rows) == total:
        return rows
    floor = float(scores[k - 1]) - 2 * _rounding_error(vectors.shape[1])
    if scores[-1] < floor:
        return rows[scores >= floor]
    return _rows_above(vectors, query, floor, None if chosen is None else _bits(chosen))


def best_among(vectors: Vectors, query: NDArray[np.float32], k: int, rows: Rows) -> Mask:
    """Truth for those of the rows that surely include the query's k best."""
    if len(rows) <= k:
        return np.ones(len(rows), np.bool_)
    scores = np.empty(len(rows), np.float32)
    faiss.fvec_inner_products_by_idx(  # type: ignore[attr-defined]  # FAISS's stubs leave it out
        faiss.swig_ptr(scores),
        faiss.swig_ptr(query),
        faiss.swig_ptr(vectors),
        faiss.swig_ptr(rows),
        vectors.shape[1],
        1,
        len(rows),
    )
    floor = np.partition(scores, len(scores) - k)[len(scores) - k] - 2 * _rounding_error(vectors.shape[1])
    best: Mask = scores >= floor
    return best


def _rounding_error(dimension: int) -> float:
    """Bound on |float32 dot product − exact one| of unit vectors in any order of summation.

    Higham, Accuracy and Stability of Numerical Algorithms (2nd ed.), section 3.1, and one rounding more.
    """
    error = (dimension + 2) * _UNIT_ROUNDOFF
    return error / (1 - error)


def _bits(mask: Mask) -> NDArray[np.uint8]:
    return np.packbits(mask, bitorder="little")


def knn(vectors: Vectors, queries: Vectors, k: int, bits: NDArray[np.uint8] | None) -> _Coarse:
    """In float32, as quick as can be and as near as that is; bits choose rows, lowest first."""
    scores = np.empty((len(queries), k), np.float32)
    rows = np.empty((len(queries), k), np.int64)
    faiss.knn_inner_product(
        faiss.swig_ptr(queries),
        faiss.swig_ptr(vectors),
        vectors.shape[1],
        len(queries),
        len(vectors),
        k,
        faiss.swig_ptr(scores),
        faiss.swig_ptr(rows),
        None if bits is None else faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits)),
    )
    return scores, rows


def _gathered_knn(vectors: Vectors, queries: Vectors, k: int, chosen: Rows) -> _Coarse:
    """Search the chosen rows alone, copied together piece by piece: matrix products know no selector."""
    scores = np.empty((len(queries), 0), np.float32)
    rows = np.empty((len(queries), 0), np.int64)
    for start in range(0, len(chosen), _GATHERED_ROWS):
        piece = chosen[start : start + _GATHERED_ROWS]
        piece_scores, piece_rows = knn(vectors[piece], queries, min(k, len(piece)), None)
        scores = np.concatenate([scores, piece_scores], axis=1)
        rows = np.concatenate([rows, piece[piece_rows]], axis=1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        scores, rows = np.take_along_axis(scores, best, 1), np.take_along_axis(rows, best, 1)
    return scores, rows


def _rows_above(
    vectors: Vectors, query: NDArray[np.float32], floor: float, bits: NDArray[np.uint8] | None
) -> Rows:
    """All rows that score above the floor: many near-equal ones fill more places than were asked for."""
    found = faiss.RangeSearchResult(1)
    faiss.range_search_inner_product(
        faiss.swig_ptr(query),
        faiss.swig_ptr(vectors),
        vectors.shape[1],
        1,
        len(vectors),
        np.nextafter(np.float32(floor), np.float32(-2)).item(),
        found,
        None if bits is None else faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits)),
    )
    count = int(faiss.rev_swig_ptr(found.lims, 2)[1])
    rows: Rows = faiss.rev_swig_ptr(found.labels, count).copy()
    return rows
