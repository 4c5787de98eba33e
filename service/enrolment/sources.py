"""Where an enrolment is read from: a folder on this machine, or a ZIP that came from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from service.enrolment.errors import EntryMissing, EntryTooLarge


class Source(Protocol):
    def has(self, path: str) -> bool: ...

    def read(self, path: str, limit: int) -> bytes:
        """
        Raises:
            EntryMissing: there is no such file inside.
            EntryTooLarge: it has more than `limit` bytes.
            ArchiveRefused: its bytes are damaged.
        """
        ...


class FolderSource:
    """Nothing outside the folder is read, whatever a path or a link says."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def has(self, path: str) -> bool:
        return self._inside(path) is not None

    def read(self, path: str, limit: int) -> bytes:
        found = self._inside(path)
        if found is None:
            raise EntryMissing(path)
        with found.open("rb") as file:
            data = file.read(limit + 1)
        if len(data) > limit:
            raise EntryTooLarge(path, limit)
        return data

    def _inside(self, path: str) -> Path | None:
        if "\0" in path or len(path) > 1000:
            return None
        found = (self._root / path).resolve()
        return found if found.is_relative_to(self._root) and found.is_file() else None
