"""Learns a quantiser from a partition's rows, and measures what search with it finds before it may serve."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from index.faiss.columns import Rows
from index.faiss.lists import Lists, lists_of
from index.faiss.quantiser import Codes, Measured, Quantiser
from index.faiss.questions import Questions
from index.faiss.scan import knn
from model.encoders.base import Vectors

_LISTS_A_ROOT = 4
"""Lists for each root of the rows."""
_ROWS_A_LIST = 4
"""There is no list without so many rows on average."""
_SAMPLE_A_LIST = 40
_ROUNDS = 8
_ENERGY = 0.93
"""Share of the squared length that the reduced vectors keep (decision 0101)."""
_ENERGY_SAMPLE = 20_000
_DIMENSIONS_STEP = 16
_QUERIES = 400
_NEIGHBOURS = 10
_FEWEST_PROBES = 4
_LARGEST_SHARE = 0.5
"""Of the lists: a search of more than these is hardly quicker than one of all rows."""
_SEED = 0

Checkpoint = Callable[[], None]
"""Raises when the work is no longer wanted."""


@dataclass(frozen=True)
class Refusal:
    """Why a partition stays exact although it is large."""

    rows: int
    """When it was tried; it is tried again at twice as many."""
    reason: str


def trained(vectors: Vectors, target: float, checkpoint: Checkpoint) -> Lists | Refusal:
    """Lists over the (N, D) rows whose measured recall is surely at the target, or why there are none.

    Args:
        target: of recall at 10, in (0, 1]. At 1 every list is searched: no sample proves perfection.
    """
    faiss.omp_set_num_threads(1)
    generator = np.random.default_rng(_SEED)
    refusal = Refusal(len(vectors), "not tried")
    for projection in _projections(_sampled(vectors, _ENERGY_SAMPLE, generator)):
        quantiser = _learned(vectors, projection, generator, checkpoint)
        checkpoint()
        codes = _encoded(quantiser, vectors, checkpoint)
        outcome = measured(vectors, lists_of(quantiser, codes, quantiser.lists, None), target, checkpoint)
        if isinstance(outcome, Lists):
            return outcome
        refusal = outcome
    return refusal


def measured(vectors: Vectors, lists: Lists, target: float, checkpoint: Checkpoint) -> Lists | Refusal:
    """The same lists with the fewest probes that hold the target on rows of their own, or why none do.

    Each sampled row is a query for the others. The mean of the recalls less twice its standard error must
    be at the target, so that a lucky sample does not pass.
    """
    rows = _sampled_rows(len(vectors), _QUERIES, np.random.default_rng(_SEED + 1))
    truth = _others(knn(vectors, vectors[rows], min(_NEIGHBOURS + 1, len(vectors)), None)[1], rows)
    counts = _probe_counts(lists.quantiser.lists, target)
    low, high, recall, best = 0, len(counts), 0.0, None
    while low < high:
        checkpoint()
        middle = (low + high) // 2
        recalls = _recalls(vectors, lists.probing(counts[middle], None), rows, truth)
        recall = float(recalls.mean())
        surely = recall - 2 * float(recalls.std()) / math.sqrt(len(recalls))
        if surely >= target:
            high = middle
            best = lists.probing(counts[middle], Measured(recall, len(rows), len(vectors), time.time()))
        else:
            low = middle + 1
    return best or Refusal(
        len(vectors),
        f"recall {recall:.4f} with {lists.quantiser.lists} lists of {lists.quantiser.reduced_dimension} "
        f"dimensions does not hold {target} at a cost below that of exact search",
    )


def _projections(sample: Vectors) -> Iterator[NDArray[np.float32]]:
    """Principal directions: as many as keep most of the energy, then all of them."""
    values, directions = np.linalg.eigh(np.asarray(sample.T @ sample, np.float64))
    kept = np.cumsum(values[::-1]) / values.sum()
    ordered = np.ascontiguousarray(directions[:, ::-1].T, np.float32)
    few = int(np.searchsorted(kept, _ENERGY)) + 1
    few = min(len(ordered), -(-few // _DIMENSIONS_STEP) * _DIMENSIONS_STEP)
    yield np.ascontiguousarray(ordered[:few])
    if few < len(ordered):
        yield ordered


def _learned(
    vectors: Vectors, projection: NDArray[np.float32], generator: np.random.Generator, checkpoint: Checkpoint
) -> Quantiser:
    lists = max(1, min(round(_LISTS_A_ROOT * math.sqrt(len(vectors))), len(vectors) // _ROWS_A_LIST))
    bare = Quantiser(
        projection,
        np.empty((0, len(projection)), np.float32),
        np.empty((2, 0), np.float32),
        len(vectors),
    )
    sample = np.concatenate(
        [short for _, short in bare.reduced_pieces(_sampled(vectors, _SAMPLE_A_LIST * lists, generator))]
    )
    centres = _clustered(sample, lists, checkpoint)
    residuals = sample - centres[_assigned(sample, centres)]
    least = residuals.min(axis=0)
    ranges = np.stack([least, np.maximum(residuals.max(axis=0) - least, 1e-6)])
    return Quantiser(projection, centres, ranges.astype(np.float32), len(vectors))


def _clustered(sample: NDArray[np.float32], lists: int, checkpoint: Checkpoint) -> NDArray[np.float32]:
    """Spherical k-means, one round a call, so that it can be abandoned between two."""
    centres = sample[:lists].copy()
    for _ in range(_ROUNDS):
        checkpoint()
        round_ = faiss.Clustering(sample.shape[1], lists)
        round_.niter, round_.spherical, round_.seed = 1, True, _SEED + 1
        round_.min_points_per_centroid, round_.max_points_per_centroid = 1, len(sample)
        faiss.copy_array_to_vector(centres.ravel(), round_.centroids)
        round_.train(sample, faiss.IndexFlatIP(sample.shape[1]))
        centres = faiss.vector_to_array(round_.centroids).reshape(lists, -1)
    return centres


def _assigned(sample: NDArray[np.float32], centres: NDArray[np.float32]) -> Rows:
    flat = faiss.IndexFlatIP(sample.shape[1])
    flat.add(centres)
    assigned: Rows = flat.search(sample, 1)[1][:, 0]
    return assigned


def _encoded(quantiser: Quantiser, vectors: Vectors, checkpoint: Checkpoint) -> Codes:
    codes = Codes(
        np.empty(len(vectors), np.int32), np.empty((len(vectors), quantiser.reduced_dimension), np.uint8)
    )
    for start in range(0, len(vectors), _PIECE):
        checkpoint()
        piece = quantiser.encoded(vectors[start : start + _PIECE])
        codes.lists[start : start + _PIECE], codes.codes[start : start + _PIECE] = piece
    return codes


_PIECE = 65_536


def _probe_counts(lists: int, target: float) -> list[int]:
    """Ascending by a factor of about 1.2, up to where probing is hardly quicker than reading everything."""
    if target >= 1:
        return [lists]
    most = max(1, int(_LARGEST_SHARE * lists))
    steps = (round(_FEWEST_PROBES * 2 ** (step / 4)) for step in range(128))
    return [*(probes for probes in steps if probes < most), most]


def _recalls(vectors: Vectors, lists: Lists, rows: Rows, truth: list[set[int]]) -> NDArray[np.float64]:
    return np.array(
        [
            _recall(
                wanted, lists.nearest(vectors, Questions(vectors[row : row + 1]), _NEIGHBOURS + 1, None)[0]
            )
            for row, wanted in zip(rows.tolist(), truth, strict=True)
        ]
    )


def _recall(wanted: set[int], found: Rows) -> float:
    return len(wanted & set(found.tolist())) / len(wanted) if wanted else 1.0


def _others(found: Rows, rows: Rows) -> list[set[int]]:
    """Of each query's nearest the first ten but for itself."""
    return [
        set([other for other in nearest if other != row][:_NEIGHBOURS])
        for row, nearest in zip(rows.tolist(), found.tolist(), strict=True)
    ]


def _sampled(vectors: Vectors, count: int, generator: np.random.Generator) -> Vectors:
    return vectors[_sampled_rows(len(vectors), count, generator)]


def _sampled_rows(rows: int, count: int, generator: np.random.Generator) -> Rows:
    """Distinct, in no order."""
    return generator.permutation(rows)[: min(rows, count)]
