"""Photos into which products are put, in three parts that share no sender: to fit, to calibrate, and to test on."""

from __future__ import annotations

import csv
import zlib
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from model.encoders.base import RGB
from model.images import PictureError, decode
from service.evaluation.manifest import ManifestInvalid

_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
MAX_SIDE = 1024


class Part(StrEnum):
    """Half of the senders, a quarter, and a quarter."""

    FIT = "fit"
    CALIBRATE = "calibrate"
    TEST = "test"


_DEALT = (Part.FIT, Part.CALIBRATE, Part.FIT, Part.TEST)


def photo_paths(folder: Path, part: Part) -> list[Path]:
    """Paths of the part, in a fixed order.

    A photo belongs where the CRC-32 of its sender sends it: the column `sender` of the folder's `manifest.csv`, or
    the file's name where there is no manifest.

    Raises:
        ManifestInvalid: the part has no photo.
    """
    manifest = folder / "manifest.csv"
    found = _listed(manifest) if manifest.is_file() else _lying(folder)
    paths = sorted(path for path, sender in found if _DEALT[zlib.crc32(sender.encode()) % 4] is part)
    if not paths:
        raise ManifestInvalid(f"{folder}: no photo for the part {part}; a few dozen photos are needed.")
    return paths


def photo(path: Path) -> RGB:
    """
    Raises:
        ManifestInvalid: it cannot be decoded.
    """
    try:
        return decode(path.read_bytes(), max_side=MAX_SIDE).pixels
    except (OSError, PictureError) as error:
        raise ManifestInvalid(f"{path}: {error}") from error


def _listed(manifest: Path) -> Iterator[tuple[Path, str]]:
    with manifest.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if "path" not in (reader.fieldnames or ()):
            raise ManifestInvalid(f"{manifest}: the header lacks path.")
        for row in reader:
            yield manifest.parent / row["path"], row.get("sender") or row["path"]


def _lying(folder: Path) -> Iterator[tuple[Path, str]]:
    return ((path, path.name) for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
