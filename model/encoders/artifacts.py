"""Installed encoders on disk: a folder with a manifest, written aside, checksummed, renamed into place."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from model.encoders.base import EncoderDamaged, EncoderInfo

MANIFEST = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True)
class Installed:
    """What the manifest of one installed encoder records."""

    info: EncoderInfo
    files: Mapping[str, str]
    """File name → SHA-256 of its content, in hexadecimal."""
    parity: Mapping[str, float | str] = field(default_factory=dict)
    """How near each precision came to torch fp32, and how fast it was."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """The libraries that exported it."""
    created: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="microseconds"))
    folder: Path = Path()

    def file(self, name: str) -> Path:
        """The path of one file, after its checksum was found right.

        Raises:
            EncoderDamaged: it is missing or not what was installed.
        """
        path = self.folder / name
        if name not in self.files:
            raise EncoderDamaged(path, f"{MANIFEST} does not name this file")
        if not path.is_file():
            raise EncoderDamaged(path, "the file is missing")
        if sha256_of(path) != self.files[name]:
            raise EncoderDamaged(path, f"its SHA-256 is not the one in {MANIFEST}")
        return path


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def install(directory: Path, prefix: str, build: Callable[[Path], Installed]) -> Installed:
    """Let `build` write files into a folder aside, then rename it to `<prefix>-<fingerprint>`.

    A folder that another process put there meanwhile is kept; an interrupted build leaves
    nothing under that name.
    """
    directory.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{prefix}.", dir=directory))
    try:
        built = build(aside)
        _write_manifest(aside, built)
        target = folder_for(directory, prefix, built.info)
        _rename(aside, target)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return read(target)


def folder_for(directory: Path, prefix: str, info: EncoderInfo) -> Path:
    return directory / f"{prefix}-{info.fingerprint}"


def read_all(directory: Path) -> list[Installed]:
    """Everything installed in the directory, newest first.

    Raises:
        EncoderDamaged: a manifest is not readable.
    """
    found = [read(path.parent) for path in directory.glob(f"[!.]*/{MANIFEST}")]
    return sorted(found, key=lambda one: one.created, reverse=True)


def read(folder: Path) -> Installed:
    """What is installed in the folder; the files are checked when they are asked for.

    Raises:
        EncoderDamaged: the manifest is missing or not readable.
    """
    path = folder / MANIFEST
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return _parsed(document, folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderDamaged(path, f"the manifest cannot be read ({error!r})") from error


def _parsed(document: Any, folder: Path) -> Installed:
    if document["format"] != _FORMAT:
        raise ValueError(f"format {document['format']!r}")
    files = {str(name): str(digest) for name, digest in document["files"].items()}
    if any(Path(name).name != name for name in files):
        raise ValueError("a file name leads out of the folder")
    return Installed(
        info=EncoderInfo(**document["info"]),
        files=files,
        parity=document["parity"],
        versions=document["versions"],
        created=str(document["created"]),
        folder=folder,
    )


def _write_manifest(folder: Path, built: Installed) -> None:
    document = asdict(built) | {"format": _FORMAT, "fingerprint": built.info.fingerprint}
    del document["folder"]
    text = json.dumps(document, indent=2, ensure_ascii=False)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    for path in folder.iterdir():
        _sync(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rename(aside: Path, target: Path) -> None:
    aside.chmod(0o755)
    try:
        aside.rename(target)
    except OSError:
        if not (target / MANIFEST).is_file():
            raise
