"""A snapshot is trusted only when it is whole and of the same vectors; anything else starts a replay."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from index.base import Item, Library, Modality, Scope
from index.faiss import FaissIndex, Kind, NoDirectory, SnapshotBusy, WhyUnusable, snapshot_store
from index.faiss.manifest import Digest, Identity, Manifest, Part, dump

D = 16
GENUINE = Scope("acme", Library.GENUINE)


def vector(seed: int) -> np.ndarray:
    drawn = np.random.default_rng(seed).standard_normal(D)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


def items(count: int, first: int = 0, tenant: str = "acme") -> list[Item]:
    return [
        Item(f"{tenant}-{n}", tenant, Library.GENUINE, Modality.PHOTO, f"brand-{n % 3}", vector(n))
        for n in range(first, first + count)
    ]


def hits(index: FaissIndex) -> object:
    narrow = Scope("acme", Library.GENUINE, brands=frozenset({"brand-1"}))
    queries = np.stack([vector(n) for n in range(5)])
    return index.search(queries, 100, GENUINE), index.search(queries, 100, narrow)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A folder with two snapshots, of revisions 1 and 2."""
    index = FaissIndex(D, tmp_path, "f")
    index.upsert(items(30), revision=1)
    index.save_snapshot()
    index.upsert(items(30, tenant="other"), revision=2)
    index.save_snapshot()
    return tmp_path


def newest(folder: Path) -> Path:
    return max(folder.glob("snapshot-*"))


def test_an_opened_index_answers_as_the_saved_one_did(tmp_path: Path) -> None:
    index = FaissIndex(D, tmp_path, "f")
    index.upsert(items(40) + items(40, tenant="other"), revision=3)
    index.remove([f"acme-{n}" for n in range(7)], revision=4)
    index.save_snapshot()
    opened = FaissIndex.open(tmp_path, D, "f")
    assert (opened.revision(), opened.count(), opened.refused) == (4, 73, ())
    assert hits(opened) == hits(index)


def test_an_opened_index_takes_changes(saved: Path) -> None:
    index = FaissIndex.open(saved, D, "f")
    index.upsert(items(1, first=500), revision=9)
    assert index.remove(["acme-3", "acme-500"]) == 2
    assert index.count() == 59


def test_an_empty_index_can_be_saved(tmp_path: Path) -> None:
    FaissIndex(D, tmp_path, "f").save_snapshot()
    assert FaissIndex.open(tmp_path, D, "f").refused == ()


def test_no_snapshot_starts_at_revision_0(tmp_path: Path) -> None:
    index = FaissIndex.open(tmp_path / "absent", D, "f")
    assert (index.revision(), index.count(), index.refused) == (0, 0, ())


def test_saving_again_without_a_change_writes_nothing(saved: Path) -> None:
    index = FaissIndex(D, saved, "f")
    assert index.save_snapshot() == index.save_snapshot()


def test_the_newest_and_the_one_before_are_kept(saved: Path) -> None:
    (saved / ".writing-left-by-a-kill").mkdir()
    index = FaissIndex.open(saved, D, "f")
    for revision in (3, 4, 5):
        index.upsert(items(1), revision=revision)
        index.save_snapshot()
    names = sorted(path.name for path in saved.iterdir())
    assert names == ["lock", "snapshot-000000000004", "snapshot-000000000005"]


def test_a_refused_snapshot_does_not_push_out_the_good_one_before_it(saved: Path) -> None:
    (newest(saved) / Part.VECTORS).write_bytes(b"")
    index = FaissIndex.open(saved, D, "f")
    index.save_snapshot()
    assert [path.name for path in sorted(saved.glob("snapshot-*"))] == [
        "snapshot-000000000001",
        "snapshot-000000000003",
    ]


def test_saving_needs_a_directory() -> None:
    with pytest.raises(NoDirectory):
        FaissIndex(D).save_snapshot()


