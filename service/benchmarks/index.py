"""How fast and how truly the embedded index answers, takes in, compacts, saves and starts, and what it holds."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.base import Item, Library, Modality, Scope
from index.faiss import FaissIndex
from model.encoders.base import Vectors
from service.benchmarks.exact_truth import ExactTruth
from service.benchmarks.picture_vectors import PIECE, PictureVectors
from service.benchmarks.report import show

_SCOPE = Scope("bench", Library.GENUINE)
_K, _QUERIES, _BATCH, _ITEMS_A_CALL = 10, 400, 64, 1_000
_SHARE = 0.05
"""Of the items that are removed, and that are added, for `_fresh_removed`."""
_CHURN = 0.002
"""Of the items that are replaced before each further compaction."""
_TO_SETTLE = 5
"""Compactions after which memory may grow no more."""
_FINGERPRINT = "bench"

Figures = dict[str, float | int | str]


@dataclass(frozen=True, eq=False)
class _World:
    """What is put into the index and asked of it."""

    pictures: PictureVectors
    items: int
    queries: Vectors
    removed: NDArray[np.bool_]
    """Truth for each of the items."""
    brand: int
    """The one that keeps most nearly 1 % of the items."""

    @property
    def scope(self) -> Scope:
        return Scope(_SCOPE.tenant, _SCOPE.library, brands=frozenset({f"brand-{self.brand}"}))

    @property
    def fresh(self) -> int:
        return int(_SHARE * self.items)


def run(
    items: int = 100_000, dimension: int = 512, seed: int = 0, threads: int = 2, compactions: int = 50
) -> Figures:
    """Time one index of vectors that lie as pictures do (`picture_vectors`), in 100 brands.

    Args:
        items: at least 1,000.
        threads: callers that search at once for `per_second`; each search itself keeps to one thread.
        compactions: over which memory must stay flat, at least 1.

    Returns:
        Flat figures: milliseconds `_ms`, seconds `_s`, mebibytes `_mib`; `recall_10` against exact search.
        Suffix `_scope_1pct`: brands that keep 1 %; `_fresh_removed`: 5 % added and 5 % removed since.
    """
    world = _world(items, dimension, seed)
    truths = _truths(world)
    with tempfile.TemporaryDirectory() as folder:
        figures = _figures(Path(folder), world, dimension, truths, threads, compactions)
    figures |= {"items": items, "dimension": dimension, "threads": threads, "compactions": compactions}
    show("Embedded index", figures)
    return figures


def _figures(
    folder: Path,
    world: _World,
    dimension: int,
    truths: dict[str, ExactTruth],
    threads: int,
    compactions: int,
) -> Figures:
    before = _resident_mib()
    index = FaissIndex(dimension, folder, _FINGERPRINT)
    figures = _built(index, world)
    figures["memory_mib"] = _resident_mib() - before
    figures |= _asked(index, world, truths, "")
    figures |= _at_once(index, world.queries, threads)
    figures["snapshot_save_s"] = _seconds(index.save_snapshot)
    figures |= _changed(index, world)
    figures |= _asked(index, world, truths, "_fresh_removed")
    figures |= _compacted(index, world, compactions)
    figures["memory_peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10 - before
    index.close()
    del index
    start = time.perf_counter()
    FaissIndex.open(folder, dimension, _FINGERPRINT).close()
    figures["snapshot_open_s"] = time.perf_counter() - start
    return figures


def _world(items: int, dimension: int, seed: int) -> _World:
    pictures = PictureVectors(items, dimension, seed)
    first = pictures.piece(0, min(items, PIECE))
    removed = np.zeros(items, np.bool_)
    chosen = np.random.default_rng([seed, 3]).choice(items, int(_SHARE * items), replace=False)
    removed[chosen] = True
    shares = np.bincount(first.brands) / len(first.brands)
    brand = int(np.abs(shares - 0.01).argmin())
    return _World(pictures, items, pictures.queries(_QUERIES, first.vectors), removed, brand)


def _rows(world: _World) -> Iterator[tuple[Vectors, NDArray[np.int64], NDArray[np.int64]]]:
    """Vectors, brands and numbers of the items to begin with, piece by piece."""
    for number, start in enumerate(range(0, world.items, PIECE)):
        piece = world.pictures.piece(number, min(PIECE, world.items - start))
        yield piece.vectors, piece.brands, np.arange(start, start + len(piece.vectors))


def _fresh_rows(world: _World) -> Iterator[tuple[Vectors, NDArray[np.int64], NDArray[np.int64]]]:
    first = -(-world.items // PIECE)
    for number, start in enumerate(range(0, world.fresh, PIECE)):
        piece = world.pictures.piece(first + number, min(PIECE, world.fresh - start))
        yield piece.vectors, piece.brands, world.items + np.arange(start, start + len(piece.vectors))


def _truths(world: _World) -> dict[str, ExactTruth]:
    """By suffix of the figures."""
    names = ("", "_scope_1pct", "_fresh_removed", "_scope_1pct_fresh_removed")
    truths = {name: ExactTruth(world.queries, _K) for name in names}
    for vectors, brands, numbers in _rows(world):
        inside, kept = brands == world.brand, ~world.removed[numbers]
        truths[""].show(vectors, numbers)
        truths["_scope_1pct"].show(vectors[inside], numbers[inside])
        truths["_fresh_removed"].show(vectors[kept], numbers[kept])
        truths["_scope_1pct_fresh_removed"].show(vectors[inside & kept], numbers[inside & kept])
    for vectors, brands, numbers in _fresh_rows(world):
        inside = brands == world.brand
        truths["_fresh_removed"].show(vectors, numbers)
        truths["_scope_1pct_fresh_removed"].show(vectors[inside], numbers[inside])
    return truths


def _built(index: FaissIndex, world: _World) -> Figures:
    """Drawing the vectors counts to `build_s`, as reading them from the database would, and not to the rate."""
    start, taking_in = time.perf_counter(), 0.0
    for vectors, brands, numbers in _rows(world):
        items = _items(vectors, brands, numbers)
        taking_in += _seconds(lambda items=items: _upsert(index, items))  # type: ignore[misc]  # its default
    index.settle()
    index.compact()
    status = index.status()[0]
    return {
        "build_s": time.perf_counter() - start,
        "items_per_second": world.items / taking_in,
        "kind": status.kind.value,
        "lists": status.lists,
        "probes": status.probes,
        "recall_10_when_trained": status.recall_at_10 if status.recall_at_10 is not None else 1.0,
    }


def _asked(index: FaissIndex, world: _World, truths: dict[str, ExactTruth], suffix: str) -> Figures:
    """One query after another: everything, and the brand that keeps 1 %."""
    figures: Figures = {}
    for name, scope in (("", _SCOPE), ("_scope_1pct", world.scope)):
        figures |= _latencies(name + suffix, lambda n, scope=scope: _search(index, world, n, scope))  # type: ignore[misc]  # its default
        found = index.search(world.queries, _K, scope)
        figures[f"recall_10{name}{suffix}"] = truths[name + suffix].recall(found)
    figures[f"kept_share_scope_1pct{suffix}"] = index.count(world.scope) / index.count()
    return figures


def _at_once(index: FaissIndex, queries: Vectors, threads: int) -> Figures:
    """Queries in one call, callers side by side, and single upserts."""
    one = _items(queries[:1], np.zeros(1, np.int64), np.array([2**40]))
    batch = _seconds(lambda: index.search(queries[:_BATCH], _K, _SCOPE))
    figures: Figures = {f"ms_per_query_batch_{_BATCH}": batch * 1e3 / len(queries[:_BATCH])}
    with ThreadPoolExecutor(threads) as pool:
        taken = _seconds(lambda: list(pool.map(lambda query: index.search(query[None], _K, _SCOPE), queries)))
    figures["per_second"] = len(queries) / taken
    figures |= _latencies("_upsert_one", lambda _: index.upsert(one))
    index.remove([one[0].id])
    return figures


def _changed(index: FaissIndex, world: _World) -> Figures:
    """Remove 5 % and add 5 % that were not there."""
    gone = [f"item-{number}" for number in np.flatnonzero(world.removed)]
    figures: Figures = {"remove_s": _seconds(lambda: index.remove(gone))}
    for vectors, brands, numbers in _fresh_rows(world):
        _upsert(index, _items(vectors, brands, numbers))
    index.settle()
    status = index.status()[0]
    return figures | {
        "fresh_share": status.fresh / index.count(),
        "removed_share": status.tombstones / index.count(),
    }


def _compacted(index: FaissIndex, world: _World, compactions: int) -> Figures:
    """The first drops what `_changed` left, while searches go on; before each other one some items are replaced."""
    figures = _first_compaction(index, world)
    resident = [_resident_mib()]
    for turn in range(1, compactions):
        _replace(index, world, turn)
        index.compact()
        resident.append(_resident_mib())
    settled = resident[min(_TO_SETTLE, len(resident)) - 1]
    return figures | {
        "memory_mib_growth_over_compactions": resident[-1] - settled,
        "memory_mib_largest_growth_over_compactions": max(resident[_TO_SETTLE - 1 :] or [settled]) - settled,
    }


def _first_compaction(index: FaissIndex, world: _World) -> Figures:
    start, waited = time.perf_counter(), list[float]()
    with ThreadPoolExecutor(1) as pool:
        compacting = pool.submit(index.compact)
        while not waited or not compacting.done():
            waited.append(_seconds(lambda: _search(index, world, len(waited), _SCOPE)) * 1e3)
        compacting.result()
    return {
        "compaction_s": time.perf_counter() - start,
        "p50_ms_compacting": float(np.median(waited)),
        "p95_ms_compacting": float(np.percentile(waited, 95)),
    }


def _replace(index: FaissIndex, world: _World, turn: int) -> None:
    """What the turn before added gives way to as many others."""
    new = world.pictures.piece(2**20 + turn, max(1, int(_CHURN * world.items)))
    numbers = 2 * world.items + turn * len(new.vectors) + np.arange(len(new.vectors))
    index.remove([f"item-{number - len(numbers)}" for number in numbers])
    _upsert(index, _items(new.vectors, new.brands, numbers))
    index.settle()


def _search(index: FaissIndex, world: _World, number: int, scope: Scope) -> None:
    number %= len(world.queries)
    index.search(world.queries[number : number + 1], _K, scope)


def _items(vectors: Vectors, brands: NDArray[np.int64], numbers: NDArray[np.int64]) -> list[Item]:
    return [
        Item(f"item-{number}", _SCOPE.tenant, _SCOPE.library, Modality.PHOTO, f"brand-{brand}", vector)
        for vector, brand, number in zip(vectors, brands.tolist(), numbers.tolist(), strict=True)
    ]


def _upsert(index: FaissIndex, items: list[Item]) -> None:
    for start in range(0, len(items), _ITEMS_A_CALL):
        index.upsert(items[start : start + _ITEMS_A_CALL])


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _latencies(suffix: str, work: Callable[[int], object]) -> Figures:
    """Of one call after another, each query once, after one that does not count.

    `cpu` is the thread's own time: what other work on the machine did to a figure shows beside it.
    """
    work(0)
    times, busy = list[float](), list[float]()
    for number in range(_QUERIES):
        began = time.thread_time()
        times.append(_seconds(lambda n=number: work(n)) * 1e3)  # type: ignore[misc]  # its default
        busy.append((time.thread_time() - began) * 1e3)
    return {
        f"p50_ms{suffix}": float(np.median(times)),
        f"p95_ms{suffix}": float(np.percentile(times, 95)),
        f"p95_cpu_ms{suffix}": float(np.percentile(busy, 95)),
    }


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
