"""The directory of one index's snapshots: the newest, the one before it, and never half a one.

A snapshot is written under a name that no reader looks at, synced, and then takes its place by one rename.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.faiss import snapshot
from index.faiss.contents import Contents
from index.faiss.manifest import Identity, SnapshotUnusable, WhyUnusable
from index.faiss.status import PartStatus

_NAME = re.compile(r"snapshot-(\d{12})")
_UNFINISHED = ".writing-"
_LOCK_WAIT_S = 30.0
_LOCK_POLL_S = 0.05


class SnapshotBusy(RuntimeError):
    """Another process has been writing a snapshot here for too long. Nothing is lost; save again later."""


@dataclass(frozen=True)
class Refused:
    """A snapshot that was not trusted, and why."""

    name: str
    why: WhyUnusable
    detail: str


def newest_intact(
    directory: Path, identity: Identity, exact_rows: int
) -> tuple[Contents | None, tuple[Refused, ...]]:
    """The newest snapshot that can be trusted, if any, and the newer ones that cannot."""
    refused: list[Refused] = []
    for name in reversed(_names(directory)):
        try:
            return snapshot.read(directory / name, identity, exact_rows), tuple(refused)
        except SnapshotUnusable as error:
            refused.append(Refused(name, error.why, error.detail))
    return None, tuple(refused)


def newest_status(directory: Path, identity: Identity) -> list[PartStatus] | Refused | None:
    """What the newest snapshot says of its partitions; why it cannot be trusted; None if there is none."""
    for name in reversed(_names(directory)):
        try:
            return snapshot.read_status(directory / name, identity)
        except SnapshotUnusable as error:
            return Refused(name, error.why, error.detail)
    return None


def save(directory: Path, contents: Contents, identity: Identity, refused: frozenset[str]) -> Path:
    """Add a snapshot; keep the one before it too, unless it was refused; delete all others.

    Raises:
        SnapshotBusy: another process holds the directory's lock for more than 30 s.
        OSError: the disk is full or fails; what was there before still stands.
    """
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _locked(directory):
        _delete(directory, [path.name for path in directory.glob(_UNFINISHED + "*")])
        before = _names(directory)
        written = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=directory))
        snapshot.write(written, contents, identity)
        saved = directory / _next_name(before)
        written.rename(saved)
        snapshot.sync_directory(directory)
        kept = [name for name in before if name not in refused][-1:]
        _delete(directory, [name for name in before if name not in kept])
    return saved


def _names(directory: Path) -> list[str]:
    """Of snapshots, oldest first."""
    if not directory.is_dir():
        return []
    return sorted(name for name in os.listdir(directory) if _NAME.fullmatch(name))


def _next_name(before: list[str]) -> str:
    last = _NAME.fullmatch(before[-1]) if before else None
    return f"snapshot-{int(last[1]) + 1 if last else 1:012}"


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    """The kernel lets go of the lock when its holder dies, however it dies."""
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        _wait_for_lock(descriptor, directory)
        yield
    finally:
        os.close(descriptor)


def _wait_for_lock(descriptor: int, directory: Path) -> None:
    deadline = time.monotonic() + _LOCK_WAIT_S
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise SnapshotBusy(
                    f"Another process has been writing a snapshot in {directory} for {_LOCK_WAIT_S:.0f} s; "
                    "nothing is lost, save again later."
                ) from error
            time.sleep(_LOCK_POLL_S)


def _delete(directory: Path, names: list[str]) -> None:
    for name in names:
        path = directory / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()
