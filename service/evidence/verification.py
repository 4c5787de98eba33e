"""Checks an evidence bundle offline and names everything in it that is not as it was signed."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from service.audit.chain import Link, canonical
from service.evidence.bundle import FORMAT, MANIFEST, RECORD, SIGNATURE
from service.house_key import NotAPublicKey, is_signed

_MOST_FILES = 400
_MOST_BYTES = 2 * 2**30
_MOST_MANIFEST_BYTES = 16 * 2**20
_AT_ONCE = 2**20


class NotABundle(ValueError):
    """The file is not an evidence bundle at all, or one of a format that this version does not know."""


@dataclass(frozen=True)
class Verdict:
    """What was found; `problems` is empty when every byte is as it was signed."""

    decision_id: str
    made_at: str
    public_key: str
    files: int
    problems: tuple[str, ...]


@dataclass(frozen=True)
class _Opened:
    archive: zipfile.ZipFile
    manifest: dict[str, Any]
    manifest_bytes: bytes
    signature: dict[str, Any]


def verify_bundle(path: Path, trusted_key: str | None = None) -> Verdict:
    """Check signature, files, record and audit entries.

    Args:
        trusted_key: the house's public key, had by another way than the bundle. Without it the bundle only proves
            that whoever holds the key in it made it as it is.

    Raises:
        NotABundle: the file cannot be read as one.
        NotAPublicKey: `trusted_key` is none.
        OSError: the file cannot be read.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            opened = _opened(archive)
            problems = [
                *_signature_problems(opened, trusted_key),
                *_file_problems(opened),
                *_audit_problems(opened.manifest),
            ]
            problems += [] if problems else _record_problems(opened)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise NotABundle(f"{path} is not a whole ZIP file: {error}") from error
    return Verdict(
        decision_id=str(opened.manifest["decision_id"]),
        made_at=str(opened.manifest["made_at"]),
        public_key=str(opened.signature["public_key"]),
        files=len(opened.manifest["files"]),
        problems=tuple(problems),
    )


def _opened(archive: zipfile.ZipFile) -> _Opened:
    infos = archive.infolist()
    if len(infos) > _MOST_FILES or sum(each.file_size for each in infos) > _MOST_BYTES:
        raise NotABundle(
            f"It holds more than {_MOST_FILES} files or {_MOST_BYTES} bytes, which no bundle does."
        )
    manifest_bytes = _small(archive, MANIFEST)
    manifest, signature = _object(manifest_bytes, MANIFEST), _object(_small(archive, SIGNATURE), SIGNATURE)
    if manifest.get("format") != FORMAT:
        raise NotABundle(f"Its format is {manifest.get('format')!r}; this version reads {FORMAT}.")
    shape = isinstance(manifest.get("files"), dict) and isinstance(manifest.get("audit"), dict)
    if not shape or not {"decision_id", "made_at"} <= manifest.keys():
        raise NotABundle(f"{MANIFEST} lacks what every bundle says of itself.")
    if not {"public_key", "signature"} <= signature.keys():
        raise NotABundle(f"{SIGNATURE} holds no signature.")
    return _Opened(archive, manifest, manifest_bytes, signature)


def _small(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise NotABundle(f"It has no {name}.") from None
    if info.file_size > _MOST_MANIFEST_BYTES:
        raise NotABundle(f"Its {name} is larger than any bundle's.")
    with archive.open(info) as file:
        return file.read(_MOST_MANIFEST_BYTES)


def _object(data: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise NotABundle(f"{name} is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise NotABundle(f"{name} is not a JSON object.")
    return found


def _signature_problems(opened: _Opened, trusted_key: str | None) -> Iterator[str]:
    public, signature = str(opened.signature["public_key"]), str(opened.signature["signature"])
    if trusted_key is not None and trusted_key != public:
        is_signed(trusted_key, signature, b"")  # says when the trusted key itself cannot be one
        yield f"{SIGNATURE}: signed with the key {public}, not with the one that is trusted"
    try:
        signed = is_signed(public, signature, opened.manifest_bytes)
    except NotAPublicKey as error:
        yield f"{SIGNATURE}: {error}"
        return
    if not signed:
        yield f"{MANIFEST} or {SIGNATURE}: changed since it was signed; the signature does not fit"


def _file_problems(opened: _Opened) -> Iterator[str]:
    listed, seen = opened.manifest["files"], set()
    for info in opened.archive.infolist():
        if info.filename in seen:
            yield f"{info.filename}: there twice, and only one of them was signed"
        seen.add(info.filename)
        if info.filename in (MANIFEST, SIGNATURE):
            continue
        if info.filename not in listed:
            yield f"{info.filename}: added; the manifest does not name it"
        elif _digest(opened.archive, info) != listed[info.filename].get("sha256"):
            yield f"{info.filename}: changed; its SHA-256 is not the one in the manifest"
    yield from (f"{name}: missing" for name in sorted(listed.keys() - seen))


def _digest(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    """Hexadecimal SHA-256; empty where the ZIP's own checksum fails, which no SHA-256 equals."""
    digest = hashlib.sha256()
    try:
        with archive.open(info) as file:
            while block := file.read(_AT_ONCE):
                digest.update(block)
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, ValueError):
        return ""
    return digest.hexdigest()


def _audit_problems(manifest: dict[str, Any]) -> Iterator[str]:
    """Entries must give their own hash, and one that follows another must follow from it."""
    before: tuple[int, str] | None = None
    for document in manifest["audit"].get("entries", []):
        try:
            link = _link(document)
        except (KeyError, TypeError, ValueError):
            yield "audit: an entry lacks what every entry has"
            continue
        if link.digest() != document.get("hash"):
            yield f"audit: entry {link.seq} does not give its own hash"
        if before is not None and link.seq == before[0] + 1 and link.previous_hash != before[1]:
            yield f"audit: entry {link.seq} does not follow from entry {before[0]}"
        before = link.seq, str(document.get("hash"))


def _link(document: dict[str, Any]) -> Link:
    fields = {name: value for name, value in document.items() if name != "hash"}
    return Link(**fields | {"at": datetime.fromisoformat(fields["at"])})


def _record_problems(opened: _Opened) -> Iterator[str]:
    """Only where every byte is as signed: does what was signed agree with itself?"""
    if RECORD not in opened.manifest["files"]:
        yield f"{RECORD}: missing"
        return
    record = _object(_small(opened.archive, RECORD), RECORD)
    if record.get("id") != opened.manifest["decision_id"]:
        yield f"{RECORD}: of decision {record.get('id')}, the bundle of {opened.manifest['decision_id']}"
    held = {each.get("sha256") for each in opened.manifest["files"].values()}
    for picture in record.get("pictures", []):
        if picture.get("sha256") not in held:
            yield f"picture {picture.get('index')}: what was decided on is not in the bundle"
    if canonical(opened.manifest).encode() != opened.manifest_bytes:
        yield f"{MANIFEST}: not in its canonical form"
