"""Where pictures are kept: by the SHA-256 of their bytes, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Protocol

_SHA256 = re.compile(r"[0-9a-f]{64}")


class BlobMissing(LookupError):
    def __init__(self, key: str) -> None:
        super().__init__(f"No blob {key} is stored; restore the blob folder from a backup.")


class BlobDamaged(RuntimeError):
    def __init__(self, key: str) -> None:
        super().__init__(
            f"The bytes of blob {key} are not the ones that were stored; restore it from a backup."
        )


class BlobStore(Protocol):
    """A key is the lower-case hexadecimal SHA-256 of the bytes; putting the same bytes twice is no error."""

    def put(self, data: bytes) -> str: ...
    def get(self, key: str) -> bytes: ...
    def exists(self, key: str) -> bool: ...
    def delete(self, key: str) -> None: ...


class DirectoryBlobs:
    """Files under two levels of folders; a blob appears by a rename after its bytes are on the disk."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        path = self._path(key)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, data)
        return key

    def get(self, key: str) -> bytes:
        """Raises: BlobMissing: nothing is stored under the key. BlobDamaged: its bytes have changed."""
        try:
            data = self._path(key).read_bytes()
        except FileNotFoundError:
            raise BlobMissing(key) from None
        if hashlib.sha256(data).hexdigest() != key:
            raise BlobDamaged(key)
        return data

    def exists(self, key: str) -> bool:
        return self._path(key).exists()

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        if not _SHA256.fullmatch(key):
            raise BlobMissing(key)
        return self._root / key[:2] / key[2:4] / key


def _write_whole(path: Path, data: bytes) -> None:
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with aside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
