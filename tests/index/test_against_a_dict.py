"""Random calls to the engine, compared after each with a plain dict of items."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from index.base import Item, Library, Modality, Scope
from index.faiss import FaissIndex, Kind, Tuning, change

D = 6
BRANDS = ["kite", "lark", "wren"]

seeds = st.integers(0, 12)  # few, so that equal vectors and ties abound
ids = st.integers(0, 40).map("id-{}".format)
tenants = st.sampled_from(["acme", "rival"])
libraries, modalities = st.sampled_from(Library), st.sampled_from(Modality)


def vector(seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).standard_normal(D)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


items = st.builds(Item, ids, tenants, libraries, modalities, st.sampled_from(BRANDS), seeds.map(vector))
scopes = st.builds(
    Scope, tenants, libraries, modalities, st.none() | st.frozensets(st.sampled_from([*BRANDS, "unheard"]))
)


def inside(item: Item, scope: Scope) -> bool:
    places = (item.tenant, item.library, item.modality) == (scope.tenant, scope.library, scope.modality)
    return places and (scope.brands is None or item.brand in scope.brands)


class AgainstADict(RuleBasedStateMachine):
    tuning = Tuning()

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.index = FaissIndex(D, self.folder, "f", self.tuning)
        self.held: dict[str, Item] = {}
        self.revision = 0
        self.saved: tuple[dict[str, Item], int] = ({}, 0)

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.index.close()
            shutil.rmtree(self.folder)

    @rule(call=st.lists(items, max_size=30))
    def upsert(self, call: list[Item]) -> None:
        self.revision += 1
        self.index.upsert(call, self.revision)
        self.held |= {item.id: item for item in call}

    @rule(call=st.lists(ids, max_size=15))
    def remove(self, call: list[str]) -> None:
        self.revision += 1
        assert self.index.remove(call, self.revision) == len(self.held.keys() & set(call))
        for id_ in call:
            self.held.pop(id_, None)

    @rule(
        scope=scopes,
        queries=st.lists(seeds, max_size=5),
        k=st.integers(1, 12),
        bar=st.sampled_from([-1.0, 0.0, 0.6]),
    )
    def search(self, scope: Scope, queries: list[int], k: int, bar: float) -> None:
        wanted = {item.id: item.vector.astype(float) for item in self.held.values() if inside(item, scope)}
        vectors = np.array([vector(seed) for seed in queries], np.float32).reshape(-1, D)
        answers = self.index.search(vectors, k, scope, bar)
        assert len(answers) == len(queries)
        for query, hits in zip(vectors, answers, strict=True):
            cosines = {id_: float(held @ query) for id_, held in wanted.items()}
            assert {hit.id for hit in hits} <= cosines.keys()
            assert [hit.score for hit in hits] == pytest.approx([cosines[hit.id] for hit in hits], abs=1e-5)
            assert hits == sorted(hits, key=lambda hit: (-hit.score, hit.id))
            best = sorted((cosine for cosine in cosines.values() if cosine >= bar), reverse=True)[:k]
            assert [hit.score for hit in hits] == pytest.approx(best, abs=1e-5)
            self._assert_lowest_ids_win_ties([hit.id for hit in hits], set(wanted))

    def _assert_lowest_ids_win_ties(self, found: list[str], wanted: set[str]) -> None:
        if found:
            last = self.held[found[-1]].vector.tobytes()
            twins = sorted(id_ for id_ in wanted if self.held[id_].vector.tobytes() == last)
            shown = [id_ for id_ in found if id_ in twins]
            assert shown == twins[: len(shown)]

    @rule(scope=scopes)
    def count(self, scope: Scope) -> None:
        assert self.index.count(scope) == sum(inside(item, scope) for item in self.held.values())

    @rule()
    def save(self) -> None:
        self.index.save_snapshot()
        self.saved = (dict(self.held), self.revision)

    @rule()
    def reopen(self) -> None:
        self.index.close()
        self.index = FaissIndex.open(self.folder, D, "f", self.tuning)
        assert self.index.refused == ()
        self.held, self.revision = dict(self.saved[0]), self.saved[1]

    @rule()
    def compact(self) -> None:
        self.index.compact()
        assert all(status.tombstones == status.fresh == 0 for status in self.index.status())

    @invariant()
    def whole(self) -> None:
        if hasattr(self, "index"):
            assert (self.index.count(), self.index.revision()) == (len(self.held), self.revision)


@pytest.fixture(autouse=True)
def early_compaction() -> Iterator[None]:
    """Let a few dozen items do what takes thousands in earnest."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(change, "_FRESH_AT_LEAST", 8)
        patched.setattr(change, "_DEAD_AT_LEAST", 4)
        yield


class TrainedAgainstADict(AgainstADict):
    """All lists are searched, so that answers are exact; upkeep goes on beside the calls or is waited for."""

    tuning = Tuning(exact_numbers=3 * D, seal_rows=2, target_recall=1.0)

    @rule()
    def settle(self) -> None:
        self.index.settle()
        for status in self.index.status():
            alive = status.main + status.fresh - status.tombstones
            assert (status.kind is Kind.TRAINED) == (status.lists > 0)
            assert status.kind is Kind.TRAINED or alive < 3


TestAgainstADict = AgainstADict.TestCase
TestTrainedAgainstADict = TrainedAgainstADict.TestCase
TestAgainstADict.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestTrainedAgainstADict.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
