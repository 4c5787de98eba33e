"""`kill -9` at random moments of enrolling, training, compacting and saving."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from index.base import Hit, Item, Library, Modality, Scope
from index.faiss import FaissIndex, Kind, Tuning

D, IDS, KILLS, SEED = 8, 400, 50, 20_260
EARLY = Tuning(exact_numbers=32 * D, seal_rows=8, target_recall=1.0)

# Every revision's call follows from its number alone, so that the state at any revision can be told afterwards.
CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_kills import D, EARLY, apply
from index.faiss import FaissIndex
index = FaissIndex.open(Path(sys.argv[1]), D, "f", EARLY)
print(index.revision(), flush=True)
while True:
    for revision in range(index.revision() + 1, index.revision() + 40):
        apply(index, revision)
    index.save_snapshot()
    print(index.revision(), flush=True)
    print("compacting", flush=True)
    index.compact()
    print(index.revision(), flush=True)
"""


def call(revision: int) -> tuple[list[Item], list[str]]:
    drawn = np.random.default_rng(revision)
    vectors = drawn.standard_normal((5, D))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    ids = drawn.integers(0, IDS, 7)
    added = [
        Item(f"i{n}", f"tenant-{n % 3}", Library.GENUINE, Modality.PHOTO, "b", vector.astype(np.float32))
        for n, vector in zip(ids, vectors, strict=False)
    ]
    return ([], [f"i{n}" for n in ids]) if revision % 4 == 0 else (added, [])


def apply(index: FaissIndex, revision: int) -> None:
    added, removed = call(revision)
    if removed:
        index.remove(removed, revision)
    else:
        index.upsert(added, revision)


def everything(index: FaissIndex) -> list[list[Hit]]:
    query = np.eye(D, dtype=np.float32)
    return [
        hits
        for tenant in range(3)
        for hits in index.search(query, IDS, Scope(f"tenant-{tenant}", Library.GENUINE))
    ]


@pytest.mark.long
def test_after_each_of_50_kills_the_snapshot_is_a_state_that_really_was(tmp_path: Path) -> None:
    moments, expected = random.Random(SEED), FaissIndex(D)
    mid_write = mid_compaction = trained = 0
    for _ in range(KILLS):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, tmp_path, Path(__file__).parent], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        told = [child.stdout.readline()]
        time.sleep(moments.uniform(0.0, 0.4))
        child.kill()
        told += child.stdout.read().splitlines()
        child.wait()
        child.stdout.close()
        mid_compaction += told[-1].strip() == "compacting"
        acknowledged = max(int(line) for line in told if line.strip() != "compacting")
        mid_write += any(tmp_path.glob(".writing-*"))
        opened = FaissIndex.open(tmp_path, D, "f", EARLY)
        trained += any(status.kind is Kind.TRAINED for status in opened.status())
        assert opened.refused == ()
        assert opened.revision() >= acknowledged, "an acknowledged snapshot was lost"
        for revision in range(expected.revision() + 1, opened.revision() + 1):
            apply(expected, revision)
        assert (opened.revision(), opened.count()) == (expected.revision(), expected.count())
        assert everything(opened) == everything(expected)
        opened.close()
    assert expected.revision() > 200
    assert mid_compaction > 2, "hardly a kill fell into a compaction"
    assert trained > KILLS / 2, "hardly a snapshot held a trained part"
    assert mid_write > 2, "hardly a kill fell into the writing of a snapshot"
