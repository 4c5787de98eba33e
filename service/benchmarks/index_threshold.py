"""From which size on trained search is worth its training: both kinds over the same vectors."""

from __future__ import annotations

import time

import numpy as np

from index.base import Item, Library, Modality, Scope
from index.faiss import FaissIndex, Tuning
from model.encoders.base import Vectors
from service.benchmarks.picture_vectors import PIECE, PictureVectors
from service.benchmarks.report import show

_SIZES = (8_192, 16_384, 32_768, 65_536)
_SCOPE = Scope("bench", Library.GENUINE)
_QUERIES, _K = 200, 10
_KINDS = {"exact": Tuning(exact_numbers=2**62), "trained": Tuning(exact_numbers=1)}


def run(dimension: int = 512, seed: int = 0) -> dict[str, float | int | str]:
    """Milliseconds of the searching thread's own time, median and 95th percentile, and seconds to be ready."""
    figures: dict[str, float | int | str] = {}
    for size in _SIZES:
        pictures = PictureVectors(size, dimension, seed)
        pieces = [pictures.piece(number).vectors for number in range(-(-size // PIECE))]
        vectors = np.concatenate(pieces)[:size]
        for kind, tuning in _KINDS.items():
            measured = _measured(
                FaissIndex(dimension, tuning=tuning), vectors, pictures.queries(_QUERIES, vectors)
            )
            figures |= {f"{figure}_{kind}_{size}": value for figure, value in measured.items()}
    show("Exact and trained search", figures)
    return figures


def _measured(index: FaissIndex, vectors: Vectors, queries: Vectors) -> dict[str, float]:
    items = [
        Item(f"item-{number}", _SCOPE.tenant, _SCOPE.library, Modality.PHOTO, "brand", vector)
        for number, vector in enumerate(vectors)
    ]
    start = time.perf_counter()
    index.upsert(items)
    index.settle()
    ready, busy = time.perf_counter() - start, list[float]()
    for query in queries:
        began = time.thread_time()
        index.search(query[np.newaxis], _K, _SCOPE)
        busy.append((time.thread_time() - began) * 1e3)
    index.close()
    return {
        "p50_cpu_ms": float(np.median(busy)),
        "p95_cpu_ms": float(np.percentile(busy, 95)),
        "ready_s": ready,
    }