def test_a_failed_save_leaves_the_earlier_snapshot(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    index = FaissIndex.open(saved, D, "f")
    index.upsert(items(1, first=99), revision=3)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full_disk)
        with pytest.raises(OSError, match="No space"):
            index.save_snapshot()
    assert FaissIndex.open(saved, D, "f").revision() == 2
    index.save_snapshot()
    assert FaissIndex.open(saved, D, "f").revision() == 3


def test_two_processes_take_turns_saving(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot_store, "_LOCK_WAIT_S", 0.1)
    with (saved / "lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(SnapshotBusy):
            FaissIndex(D, saved, "f").save_snapshot()
    assert FaissIndex.open(saved, D, "f").revision() == 2


def truncated(folder: Path) -> None:
    os.truncate(folder / Part.VECTORS, 100)


def lengthened(part: Part) -> Callable[[Path], None]:
    def lengthen(folder: Path) -> None:
        with (folder / part).open("ab") as file:
            file.write(b"\0" * D * 4)

    return lengthen


def flipped(part: Part) -> Callable[[Path], None]:
    def flip(folder: Path) -> None:
        content = bytearray((folder / part).read_bytes())
        content[len(content) // 2] ^= 1
        (folder / part).write_bytes(content)

    return flip


def without(part: Part) -> Callable[[Path], None]:
    return lambda folder: (folder / part).unlink()


def linked(part: Part) -> Callable[[Path], None]:
    def link(folder: Path) -> None:
        shutil.move(folder / part, folder / "elsewhere")
        (folder / part).symlink_to(folder / "elsewhere")

    return link


def piped(folder: Path) -> None:
    (folder / Part.VECTORS).unlink()
    os.mkfifo(folder / Part.VECTORS)


def linked_whole(folder: Path) -> None:
    moved = folder.rename(folder.parent / "elsewhere")
    folder.symlink_to(moved)


def huge_manifest(folder: Path) -> None:
    os.truncate(folder / Part.MANIFEST, 2**40)


def later_revision(folder: Path) -> None:
    manifest = json.loads((folder / Part.MANIFEST).read_text())
    (folder / Part.MANIFEST).write_text(json.dumps({**manifest, "revision": 99}))


def nested(folder: Path) -> None:
    (folder / Part.MANIFEST).write_text("[" * 60_000)


def forged(
    items_json: object, vectors: bytes = b"", listed: int | None = None, trained: bytes = b""
) -> Callable[[Path], None]:
    """A snapshot whose digests are right and whose content is not."""

    def forge(folder: Path) -> None:
        labels = json.dumps(items_json).encode()
        (folder / Part.ITEMS).write_bytes(labels)
        (folder / Part.VECTORS).write_bytes(vectors)
        (folder / Part.TRAINED).write_bytes(trained)
        size = len(vectors) if listed is None else listed
        files = {
            Part.ITEMS: Digest(len(labels), sha256(labels).hexdigest()),
            Part.VECTORS: Digest(size, sha256(vectors).hexdigest()),
            Part.TRAINED: Digest(len(trained), sha256(trained).hexdigest()),
            Part.STATUS: digest_of(folder / Part.STATUS),
        }
        (folder / Part.MANIFEST).write_bytes(dump(Manifest(Identity("f", D), 5, files)))

    return forge


def digest_of(path: Path) -> Digest:
    content = path.read_bytes()
    return Digest(len(content), sha256(content).hexdigest())


def partition(ids: object, codes: object, library: str = "genuine") -> dict[str, object]:
    return {"brands": ["b"], "partitions": [{"key": ["t", library, "photo"], "ids": ids, "brands": codes}]}


HEADER = {
    "rows": 1,
    "lists": 1,
    "dimension": 2,
    "probes": 1,
    "trained_rows": 1,
    "recall_at_10": 1.0,
    "queries": 1,
    "measured_rows": 1,
    "measured_at": 1.0,
}


def trained(
    number: float = 0.5, list_number: int = 0, width: float = 1.0, **changed: object
) -> Callable[[Path], None]:
    """A snapshot of one vector in one list, but for what is changed."""
    floats = np.full(2 * D + 2 + 4, number, np.float32)
    floats[-2:] = width
    arrays = floats.tobytes() + np.array([list_number], np.int32).tobytes() + bytes(2)
    items_json = partition(["a"], [0])
    items_json["partitions"][0]["trained"] = {**HEADER, **changed}  # type: ignore[index]
    return forged(items_json, UNIT, trained=arrays)


UNIT, TWICE, NAN = (np.full(D, value, np.float32).tobytes() for value in (0.25, 0.5, np.nan))

DAMAGE: dict[str, tuple[Callable[[Path], None], WhyUnusable]] = {
    "vectors truncated": (truncated, WhyUnusable.DAMAGED),
    "vectors lengthened": (lengthened(Part.VECTORS), WhyUnusable.DAMAGED),
    "one bit of vectors": (flipped(Part.VECTORS), WhyUnusable.DAMAGED),
    "one bit of items": (flipped(Part.ITEMS), WhyUnusable.DAMAGED),
    "one bit of the manifest": (flipped(Part.MANIFEST), WhyUnusable.DAMAGED),
    "revision raised": (later_revision, WhyUnusable.DAMAGED),
    "manifest nested": (nested, WhyUnusable.DAMAGED),
    "manifest huge": (huge_manifest, WhyUnusable.TOO_LARGE),
    "manifest missing": (without(Part.MANIFEST), WhyUnusable.MISSING),
    "vectors missing": (without(Part.VECTORS), WhyUnusable.MISSING),
    "items a link": (linked(Part.ITEMS), WhyUnusable.NOT_PLAIN),
    "snapshot a link": (linked_whole, WhyUnusable.NOT_PLAIN),
    "vectors a pipe": (piped, WhyUnusable.NOT_PLAIN),
    "forged: terabytes listed": (forged(partition(["a"], [0]), UNIT, 2**42), WhyUnusable.DAMAGED),
    "forged: an id twice": (forged(partition(["a", "a"], [0, 0]), 2 * UNIT), WhyUnusable.DAMAGED),
    "forged: an id is a number": (forged(partition([1], [0]), UNIT), WhyUnusable.DAMAGED),
    "forged: brand code outside": (forged(partition(["a"], [1]), UNIT), WhyUnusable.DAMAGED),
    "forged: brand code negative": (forged(partition(["a"], [-1]), UNIT), WhyUnusable.DAMAGED),
    "forged: brand code missing": (forged(partition(["a"], []), UNIT), WhyUnusable.DAMAGED),
    "forged: brand codes ragged": (forged(partition(["a"], [[0], 1]), UNIT), WhyUnusable.DAMAGED),
    "forged: unknown library": (forged(partition(["a"], [0], "attic"), UNIT), WhyUnusable.DAMAGED),
    "forged: length two": (forged(partition(["a"], [0]), TWICE), WhyUnusable.DAMAGED),
    "forged: not a number": (forged(partition(["a"], [0]), NAN), WhyUnusable.DAMAGED),
    "forged: no structure": (forged([]), WhyUnusable.DAMAGED),
    "forged: partitions a number": (forged({"brands": [], "partitions": 3}), WhyUnusable.DAMAGED),
    "trained part lengthened": (lengthened(Part.TRAINED), WhyUnusable.DAMAGED),
    "trained part missing": (without(Part.TRAINED), WhyUnusable.MISSING),
    "trained part a link": (linked(Part.TRAINED), WhyUnusable.NOT_PLAIN),
    "forged: more lists than bytes": (trained(lists=2), WhyUnusable.DAMAGED),
    "forged: terabytes of lists": (trained(lists=2**31 - 1), WhyUnusable.DAMAGED),
    "forged: more rows in lists than ids": (trained(rows=2), WhyUnusable.DAMAGED),
    "forged: more reduced than dimensions": (trained(dimension=D + 1), WhyUnusable.DAMAGED),
    "forged: more probes than lists": (trained(probes=2), WhyUnusable.DAMAGED),
    "forged: probes a truth": (trained(probes=True), WhyUnusable.DAMAGED),
    "forged: recall above 1": (trained(recall_at_10=1.5), WhyUnusable.DAMAGED),
    "forged: number of a list outside": (trained(list_number=1), WhyUnusable.DAMAGED),
    "forged: number of a list negative": (trained(list_number=-1), WhyUnusable.DAMAGED),
    "forged: centres not numbers": (trained(number=np.nan), WhyUnusable.DAMAGED),
    "forged: codes without width": (trained(width=0.0), WhyUnusable.DAMAGED),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_snapshot_gives_way_to_the_one_before(saved: Path, name: str) -> None:
    damage, why = DAMAGE[name]
    damaged = newest(saved).name
    damage(newest(saved))
    index = FaissIndex.open(saved, D, "f")
    assert [(refused.name, refused.why) for refused in index.refused] == [(damaged, why)]
    assert (index.revision(), index.count()) == (1, 30)


def test_a_forged_snapshot_with_nothing_wrong_is_read(saved: Path) -> None:
    """So that the forgeries above are refused for what they name and for nothing else."""
    forged(partition(["a"], [0]), UNIT)(newest(saved))
    assert FaissIndex.open(saved, D, "f").count() == 1
    trained()(newest(saved))
    index = FaissIndex.open(saved, D, "f")
    assert [status.kind for status in index.status()] == [Kind.TRAINED]
    assert [
        hit.id for hit in index.search(np.full((1, D), 0.25, np.float32), 3, Scope("t", Library.GENUINE))[0]
    ] == ["a"]
    forged(partition([], []))(newest(saved))
    assert FaissIndex.open(saved, D, "f").count() == 0


def test_with_no_intact_snapshot_the_index_starts_at_revision_0(saved: Path) -> None:
    for folder in saved.glob("snapshot-*"):
        truncated(folder)
    index = FaissIndex.open(saved, D, "f")
    assert (index.revision(), index.count(), len(index.refused)) == (0, 0, 2)


@pytest.mark.parametrize(("dimension", "fingerprint"), [(D, "g"), (D + 1, "f")])
def test_snapshots_of_other_vectors_are_refused(saved: Path, dimension: int, fingerprint: str) -> None:
    index = FaissIndex.open(saved, dimension, fingerprint)
    assert [refused.why for refused in index.refused] == [WhyUnusable.FOREIGN] * 2
    assert (index.revision(), index.count()) == (0, 0)


def rewritten(folder: Path, version: int, parts: set[Part]) -> None:
    """The manifest as that version of the format had it, with the seal that belongs to it."""
    fields = json.loads((folder / Part.MANIFEST).read_text())
    del fields["sha256"]
    fields |= {"version": version, "files": {part: fields["files"][part] for part in parts}}
    fields["sha256"] = sha256(json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    (folder / Part.MANIFEST).write_text(json.dumps(fields))


def test_a_snapshot_of_the_first_format_is_read(saved: Path) -> None:
    forged(partition(["a"], [0]), UNIT)(newest(saved))
    rewritten(newest(saved), 1, {Part.ITEMS, Part.VECTORS})
    index = FaissIndex.open(saved, D, "f")
    assert (index.refused, index.count()) == ((), 1)


def test_a_snapshot_of_a_later_format_is_refused_with_both_versions(saved: Path) -> None:
    rewritten(newest(saved), 3, {Part.ITEMS, Part.VECTORS})
    refused = FaissIndex.open(saved, D, "f").refused[0]
    assert refused.why is WhyUnusable.FOREIGN
    assert "version 3; this program reads [1, 2]" in refused.detail
