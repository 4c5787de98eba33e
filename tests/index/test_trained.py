"""A large partition is trained to a measured recall, kept up in the background, and never worse in silence."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index.base import Hit, Item, Library, Modality, Scope
from index.faiss import FaissIndex, Kind, PartStatus, Tuning, UpkeepFailed, training, upkeep
from service.benchmarks.exact_truth import ExactTruth
from service.benchmarks.picture_vectors import PictureVectors

D = 64
SCOPE = Scope("acme", Library.GENUINE)
TUNING = Tuning(exact_numbers=2_000 * D, seal_rows=300)
WORLD = PictureVectors(4_000, D, seed=7)
PIECE = WORLD.piece(0, 4_000)
QUERIES = WORLD.queries(200, PIECE.vectors)


def items(first: int, stop: int) -> list[Item]:
    return [
        Item(f"i-{n}", "acme", Library.GENUINE, Modality.PHOTO, f"b{PIECE.brands[n]}", PIECE.vectors[n])
        for n in range(first, stop)
    ]


@pytest.fixture
def make() -> Iterator[Callable[..., FaissIndex]]:
    made: list[FaissIndex] = []

    def filled(rows: int, tuning: Tuning = TUNING, directory: Path | None = None) -> FaissIndex:
        index = FaissIndex(D, directory, "f", tuning)
        made.append(index)
        index.upsert(items(0, rows))
        index.settle()
        return index

    yield filled
    for index in made:
        index.close()


def only(index: FaissIndex) -> PartStatus:
    (status,) = index.status()
    return status


def recall(index: FaissIndex, rows: list[int], scope: Scope = SCOPE) -> float:
    truth = ExactTruth(QUERIES, 10)
    truth.show(PIECE.vectors[rows], np.array(rows))
    return truth.recall(index.search(QUERIES, 10, scope))


def exact(found: list[list[Hit]], queries: np.ndarray = QUERIES) -> bool:
    """Whether every score is the cosine of the two vectors, to the last bit of float32."""
    return all(
        abs(hit.score - float(PIECE.vectors[int(hit.id[2:])].astype(float) @ query)) < 1e-6
        for query, hits in zip(queries, found, strict=True)
        for hit in hits
    )


def test_a_partition_is_trained_once_it_is_large(make: Callable[..., FaissIndex]) -> None:
    index = make(1_999)
    assert (only(index).kind, only(index).recall_at_10) == (Kind.EXACT, None)
    index.upsert(items(1_999, 2_000))
    index.settle()
    assert (only(index).kind, only(index).main, only(index).fresh) == (Kind.TRAINED, 2_000, 0)
    assert 0 < only(index).probes < only(index).lists / 2


def test_trained_search_finds_what_was_measured(make: Callable[..., FaissIndex]) -> None:
    index = make(4_000)
    measured = only(index).recall_at_10
    assert measured is not None
    assert measured >= TUNING.target_recall
    assert recall(index, list(range(4_000))) >= TUNING.target_recall - 0.01
    assert exact(index.search(QUERIES, 10, SCOPE))


def test_every_item_is_found_by_its_own_vector(make: Callable[..., FaissIndex]) -> None:
    index = make(4_000)
    assert [hits[0].id for hits in index.search(PIECE.vectors, 1, SCOPE)] == [f"i-{n}" for n in range(4_000)]


def test_a_query_is_answered_alike_alone_and_in_company(make: Callable[..., FaissIndex]) -> None:
    index = make(3_000)
    together = index.search(QUERIES[:50], 10, SCOPE)
    assert together == [index.search(query[np.newaxis], 10, SCOPE)[0] for query in QUERIES[:50]]


def test_a_small_scope_is_answered_exactly(make: Callable[..., FaissIndex]) -> None:
    index = make(4_000)
    brands = frozenset({"b1", "b2", "b3"})
    rows = [n for n in range(4_000) if PIECE.brands[n] in (1, 2, 3)]
    assert len(rows) > 30
    assert recall(index, rows, Scope("acme", Library.GENUINE, brands=brands)) == 1


def test_a_scope_too_large_to_read_looks_into_more_lists(make: Callable[..., FaissIndex]) -> None:
    index = make(4_000, Tuning(exact_numbers=500 * D))
    brands = range(0, 100, 3)
    rows = [n for n in range(4_000) if PIECE.brands[n] in brands]
    assert len(rows) > 1_000
    scope = Scope("acme", Library.GENUINE, brands=frozenset(f"b{brand}" for brand in brands))
    assert recall(index, rows, scope) >= TUNING.target_recall - 0.01


def test_more_hits_than_the_probed_lists_hold_are_found(make: Callable[..., FaissIndex]) -> None:
    index = make(4_000)
    assert {hit.id for hit in index.search(QUERIES[:1], 4_000, SCOPE)[0]} == {f"i-{n}" for n in range(4_000)}


def test_recall_holds_with_fresh_and_removed_items(make: Callable[..., FaissIndex]) -> None:
    index = make(3_000)
    index.remove([f"i-{n}" for n in range(0, 600, 2)])
    index.upsert(items(3_000, 3_900))
    index.settle()
    status = only(index)
    assert (status.main, status.fresh, status.tombstones) == (3_000, 900, 300)
    kept = [n for n in range(3_900) if n >= 600 or n % 2]
    assert recall(index, kept) >= TUNING.target_recall - 0.01
    index.compact()
    status = only(index)
    assert (status.main, status.fresh, status.tombstones) == (3_600, 0, 0)
    assert status.compacted_at is not None
    assert recall(index, kept) >= TUNING.target_recall - 0.01


def test_vectors_without_near_ones_are_refused_and_stay_exact() -> None:
    """In random directions nothing but reading everything finds the nearest."""
    drawn = np.random.default_rng(3).standard_normal((2_500, 128))
    vectors = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    index = FaissIndex(128, tuning=Tuning(exact_numbers=2_000 * 128))
    index.upsert(
        [
            Item(f"r-{n}", "acme", Library.GENUINE, Modality.PHOTO, "b", vector)
            for n, vector in enumerate(vectors)
        ]
    )
    index.settle()
    status = only(index)
    assert (status.kind, status.lists) == (Kind.REFUSED, 0)
    assert "does not hold 0.99" in status.reason
    truth = ExactTruth(vectors[:50], 10)
    truth.show(vectors, np.arange(2_500))
    assert truth.recall(index.search(vectors[:50], 10, SCOPE)) == 1
    index.close()


def test_a_refused_partition_is_tried_again_at_twice_its_size(
    make: Callable[..., FaissIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(training, "_LARGEST_SHARE", 0.0)
        index = make(2_000, Tuning(exact_numbers=1_000 * D, seal_rows=300))
        assert only(index).kind is Kind.REFUSED
    index.upsert(items(2_000, 3_900))
    index.settle()
    assert only(index).kind is Kind.REFUSED
    index.upsert(items(3_900, 4_000))
    index.settle()
    assert only(index).kind is Kind.TRAINED


def test_probes_are_raised_when_compaction_finds_the_recall_too_low(make: Callable[..., FaissIndex]) -> None:
    """Trained on one brand's pictures, then come others that its lists do not fit."""
    index = FaissIndex(D, None, "f", Tuning(exact_numbers=600 * D, growth=100.0))
    ordered = np.argsort(PIECE.brands, kind="stable")
    renamed = [items(int(n), int(n) + 1)[0] for n in ordered]
    index.upsert(renamed[:600])
    index.settle()
    before = only(index)
    index.upsert(renamed[600:])
    index.settle()
    index.compact()
    after = only(index)
    assert after.recall_at_10 is not None
    assert after.recall_at_10 >= TUNING.target_recall
    assert (after.lists, after.probes) > (before.lists, before.probes)
    assert recall(index, list(range(4_000))) >= TUNING.target_recall - 0.01
    index.close()


