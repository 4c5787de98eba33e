"""What a snapshot says of itself, and why one may be refused."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

FORMAT = "mizugiwa-index"
VERSION = 2
"""What is written. Version 1 knew no trained parts; it is still read."""


class Part(StrEnum):
    """The files of a snapshot. A manifest that names any other is refused, so no path ever comes from one."""

    MANIFEST = "manifest.json"
    ITEMS = "items.json"
    VECTORS = "vectors.f32"
    TRAINED = "trained.bin"
    STATUS = "status.json"


FILES_BY_VERSION = {
    1: frozenset({Part.ITEMS, Part.VECTORS}),
    2: frozenset({Part.ITEMS, Part.VECTORS, Part.TRAINED, Part.STATUS}),
}


class WhyUnusable(StrEnum):
    MISSING = "missing"
    NOT_PLAIN = "not a plain file or directory"
    UNREADABLE = "unreadable"
    DAMAGED = "damaged"
    FOREIGN = "foreign"
    TOO_LARGE = "too large"


class SnapshotUnusable(Exception):
    """A snapshot that must not be trusted; an older one or the database takes its place."""

    def __init__(self, why: WhyUnusable, detail: str) -> None:
        self.why, self.detail = why, detail
        super().__init__(f"{why}: {detail}")


@dataclass(frozen=True)
class Identity:
    """What a snapshot must be of, to be loaded."""

    fingerprint: str
    dimension: int


@dataclass(frozen=True)
class Digest:
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    identity: Identity
    revision: int
    files: dict[Part, Digest]
    """Of the files of data."""


def dump(manifest: Manifest) -> bytes:
    fields = {
        "format": FORMAT,
        "version": VERSION,
        "fingerprint": manifest.identity.fingerprint,
        "dimension": manifest.identity.dimension,
        "revision": manifest.revision,
        "files": {part: [digest.bytes, digest.sha256] for part, digest in manifest.files.items()},
    }
    return canonical({**fields, "sha256": _sealed(fields)})


def load(text: bytes, identity: Identity) -> Manifest:
    """Read a manifest that is whole and of that identity.

    Raises:
        SnapshotUnusable: it is damaged, or of something else.
    """
    fields = parse_object(text, Part.MANIFEST)
    seal = fields.pop("sha256", None)
    if seal != _sealed(fields):
        raise SnapshotUnusable(WhyUnusable.DAMAGED, "the manifest does not match its own SHA-256")
    expected = (FORMAT, identity.fingerprint, identity.dimension)
    got = tuple(fields.get(name) for name in ("format", "fingerprint", "dimension"))
    if got != expected:
        raise SnapshotUnusable(WhyUnusable.FOREIGN, f"it is of {got}, not of {expected}")
    files = _files(fields.get("version"))
    return Manifest(identity, _revision(fields.get("revision")), _digests(fields.get("files"), files))


def canonical(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def parse_object(text: bytes, part: Part) -> dict[str, Any]:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{part} is not JSON") from error
    if not isinstance(parsed, dict):
        raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{part} is not a JSON object")
    return parsed


def _sealed(fields: dict[str, Any]) -> str:
    return hashlib.sha256(canonical(fields)).hexdigest()


def _revision(value: object) -> int:
    if type(value) is not int or value < 0:
        raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{value!r} is no revision")
    return value


def _files(version: object) -> frozenset[Part]:
    if type(version) is not int or version not in FILES_BY_VERSION:
        detail = f"it is of format version {version!r}; this program reads {sorted(FILES_BY_VERSION)}"
        raise SnapshotUnusable(WhyUnusable.FOREIGN, detail)
    return FILES_BY_VERSION[version]


def _digests(value: object, files: frozenset[Part]) -> dict[Part, Digest]:
    if not isinstance(value, dict) or value.keys() != {part.value for part in files}:
        detail = f"the manifest does not list the files {sorted(part.value for part in files)}"
        raise SnapshotUnusable(WhyUnusable.DAMAGED, detail)
    return {part: _digest(value[part.value]) for part in files}


def _digest(value: object) -> Digest:
    match value:
        case [int() as size, str() as sha256] if size >= 0:
            return Digest(size, sha256)
    raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{value!r} is no size with a SHA-256")
