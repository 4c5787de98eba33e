"""The pictures that reading X-ray captures is measured on: a manifest of captures, and folders of photos."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from model.encoders.base import RGB
from model.images import decode
from service.evaluation.manifest import ManifestInvalid

_SIDE = 384
_SET = "objects"


class Use(StrEnum):
    TRAIN = "train"
    TEST = "test"


@dataclass(frozen=True)
class CaptureRow:
    path: Path
    label: str
    is_test: bool
    series: str
    """What was captured on one occasion: of its name, what stands before the first `_`."""


def read_captures(manifest: Path) -> list[CaptureRow]:
    """Rows of a manifest with the columns path, set, split (train | test), label; those of the set `objects`.

    Raises:
        ManifestInvalid: a column is missing or a picture is not there.
    """
    with manifest.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"path", "set", "split", "label"} - set(reader.fieldnames or ())
        if missing:
            raise ManifestInvalid(f"{manifest}: the header lacks {', '.join(sorted(missing))}.")
        rows = [each for each in reader if each["set"] == _SET]
    found = [
        CaptureRow(
            manifest.parent / row["path"],
            row["label"],
            row["split"] == Use.TEST,
            Path(row["path"]).name.partition("_")[0],
        )
        for row in rows
    ]
    for each in found:
        if not each.path.is_file():
            raise ManifestInvalid(f"{manifest}: there is no picture {each.path}.")
    return found


def isolated(rows: list[CaptureRow]) -> list[CaptureRow]:
    """Training captures of occasions that no test capture is of: single things, no bags."""
    seen = {each.series for each in rows if each.is_test}
    return [each for each in rows if not each.is_test and each.series not in seen]


def read_photos(folder: Path, use: Use, most: int, seed: int) -> list[Path]:
    """Photos of `clothing` and `grocery`, up to `most` of each; a photo is for training or for test, never both."""
    found: list[Path] = []
    for name in ("clothing", "grocery"):
        with (folder / name / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
            paths = sorted({folder / name / row["path"] for row in csv.DictReader(file)})
        order = np.random.default_rng(seed).permutation(len(paths)).tolist()
        half = order[: len(order) // 2] if use is Use.TRAIN else order[len(order) // 2 :]
        found += [paths[at] for at in half[:most]]
    return found


def read_small(path: Path) -> RGB:
    return decode(path.read_bytes(), max_side=_SIDE).pixels