def test_a_partition_that_shrank_is_exact_again(make: Callable[..., FaissIndex]) -> None:
    index = make(2_000)
    index.remove([f"i-{n}" for n in range(1_200)])
    index.settle()
    assert (only(index).kind, only(index).tombstones) == (Kind.EXACT, 0)
    assert recall(index, list(range(1_200, 2_000))) == 1


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[threading.Event, threading.Event]]:
    """Training says that it began and waits until it may go on."""
    began, go_on = threading.Event(), threading.Event()
    real = upkeep.trained

    def waiting(*given: object) -> object:
        began.set()
        assert go_on.wait(60)
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(upkeep, "trained", waiting)
    yield began, go_on
    go_on.set()


def test_calls_during_training_are_served_and_kept(
    held_up: tuple[threading.Event, threading.Event], tmp_path: Path
) -> None:
    began, go_on = held_up
    index = FaissIndex(D, tmp_path, "f", TUNING)
    index.upsert(items(0, 2_200), revision=1)
    assert began.wait(60)
    index.upsert(items(2_200, 2_300), revision=2)
    index.remove([f"i-{n}" for n in (*range(100), *range(2_200, 2_250))], revision=3)
    index.upsert([items(150, 151)[0].with_vector(PIECE.vectors[3_999])], revision=4)
    rows = [n for n in (*range(100, 2_200), *range(2_250, 2_300)) if n != 150]
    now = index.search(QUERIES, 10, SCOPE)
    index.save_snapshot()
    go_on.set()
    index.settle()
    assert only(index).kind is Kind.TRAINED
    assert (index.revision(), index.count()) == (4, len(rows) + 1)
    after = index.search(PIECE.vectors[[150, 3_999, 2_260]], 1, SCOPE)
    assert [hits[0].id for hits in after][1:] == ["i-150", "i-2260"]
    assert not {f"i-{n}" for n in range(100)} & {hit.id for hits in now for hit in hits}
    assert index.remove(["i-150", "i-160", "i-2260", "i-2201"], revision=5) == 3
    assert not {"i-150", "i-160"} & {hit.id for hit in index.search(QUERIES[:1], 2_500, SCOPE)[0]}
    index.close()
    assert FaissIndex.open(tmp_path, D, "f", TUNING).revision() == 4


