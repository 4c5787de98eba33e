"""How fast the embedded index answers, takes in, saves and starts, and what it holds in memory."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from index.base import Item, Library, Modality, Scope
from index.faiss import FaissIndex
from model.encoders.base import Vectors

_SCOPE = Scope("bench", Library.GENUINE)
_ONE_PERCENT = Scope("bench", Library.GENUINE, brands=frozenset({"brand-0"}))
_K, _BATCH, _ITEMS_A_CALL, _TRIALS = 10, 64, 1_000, 50
_RECALL_QUERIES = 100
_FINGERPRINT = "bench"


def run(
    items: int = 100_000, dimension: int = 512, seed: int = 0, threads: int = 1
) -> dict[str, float | str]:
    """Time one index of random unit vectors in 100 brands, each query a disturbed copy of an item.

    Args:
        items: at least 1,000.
        threads: callers that search at once in `per_second`; each search itself keeps to one thread.

    Returns:
        Flat figures: milliseconds `_ms`, seconds `_s`, mebibytes `_mib`; `recall_at_10` against exact
        cosines in float64.
    """
    generator = np.random.default_rng(seed)
    vectors = _unit(generator.standard_normal((items, dimension), dtype=np.float32))
    noise = generator.standard_normal((_RECALL_QUERIES, dimension), dtype=np.float32) * 0.05
    queries = _unit(vectors[generator.integers(0, items, _RECALL_QUERIES)] + noise)
    with tempfile.TemporaryDirectory() as folder:
        figures = _figures(Path(folder), vectors, queries, threads)
    figures |= {"items": items, "dimension": dimension, "seed": seed, "threads": threads}
    _show(figures)
    return figures


def _figures(folder: Path, vectors: Vectors, queries: Vectors, threads: int) -> dict[str, float | str]:
    index = FaissIndex(vectors.shape[1], folder, _FINGERPRINT)
    before = _resident_mib()
    build = _seconds(lambda: _fill(index, vectors))
    figures: dict[str, float | str] = {"build_s": build, "upserts_per_second": len(vectors) / build}
    figures["memory_mib"] = _resident_mib() - before
    figures |= _latencies("", lambda n: index.search(queries[n : n + 1], _K, _SCOPE))
    figures |= _latencies("_scope_1_percent", lambda n: index.search(queries[n : n + 1], _K, _ONE_PERCENT))
    batch = np.resize(queries, (_BATCH, queries.shape[1]))
    figures[f"ms_per_query_batch_{_BATCH}"] = _seconds(lambda: index.search(batch, _K, _SCOPE)) * 1e3 / _BATCH
    figures["per_second"] = _rate(index, queries, threads)
    figures["recall_at_10"] = _recall(index, vectors, queries)
    one = next(_items(vectors[:1]))
    figures |= _latencies("_upsert_one", lambda _: index.upsert([one]))
    figures["snapshot_save_s"] = _seconds(index.save_snapshot)
    figures["snapshot_open_s"] = _seconds(lambda: FaissIndex.open(folder, vectors.shape[1], _FINGERPRINT))
    return figures


def _unit(vectors: Vectors) -> Vectors:
    scaled: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return scaled


def _items(vectors: Vectors) -> Iterator[Item]:
    for number, vector in enumerate(vectors):
        brand = f"brand-{number % 100}"
        yield Item(f"item-{number}", _SCOPE.tenant, _SCOPE.library, Modality.PHOTO, brand, vector)


def _fill(index: FaissIndex, vectors: Vectors) -> None:
    items = list(_items(vectors))
    for start in range(0, len(items), _ITEMS_A_CALL):
        index.upsert(items[start : start + _ITEMS_A_CALL], revision=start + 1)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _latencies(suffix: str, work: Callable[[int], object]) -> dict[str, float | str]:
    work(0)
    times = [_seconds(lambda n=n: work(n)) * 1e3 for n in range(_TRIALS)]  # type: ignore[misc]  # mypy cannot infer the default's type
    return {f"p50_ms{suffix}": float(np.median(times)), f"p95_ms{suffix}": float(np.percentile(times, 95))}


def _rate(index: FaissIndex, queries: Vectors, threads: int) -> float:
    with ThreadPoolExecutor(threads) as pool:
        taken = _seconds(lambda: list(pool.map(lambda query: index.search(query[None], _K, _SCOPE), queries)))
    return len(queries) / taken


def _recall(index: FaissIndex, vectors: Vectors, queries: Vectors) -> float:
    found = index.search(queries, _K, _SCOPE)
    shares = []
    for query, hits in zip(queries, found, strict=True):
        exact = np.concatenate(
            [
                piece.astype(np.float64) @ query
                for piece in np.array_split(vectors, 1 + len(vectors) // 10_000)
            ]
        )
        best = {f"item-{row}" for row in np.argpartition(-exact, _K)[:_K]}
        shares.append(len(best & {hit.id for hit in hits}) / _K)
    return float(np.mean(shares))


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _show(figures: dict[str, float | str]) -> None:
    table = Table("figure", "value", title="Embedded index")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.2f}" if isinstance(value, float) else f"{value}")
    Console().print(table)
