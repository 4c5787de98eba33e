"""One snapshot: a directory with a manifest and two files of data, and nothing in it that is code.

manifest.json has fingerprint, dimension, revision, size and SHA-256 of the other files, and a SHA-256 over
all of that. items.json has brand names, and for each partition its key, ids and brand codes. vectors.f32 has
the partitions' vectors in that order, little-endian float32, no header.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from index.faiss.columns import Columns
from index.faiss.contents import Contents, Labels, dump_labels, load_labels
from index.faiss.manifest import Digest, Identity, Manifest, Part, SnapshotUnusable, WhyUnusable, dump, load
from model.encoders.base import Vectors

_MANIFEST_AT_MOST = 2**16
_VECTOR_TYPE = np.dtype("<f4")
_LENGTH_TOLERANCE = 1e-3
_WHY_BY_ERRNO = {
    errno.ENOENT: WhyUnusable.MISSING,
    errno.ELOOP: WhyUnusable.NOT_PLAIN,
    errno.ENOTDIR: WhyUnusable.NOT_PLAIN,
}


def write(directory: Path, contents: Contents, identity: Identity) -> None:
    """Write into an existing empty directory and return when all of it is on the disk."""
    vectors = (columns.vectors for columns in contents.partitions.values())
    files = {
        Part.ITEMS: _write_file(directory / Part.ITEMS, [dump_labels(contents)]),
        Part.VECTORS: _write_file(
            directory / Part.VECTORS,
            (_bytes_of(np.ascontiguousarray(rows, _VECTOR_TYPE)) for rows in vectors),
        ),
    }
    _write_file(directory / Part.MANIFEST, [dump(Manifest(identity, contents.revision, files))])
    sync_directory(directory)


def read(directory: Path, identity: Identity) -> Contents:
    """Load a snapshot of exactly that identity.

    Sizes are compared with the manifest before anything of that size is allocated, links are not followed,
    and every byte is hashed as it is read.

    Raises:
        SnapshotUnusable: with the reason.
    """
    try:
        with _opened_directory(directory) as folder:
            manifest = load(_read_file(folder, Part.MANIFEST, None), identity)
            brands, labels = load_labels(_read_file(folder, Part.ITEMS, manifest.files[Part.ITEMS]))
            vectors = _read_vectors(folder, manifest, labels)
    except MemoryError as error:
        raise SnapshotUnusable(WhyUnusable.TOO_LARGE, "it does not fit into memory") from error
    except OSError as error:
        why = _WHY_BY_ERRNO.get(error.errno or 0, WhyUnusable.UNREADABLE)
        raise SnapshotUnusable(why, f"{error.filename}: {error.strerror}") from error
    partitions = {
        label.key: Columns(rows, label.ids, label.brands) for label, rows in zip(labels, vectors, strict=True)
    }
    return Contents(manifest.revision, brands, partitions)


def sync_directory(directory: Path) -> None:
    """Make the names in it survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_file(path: Path, chunks: Iterable[bytes | memoryview]) -> Digest:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Digest(size, digest.hexdigest())


@contextmanager
def _opened_directory(directory: Path) -> Iterator[int]:
    folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield folder
    finally:
        os.close(folder)


@contextmanager
def _opened_file(folder: int, part: Part) -> Iterator[BinaryIO]:
    """A plain file in the folder: no link is followed, and a pipe is not waited for."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    with os.fdopen(os.open(part, flags, dir_fd=folder), "rb", buffering=0) as raw:
        if not stat.S_ISREG(os.fstat(raw.fileno()).st_mode):
            raise SnapshotUnusable(WhyUnusable.NOT_PLAIN, f"{part} is not a plain file")
        yield raw


def _read_file(folder: int, part: Part, expected: Digest | None) -> bytes:
    with _opened_file(folder, part) as file:
        size = os.fstat(file.fileno()).st_size
        if expected is None and size > _MANIFEST_AT_MOST:
            raise SnapshotUnusable(WhyUnusable.TOO_LARGE, f"{part} has {size} bytes")
        if expected is not None:
            _check_size(part, size, expected.bytes)
        content = bytearray(size)
        _fill(file, memoryview(content), part)
    if expected is not None:
        _check_digest(part, hashlib.sha256(content).hexdigest(), expected)
    return bytes(content)


def _read_vectors(folder: int, manifest: Manifest, labels: list[Labels]) -> list[Vectors]:
    """Each partition into memory of its own, so that replacing one frees it."""
    expected, dimension = manifest.files[Part.VECTORS], manifest.identity.dimension
    row_bytes = dimension * _VECTOR_TYPE.itemsize
    _check_size(Part.VECTORS, expected.bytes, row_bytes * sum(len(label.ids) for label in labels))
    digest, partitions = hashlib.sha256(), list[Any]()
    with _opened_file(folder, Part.VECTORS) as file:
        _check_size(Part.VECTORS, os.fstat(file.fileno()).st_size, expected.bytes)
        for label in labels:
            rows = np.empty((len(label.ids), dimension), _VECTOR_TYPE)
            _fill(file, _bytes_of(rows), Part.VECTORS)
            digest.update(_bytes_of(rows))
            partitions.append(rows)
    _check_digest(Part.VECTORS, digest.hexdigest(), expected)
    for rows in partitions:
        _check_unit_length(rows)
    return partitions


def _bytes_of(rows: Vectors) -> memoryview:
    """Of C-contiguous rows, without a copy; of none too."""
    return rows.reshape(-1).view(np.uint8).data


def _fill(file: BinaryIO, target: memoryview, part: Part) -> None:
    filled = 0
    while filled < len(target):
        got = file.readinto(target[filled:])  # type: ignore[attr-defined]  # raw files have it, BinaryIO hides it
        if not got:
            raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{part} ends early")
        filled += got


def _check_size(part: Part, got: int, expected: int) -> None:
    if got != expected:
        raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{part} has {got} bytes instead of {expected}")


def _check_digest(part: Part, got: str, expected: Digest) -> None:
    if got != expected.sha256:
        raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{part} does not match its SHA-256")


def _check_unit_length(rows: Vectors) -> None:
    squares = np.einsum("ij,ij->i", rows, rows)
    if not (np.abs(squares - 1) <= 2 * _LENGTH_TOLERANCE).all():
        raise SnapshotUnusable(WhyUnusable.DAMAGED, "it holds vectors that are not of length 1")
