"""Where what was computed of pictures is kept. All of it can be computed again, so it is never trusted, only used."""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path
from typing import Protocol

_DIGEST_BYTES = 32
_SHA256 = re.compile(r"[0-9a-f]{64}")


class DerivedStore(Protocol):
    """Bytes by the SHA-256 of the picture that they were made of."""

    def put(self, key: str, data: bytes) -> None: ...

    def get(self, key: str) -> bytes | None:
        """None when nothing is kept, or no longer what was kept: make it anew."""
        ...

    def delete(self, key: str) -> None: ...


class DirectoryDerived:
    """Files that begin with the digest of what follows, and appear by a rename.

    They are not flushed to the disk one by one as pictures are: after a power cut one may be cut short, its digest
    tells, and it is made again.
    """

    def __init__(self, root: Path) -> None:
        """Args: root: of one format; another format has another folder."""
        self._root = root

    def put(self, key: str, data: bytes) -> None:
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        aside.write_bytes(hashlib.sha256(data).digest() + data)
        aside.replace(path)

    def get(self, key: str) -> bytes | None:
        try:
            kept = self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        digest, data = kept[:_DIGEST_BYTES], kept[_DIGEST_BYTES:]
        return data if hashlib.sha256(data).digest() == digest else None

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not _SHA256.fullmatch(key):
            raise ValueError(f"{key!r} is not the SHA-256 of a picture.")
        return self._root / key[:2] / key[2:4] / key
