"""One snapshot: a directory with a manifest and four files of data, and nothing in it that is code.

manifest.json has fingerprint, dimension, revision, size and SHA-256 of the other files, and a SHA-256 over
all of that. items.json has brand names, and for each partition its key, ids and brand codes, and what of its
trained part is no array. vectors.f32 has the partitions' vectors in that order, little-endian float32, no
header; trained.bin the arrays of the trained parts (`kept_lists`). status.json is for operators and never
read to search.
"""

from __future__ import annotations

import errno
import hashlib
import math
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from index.faiss import kept_lists
from index.faiss.columns import Columns
from index.faiss.contents import Contents, Labels, dump_labels, load_labels
from index.faiss.lists import Lists
from index.faiss.manifest import (
    Digest,
    Identity,
    Manifest,
    Part,
    SnapshotUnusable,
    WhyUnusable,
    canonical,
    dump,
    load,
    parse_object,
)
from index.faiss.partition import Partition, settled
from index.faiss.status import PartStatus, status_from, status_of
from index.faiss.upkeep import living_codes
from model.encoders.base import Vectors

_Section = tuple[np.dtype[Any], tuple[int, ...]]
"""Type and shape of an array in a file."""

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
    trained = {key: _kept(partition) for key, partition in contents.partitions.items()}
    headers = {key: each.header for key, each in trained.items() if each}
    arrays = (array for each in trained.values() if each for array in each.arrays)
    status = [status_of(key, partition).fields() for key, partition in contents.partitions.items()]
    data: dict[Part, Iterable[bytes | memoryview]] = {
        Part.ITEMS: dump_labels(contents, headers),
        Part.VECTORS: map(_bytes_of, _vectors(contents)),
        Part.TRAINED: map(_bytes_of, arrays),
        Part.STATUS: [canonical({"partitions": status})],
    }
    files = {part: _write_file(directory / part, chunks) for part, chunks in data.items()}
    _write_file(directory / Part.MANIFEST, [dump(Manifest(identity, contents.revision, files))])
    sync_directory(directory)


def read(directory: Path, identity: Identity, exact_rows: int) -> Contents:
    """Load a snapshot of exactly that identity.

    Sizes are compared with the manifest before anything of that size is allocated, links are not followed,
    and every byte is hashed as it is read.

    Raises:
        SnapshotUnusable: with the reason.
    """
    with _refusing(directory) as folder:
        manifest = load(_read_file(folder, Part.MANIFEST, None), identity)
        items = _read_file(folder, Part.ITEMS, manifest.files[Part.ITEMS])
        brands, labels = load_labels(items, identity.dimension)
        vectors = _read_arrays(folder, manifest, Part.VECTORS, _vector_sections(labels, identity.dimension))
        trained = _read_trained(folder, manifest, labels)
    for rows in vectors:
        _check_unit_length(rows)
    serials = np.cumsum([0, *(len(label.ids) for label in labels)]).tolist()
    return Contents(
        manifest.revision,
        brands,
        {
            label.key: _restored(label, rows, first, lists, exact_rows)
            for label, rows, first, lists in zip(labels, vectors, serials, trained, strict=False)
        },
    )


def read_status(directory: Path, identity: Identity) -> list[PartStatus]:
    """Of the partitions when it was written, without loading them.

    Raises:
        SnapshotUnusable: with the reason.
    """
    with _refusing(directory) as folder:
        manifest = load(_read_file(folder, Part.MANIFEST, None), identity)
        if Part.STATUS not in manifest.files:
            raise SnapshotUnusable(WhyUnusable.FOREIGN, "it is of format version 1, which has no status")
        fields = parse_object(_read_file(folder, Part.STATUS, manifest.files[Part.STATUS]), Part.STATUS)
        try:
            return [status_from(each) for each in fields["partitions"]]
        except (KeyError, TypeError, ValueError) as error:
            raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{Part.STATUS} has another structure") from error


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
def _refusing(directory: Path) -> Iterator[int]:
    """The open directory; what goes wrong in reading it becomes the reason not to trust it."""
    try:
        folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            yield folder
        finally:
            os.close(folder)
    except MemoryError as error:
        raise SnapshotUnusable(WhyUnusable.TOO_LARGE, "it does not fit into memory") from error
    except OSError as error:
        why = _WHY_BY_ERRNO.get(error.errno or 0, WhyUnusable.UNREADABLE)
        raise SnapshotUnusable(why, f"{error.filename}: {error.strerror}") from error


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


def _vector_sections(labels: list[Labels], dimension: int) -> list[_Section]:
    return [(_VECTOR_TYPE, (len(label.ids), dimension)) for label in labels]


def _read_trained(folder: int, manifest: Manifest, labels: list[Labels]) -> list[Lists | None]:
    """The lists of each partition; None of those that had none."""
    headers = [label.trained for label in labels]
    if Part.TRAINED not in manifest.files:
        return [None] * len(headers)
    dimension = manifest.identity.dimension
    sections = [section for header in headers if header for section in header.sections(dimension)]
    arrays = iter(_read_arrays(folder, manifest, Part.TRAINED, sections))
    try:
        return [
            kept_lists.rebuilt(header, [next(arrays) for _ in header.sections(dimension)]) if header else None
            for header in headers
        ]
    except ValueError as error:
        raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{Part.TRAINED}: {error}") from error


def _read_arrays(folder: int, manifest: Manifest, part: Part, sections: list[_Section]) -> list[NDArray[Any]]:
    """Each into memory of its own, so that replacing one frees it."""
    expected, digest, arrays = manifest.files[part], hashlib.sha256(), list[NDArray[Any]]()
    _check_size(part, expected.bytes, sum(kind.itemsize * math.prod(shape) for kind, shape in sections))
    with _opened_file(folder, part) as file:
        _check_size(part, os.fstat(file.fileno()).st_size, expected.bytes)
        for kind, shape in sections:
            array = np.empty(shape, kind)
            _fill(file, _bytes_of(array), part)
            digest.update(_bytes_of(array))
            arrays.append(array)
    _check_digest(part, digest.hexdigest(), expected)
    return arrays


def _restored(label: Labels, vectors: Vectors, first: int, lists: Lists | None, exact_rows: int) -> Partition:
    """Rows beyond the lists are fresh again."""
    serials = np.arange(first, first + len(vectors), dtype=np.int64)
    columns = Columns(vectors, label.ids, label.brands, serials)
    listed = lists.rows if lists else len(columns)
    partition = settled(columns[:listed], exact_rows, lists)
    if listed < len(columns):
        partition = partition.with_rows(columns[listed:])
    return replace(partition, compacted_at=label.compacted_at)


def _kept(partition: Partition) -> kept_lists.Kept | None:
    """Fresh rows have no lists yet."""
    if partition.lists is None:
        return None
    return kept_lists.kept(partition.lists, living_codes(partition, partition.segments))


def _vectors(contents: Contents) -> Iterator[Vectors]:
    for partition in contents.partitions.values():
        for piece in partition.living_pieces():
            yield np.ascontiguousarray(piece.vectors, _VECTOR_TYPE)


def _bytes_of(array: NDArray[Any]) -> memoryview:
    """Of a C-contiguous array, without a copy; of an empty one too."""
    return array.reshape(-1).view(np.uint8).data


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
