from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from model.images import PictureLimits
from model.keypoints import LocalPicture, look_closely
from model.products import ProductView
from service.blobs import BlobMissing, DirectoryBlobs
from service.closeups.cache import CloseUpCache
from service.closeups.service import CloseUps
from service.closeups.store import DirectoryDerived
from tests.service.listings.conftest import House, png, textured

KEY = hashlib.sha256(b"some picture").hexdigest()


@pytest.fixture
def blobs(tmp_path: Path) -> DirectoryBlobs:
    return DirectoryBlobs(tmp_path / "blobs")


def opened(folder: Path, blobs: DirectoryBlobs, cached_bytes: int = 2**24) -> CloseUps:
    """As after a start: nothing is in memory."""
    return CloseUps(DirectoryDerived(folder / "closeups"), blobs, PictureLimits(), cached_bytes)


def kept_files(folder: Path) -> list[Path]:
    return [path for path in (folder / "closeups").rglob("*") if path.is_file()]


def same(first: LocalPicture, second: LocalPicture) -> bool:
    return bool((first.keypoints.descriptors == second.keypoints.descriptors).all())


def test_what_was_kept_is_read_without_the_picture(tmp_path: Path, blobs: DirectoryBlobs) -> None:
    closeup = look_closely(textured(1))
    opened(tmp_path, blobs).keep(KEY, closeup)
    assert same(opened(tmp_path, blobs).stored(KEY), closeup)


def test_what_is_not_kept_is_made_of_the_picture_and_kept(tmp_path: Path, blobs: DirectoryBlobs) -> None:
    key = blobs.put(png(textured(1)))
    made = opened(tmp_path, blobs).stored(key)
    blobs.delete(key)
    assert same(opened(tmp_path, blobs).stored(key), made)


@pytest.mark.parametrize("harmed", [b"", b"\0" * 40, b"\0" * 200_000])
def test_what_is_damaged_is_made_anew(tmp_path: Path, blobs: DirectoryBlobs, harmed: bytes) -> None:
    key = blobs.put(png(textured(1)))
    made = opened(tmp_path, blobs).stored(key)
    [file] = kept_files(tmp_path)
    file.write_bytes(harmed)
    assert same(opened(tmp_path, blobs).stored(key), made)
    assert file.stat().st_size > 1000


def test_what_another_version_kept_under_this_format_is_made_anew(
    tmp_path: Path, blobs: DirectoryBlobs
) -> None:
    key = blobs.put(png(textured(1)))
    DirectoryDerived(tmp_path / "closeups").put(key, b"something whole that is no close-up")
    assert len(opened(tmp_path, blobs).stored(key).keypoints) > 0


def test_a_picture_that_is_nowhere_is_missed(tmp_path: Path, blobs: DirectoryBlobs) -> None:
    with pytest.raises(BlobMissing):
        opened(tmp_path, blobs).stored(KEY)


def test_what_is_forgotten_is_neither_in_memory_nor_on_the_disk(
    tmp_path: Path, blobs: DirectoryBlobs
) -> None:
    closeups = opened(tmp_path, blobs)
    closeups.keep(KEY, look_closely(textured(1)))
    closeups.stored(KEY)
    closeups.forget(KEY)
    assert kept_files(tmp_path) == []
    with pytest.raises(BlobMissing):
        closeups.stored(KEY)


def test_memory_stays_within_its_bound_and_what_was_used_last_stays() -> None:
    closeup = ProductView(look_closely(textured(1)))
    measure = CloseUpCache(2**30)
    measure.put("one", closeup)
    cache = CloseUpCache(2 * measure.bytes)
    for key in ("a", "b"):
        cache.put(key, closeup)
    cache.get("a")
    cache.put("c", closeup)
    assert [cache.get(key) is None for key in "abc"] == [False, True, False]
    assert cache.bytes == 2 * measure.bytes


def test_a_key_that_is_no_digest_touches_no_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        DirectoryDerived(tmp_path).put("../../outside", b"")


def test_enrolling_keeps_a_close_up_of_the_reference(house: House) -> None:
    runtime = house.client.app.state.runtime  # type: ignore[attr-defined]
    key = hashlib.sha256(house.photo).hexdigest()
    assert list((runtime.settings.data_dir / "closeups").rglob(key))
