"""Secrets of the installation in files of their own, made by whoever comes first."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def keep_first(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds: what is made (mode 0600) where there was none.

    It is on the disk before it has its name, so nobody reads half of it; of two processes that make one at the same
    time, the first counts for both.
    """
    if not path.exists():
        _place(path, make())
    return path.read_bytes()


def _place(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(fresh, path)
    fresh.unlink()