def test_a_partition_that_began_anew_during_training_gets_nothing_of_the_old_one(
    held_up: tuple[threading.Event, threading.Event],
) -> None:
    began, go_on = held_up
    index = FaissIndex(D, None, "f", TUNING)
    index.upsert(items(0, 2_000))
    assert began.wait(60)
    index.remove([f"i-{n}" for n in range(2_000)])
    index.upsert(items(2_000, 2_010))
    go_on.set()
    index.settle()
    found = index.search(QUERIES[:1], 3_000, SCOPE)[0]
    assert {hit.id for hit in found} == {f"i-{n}" for n in range(2_000, 2_010)}
    assert index.count() == 10
    index.close()


def test_closing_abandons_training(held_up: tuple[threading.Event, threading.Event]) -> None:
    began, go_on = held_up
    before = set(threading.enumerate())
    index = FaissIndex(D, None, "f", TUNING)
    index.upsert(items(0, 2_000))
    assert began.wait(60)
    threading.Timer(0.1, go_on.set).start()
    index.close()
    left = set(threading.enumerate()) - before
    assert not any(thread.name.startswith("index-upkeep") for thread in left)


def test_work_that_breaks_off_is_told_and_searches_stay_right(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> object:
        raise MemoryError("no room to train")

    monkeypatch.setattr(upkeep, "trained", broken)
    index = FaissIndex(D, None, "f", TUNING)
    index.upsert(items(0, 2_100))
    with pytest.raises(UpkeepFailed):
        index.settle()
    assert "searches stay right" in caplog.text
    assert recall(index, list(range(2_100))) == 1
    index.close()


def test_a_snapshot_keeps_the_trained_part(make: Callable[..., FaissIndex], tmp_path: Path) -> None:
    index = make(3_000, directory=tmp_path)
    index.remove([f"i-{n}" for n in range(50)], revision=2)
    index.upsert(items(3_000, 3_100), revision=3)
    index.settle()
    index.save_snapshot()
    opened = FaissIndex.open(tmp_path, D, "f", TUNING)
    before, after = only(index), only(opened)
    assert (after.kind, after.lists, after.probes) == (Kind.TRAINED, before.lists, before.probes)
    assert (after.recall_at_10, after.measured_at) == (before.recall_at_10, before.measured_at)
    assert (after.main, after.fresh, after.tombstones) == (2_950, 100, 0)
    assert opened.search(QUERIES, 10, SCOPE) == index.search(QUERIES, 10, SCOPE)
    opened.close()
