"""What every engine of `VectorIndex` does. A new engine is one more entry of ENGINES."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from index.base import (
    DimensionMismatch,
    IndexClosed,
    Item,
    Library,
    Modality,
    NotUnitLength,
    Scope,
    VectorIndex,
)
from index.faiss import FaissIndex, Tuning

D = 24

EARLY = Tuning(exact_numbers=16 * D, seal_rows=4, target_recall=1.0)
"""Lets a few dozen items do what takes tens of thousands in earnest."""


class Settled(FaissIndex):
    """Every call returns when training, sealing and compaction are done with what it changed."""

    def upsert(self, items: Sequence[Item], revision: int | None = None) -> None:
        super().upsert(items, revision)
        self.settle()

    def remove(self, ids: Iterable[str], revision: int | None = None) -> int:
        removed = super().remove(ids, revision)
        self.settle()
        return removed


ENGINES: dict[str, Callable[[int], VectorIndex]] = {
    "faiss": FaissIndex,
    "faiss-trained": lambda dimension: Settled(dimension, tuning=EARLY),
    "faiss-training-meanwhile": lambda dimension: FaissIndex(dimension, tuning=EARLY),
}

GENUINE = Scope("acme", Library.GENUINE)


@pytest.fixture(params=sorted(ENGINES))
def index(request: pytest.FixtureRequest) -> Iterator[VectorIndex]:
    engine = ENGINES[request.param](D)
    yield engine
    engine.close()


def unit(seed: int, dimension: int = D) -> NDArray[np.float32]:
    vector = np.random.default_rng(seed).standard_normal(dimension)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def item(id_: str, seed: int, brand: str = "kite", scope: Scope = GENUINE) -> Item:
    return Item(id_, scope.tenant, scope.library, scope.modality, brand, unit(seed))


def queries(*seeds: int) -> NDArray[np.float32]:
    return np.stack([unit(seed) for seed in seeds])


def found(index: VectorIndex, seed: int, scope: Scope = GENUINE, k: int = 10) -> list[str]:
    return [hit.id for hit in index.search(queries(seed), k, scope)[0]]


def test_is_a_vector_index(index: VectorIndex) -> None:
    assert isinstance(index, VectorIndex)
    assert index.dimension == D


def test_what_was_upserted_is_found_by_the_next_search(index: VectorIndex) -> None:
    for seed in range(50):
        index.upsert([item(f"r{seed}", seed)])
        assert found(index, seed, k=1) == [f"r{seed}"]


def test_scores_are_cosines_best_first(index: VectorIndex) -> None:
    index.upsert([item(f"r{seed}", seed) for seed in range(200)])
    for query, hits in zip(
        range(300, 320), index.search(queries(*range(300, 320)), 10, GENUINE), strict=True
    ):
        cosines = {f"r{seed}": float(unit(seed) @ unit(query)) for seed in range(200)}
        best = sorted(cosines, key=lambda id_: -cosines[id_])[:10]
        assert [hit.id for hit in hits] == best
        assert [hit.score for hit in hits] == pytest.approx([cosines[id_] for id_ in best], abs=1e-5)


def test_a_score_does_not_depend_on_what_shares_its_call(index: VectorIndex) -> None:
    index.upsert([item(f"r{seed}", seed) for seed in range(300)])
    seeds = range(1000, 1040)
    together = index.search(queries(*seeds), 5, GENUINE)
    alone = [index.search(queries(seed), 5, GENUINE)[0] for seed in seeds]
    assert together == alone


def test_a_score_does_not_depend_on_what_else_is_held(index: VectorIndex) -> None:
    index.upsert([item("r0", 0)])
    before = index.search(queries(7), 1, GENUINE)[0]
    index.upsert([item(f"s{seed}", seed) for seed in range(100, 200)])
    assert before[0] in index.search(queries(7), 200, GENUINE)[0]


def test_ties_are_ordered_by_id_also_at_the_border_of_k(index: VectorIndex) -> None:
    ids = [f"twin-{number:03}" for number in range(100)]
    for id_ in reversed(ids):
        index.upsert([item(id_, 1)])
    assert found(index, 1, k=3) == ids[:3]
    assert found(index, 2, k=70) == ids[:70]
    assert [[hit.id for hit in hits] for hits in index.search(queries(1, 2, 3, 4), 3, GENUINE)] == [
        ids[:3]
    ] * 4


def test_k_may_exceed_what_is_held(index: VectorIndex) -> None:
    index.upsert([item("r0", 0), item("r1", 1)])
    assert sorted(found(index, 0, k=1000)) == ["r0", "r1"]


def test_k_below_one_is_refused(index: VectorIndex) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        index.search(queries(0), 0, GENUINE)


def test_an_empty_scope_gives_an_empty_list_for_each_query(index: VectorIndex) -> None:
    assert index.search(queries(0, 1, 2), 5, GENUINE) == [[], [], []]
    index.upsert([item("r0", 0)])
    index.remove(["r0"])
    assert index.search(queries(0, 1, 2), 5, GENUINE) == [[], [], []]


def test_no_queries_give_no_lists(index: VectorIndex) -> None:
    index.upsert([item("r0", 0)])
    assert index.search(np.empty((0, D), np.float32), 5, GENUINE) == []


def test_nothing_under_min_score_is_returned(index: VectorIndex) -> None:
    index.upsert([item(f"r{seed}", seed) for seed in range(100)])
    everything = index.search(queries(500), 100, GENUINE)[0]
    bar = everything[9].score
    assert index.search(queries(500), 100, GENUINE, min_score=bar)[0] == everything[:10]


OTHERS = [
    Scope("rival", Library.GENUINE),
    Scope("acme", Library.COUNTERFEIT),
    Scope("acme", Library.BACKGROUND),
    Scope("acme", Library.GENUINE, Modality.XRAY),
]


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_a_search_never_leaves_its_scope(index: VectorIndex, other: Scope) -> None:
    index.upsert([item("mine", 1), item("theirs", 2, scope=other)])
    assert found(index, 2) == ["mine"]
    assert found(index, 2, scope=other) == ["theirs"]
    assert (index.count(GENUINE), index.count(other), index.count()) == (1, 1, 2)


def test_brands_narrow_a_search_inside_it(index: VectorIndex) -> None:
    index.upsert([item(f"r{seed}", seed, brand=f"brand-{seed % 100}") for seed in range(1000)])
    scope = Scope("acme", Library.GENUINE, brands=frozenset({"brand-3", "brand-7", "never heard of"}))
    wanted = {f"r{seed}" for seed in range(1000) if seed % 100 in (3, 7)}
    assert index.count(scope) == len(wanted) == 20
    for hits in index.search(queries(*range(2000, 2006)), 20, scope):
        assert {hit.id for hit in hits} == wanted
    assert set(found(index, 2000, scope, k=20)) == wanted


def test_no_brands_mean_nothing(index: VectorIndex) -> None:
    index.upsert([item("r0", 0)])
    none = Scope("acme", Library.GENUINE, brands=frozenset())
    assert found(index, 0, none) == []
    assert index.count(none) == 0


def test_an_upsert_replaces_vector_and_brand(index: VectorIndex) -> None:
    index.upsert([item("r0", 0), item("r1", 1)])
    index.upsert([item("r0", 5, brand="lark")])
    assert found(index, 5, k=1) == ["r0"]
    assert index.search(queries(0), 2, GENUINE, min_score=0.999) == [[]]
    assert index.count(Scope("acme", Library.GENUINE, brands=frozenset({"kite"}))) == 1
    assert index.count() == 2


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_an_upsert_moves_an_id_across_scopes(index: VectorIndex, other: Scope) -> None:
    index.upsert([item("r0", 0)])
    index.upsert([item("r0", 0, scope=other)])
    assert found(index, 0) == []
    assert found(index, 0, other) == ["r0"]
    assert index.count() == 1


def test_of_one_id_given_twice_in_a_call_the_last_counts(index: VectorIndex) -> None:
    index.upsert([item("r0", 0), item("r0", 1, scope=OTHERS[0])])
    assert (index.count(GENUINE), index.count(OTHERS[0])) == (0, 1)


def test_what_was_removed_is_gone_at_once(index: VectorIndex) -> None:
    index.upsert([item(f"r{seed}", seed) for seed in range(100)])
    for seed in range(100):
        assert index.remove([f"r{seed}"]) == 1
        assert f"r{seed}" not in found(index, seed, k=100)
    assert index.count() == 0


def test_removing_counts_each_held_id_once(index: VectorIndex) -> None:
    index.upsert([item("r0", 0), item("r1", 1)])
    assert index.remove(["r0", "r0", "unknown"]) == 1
    assert index.remove(["r0"]) == 0
    assert index.remove([]) == 0


def test_a_removed_id_can_come_back(index: VectorIndex) -> None:
    index.upsert([item("r0", 0)])
    index.remove(["r0"])
    index.upsert([item("r0", 3)])
    assert found(index, 3) == ["r0"]


def test_revision_is_the_last_one_carried(index: VectorIndex) -> None:
    assert index.revision() == 0
    index.upsert([item("r0", 0)], revision=7)
    index.upsert([item("r1", 1)])
    assert index.revision() == 7
    index.remove(["unknown"], revision=9)
    assert index.revision() == 9
    index.upsert([], revision=12)
    assert index.revision() == 12


BAD = {
    "too short": (np.ones(D - 1, np.float32) / np.sqrt(D - 1), DimensionMismatch),
    "two rows": (np.ones((2, D), np.float32), DimensionMismatch),
    "NaN": (np.full(D, np.nan, np.float32), NotUnitLength),
    "infinite": (np.full(D, np.inf, np.float32), NotUnitLength),
    "zero": (np.zeros(D, np.float32), NotUnitLength),
    "two long": (2 * unit(0), NotUnitLength),
}


@pytest.mark.parametrize("name", BAD)
def test_a_call_with_one_bad_vector_changes_nothing(index: VectorIndex, name: str) -> None:
    vector, error = BAD[name]
    index.upsert([item("r0", 0)], revision=1)
    bad = Item("bad", "acme", Library.GENUINE, Modality.PHOTO, "kite", vector)
    with pytest.raises(error):
        index.upsert([item("r0", 9), item("r1", 1), bad], revision=2)
    assert (index.count(), index.revision(), found(index, 0)) == (1, 1, ["r0"])
    assert index.search(queries(0), 1, GENUINE)[0][0].score == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("name", BAD)
def test_a_bad_query_is_refused(index: VectorIndex, name: str) -> None:
    vector, error = BAD[name]
    bad = vector[np.newaxis] if vector.ndim == 1 else vector[0]
    index.upsert([item("r0", 0)])
    with pytest.raises(error):
        index.search(bad, 1, GENUINE)


def test_the_index_keeps_no_hold_on_the_callers_array(index: VectorIndex) -> None:
    vector = unit(0)
    index.upsert([Item("r0", "acme", Library.GENUINE, Modality.PHOTO, "kite", vector)])
    vector[:] = 0
    assert index.search(queries(0), 1, GENUINE)[0][0].score == pytest.approx(1, abs=1e-6)


def test_a_closed_index_says_so(index: VectorIndex) -> None:
    index.close()
    index.close()
    for call in (
        lambda: index.search(queries(0), 1, GENUINE),
        lambda: index.upsert([item("r0", 0)]),
        lambda: index.remove(["r0"]),
        index.count,
        index.revision,
    ):
        with pytest.raises(IndexClosed):
            call()


def test_searches_beside_writes_see_whole_calls_only(index: VectorIndex) -> None:
    """A pair of items always arrives, moves and leaves in one call, so no reader may see half a pair."""
    scope = Scope("acme", Library.GENUINE)
    stop, torn = threading.Event(), list[object]()

    def read() -> None:
        try:
            while not stop.is_set():
                hits = index.search(queries(1, 2, 3), 1000, scope)[0]
                pairs = [hit.id.split("/")[0] for hit in hits]
                if any(pairs.count(pair) != 2 for pair in pairs):
                    torn.append(pairs)
        except Exception as error:
            torn.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(300):
        pair = f"pair-{turn % 7}"
        if turn % 3 == 2:
            index.remove([f"{pair}/a", f"{pair}/b"])
        else:
            index.upsert([item(f"{pair}/a", turn), item(f"{pair}/b", turn + 1)])
    stop.set()
    for reader in readers:
        reader.join()
    assert torn == []
