"""Are altered goods told from genuine ones where no picture can be laid over another? By a memory of patches.

Where a suspect can be laid over genuine pictures all the same, what differs there counts too. Both scores are
standardised on the genuine pictures themselves, each judged without its own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.progress import track

from model.anomaly import compare
from model.anomaly.memory import Cells, PatchMemory, joined, remember
from model.encoders.base import RGB
from model.encoders.bundled import BundledEncoder
from model.evaluation.metrics import Interval, auroc, bootstrap
from model.images import PictureError, decode
from service.encoding import load_encoder
from service.evaluation.manifest import ManifestInvalid
from service.settings import Settings

SIDE = 512
"""Pixels of the longer side at which pictures are described and laid over each other."""
LEAST_AGREEMENT = 0.9
"""Share of blocks found again from which what differs is believed."""
_NEAREST = 2
"""Genuine pictures that a suspect is laid over."""
_PROBED = 12
"""Genuine pictures that are laid over others, for what is usual."""
_FEWEST_ALIGNED = 4
_LEAST_SPREAD = 0.5
"""Of the logarithm of what differs: genuine pictures that differ nowhere leave no spread of their own."""
_PLAIN_FOLDERS = {"good", "defect", "test", "train", "images", ""}

Describe = Callable[[RGB], Cells]


class Label(StrEnum):
    GOOD = "good"
    DEFECT = "defect"


@dataclass(frozen=True)
class Example:
    path: Path
    label: Label
    split: str


@dataclass(frozen=True, eq=False)
class _Seen:
    pixels: RGB
    cells: Cells
    whole: NDArray[np.float32]
    """Mean of the cells, of unit length."""


@dataclass(frozen=True)
class PicturesReport:
    references: int
    suspects: int
    unaligned: float
    """Share of the suspects that were judged by the memory alone."""
    intervals: dict[str, Interval]

    def figures(self) -> dict[str, float | int | str]:
        found: dict[str, float | int | str] = {
            "references": self.references,
            "suspects": self.suspects,
            "unaligned": self.unaligned,
        }
        for name, interval in self.intervals.items():
            found |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
        return found

    def rows(self) -> list[tuple[str, str]]:
        return [
            *((name, str(interval)) for name, interval in self.intervals.items()),
            ("unaligned", f"{self.unaligned:.3g}"),
        ]


def names_pictures(manifest: Path) -> bool:
    """Whether the manifest has a label for each picture, and not a reference for each."""
    with manifest.open(encoding="utf-8-sig", newline="") as file:
        return {"path", "label"} <= set(csv.DictReader(file).fieldnames or ())


def read_pictures(manifest: Path) -> list[Example]:
    """The rows of a manifest `path, label[, split]`.

    Raises:
        ManifestInvalid: a column is missing, a label is unknown, a picture is not there, one to learn from is a defect.
    """
    with manifest.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"path", "label"} - set(reader.fieldnames or ())
        if missing:
            raise ManifestInvalid(f"{manifest}: the header lacks {', '.join(sorted(missing))}.")
        return [_example(manifest, reader.line_num, fields) for fields in reader]


def evaluate_pictures(
    manifest: Path, *, seed: int, settings: Settings, describe: Describe | None = None
) -> PicturesReport:
    """Remember the genuine references, and score every other picture.

    Args:
        describe: the cells of a picture; by default from the middle of the bundled encoder.

    Raises:
        ManifestInvalid: the manifest cannot be used.
    """
    learned, judged = _parts(manifest, read_pictures(manifest))
    describe = describe or _described_by_bundled(settings)
    references = [_seen(each.path, describe) for each in track(learned, description="remembering")]
    memory = remember([each.cells for each in references], seed=seed)
    judge = _Judge(memory, references)
    found = [judge.score(_seen(each.path, describe)) for each in track(judged, description="judging")]
    scores = np.array([score for score, _ in found])
    return PicturesReport(
        references=len(learned),
        suspects=len(judged),
        unaligned=float(np.mean([not aligned for _, aligned in found])),
        intervals=_intervals(judged, scores, seed),
    )


class _Judge:
    """Scores suspects in units of what genuine references reach among themselves."""

    def __init__(self, memory: PatchMemory, references: Sequence[_Seen]) -> None:
        self._memory = memory
        self._references = references
        usual = [memory.score(each.cells, without=at) for at, each in enumerate(references)]
        self._usual = (float(np.mean(usual)), max(float(np.std(usual)), 1e-6))
        apart = [self._apart(references[at], at) for at in range(min(_PROBED, len(references)))]
        known = [each for each in apart if each is not None]
        self._alignable = len(known) >= min(_FEWEST_ALIGNED, len(references))
        self._differing = (
            (float(np.mean(known)), max(float(np.std(known)), _LEAST_SPREAD)) if known else (0.0, 1.0)
        )

    def score(self, suspect: _Seen) -> tuple[float, bool]:
        """Standard deviations beyond the usual, and whether it could be laid over genuine ones."""
        strange = _beyond(self._memory.score(suspect.cells), self._usual)
        apart = self._apart(suspect) if self._alignable else None
        if apart is None:
            return strange, False
        return (strange + _beyond(apart, self._differing)) / np.sqrt(2), True

    def _apart(self, suspect: _Seen, without: int | None = None) -> float | None:
        """Logarithm of what differs from the most alike genuine pictures; None where they cannot be laid over."""
        likeness = np.array([float(suspect.whole @ each.whole) for each in self._references])
        if without is not None:
            likeness[without] = -np.inf
        nearest = np.argsort(-likeness)[: min(_NEAREST, len(likeness) - (without is not None))]
        found = compare(suspect.pixels, [self._references[at].pixels for at in nearest])
        if found is None or found.aligned.agreement < LEAST_AGREEMENT:
            return None
        return float(np.log1p(found.score))


def _beyond(value: float, usual: tuple[float, float]) -> float:
    return (value - usual[0]) / usual[1]


def _example(manifest: Path, line: int, fields: dict[str, str]) -> Example:
    path, label = manifest.parent / fields["path"], (fields["label"] or "").strip()
    split = (fields.get("split") or "").strip()
    if label not in set(Label):
        raise ManifestInvalid(f"{manifest}:{line}: label is {label!r}; write good or defect.")
    if split == "train" and label == Label.DEFECT:
        raise ManifestInvalid(f"{manifest}:{line}: split train holds references, which must be good.")
    if not path.is_file():
        raise ManifestInvalid(f"{manifest}:{line}: there is no picture {path}.")
    return Example(path, Label(label), split)


def _parts(manifest: Path, examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """References, and what is judged: by the split, else the first half of the good ones."""
    learned = [each for each in examples if each.split == "train"]
    if not learned:
        good = [each for each in examples if each.label is Label.GOOD]
        learned = good[: len(good) // 2]
    taken = set(map(id, learned))
    judged = [each for each in examples if id(each) not in taken]
    if len(learned) < 2 or {each.label for each in judged} != set(Label):
        raise ManifestInvalid(
            f"{manifest}: it takes two good references, and a good one and a defect to judge."
        )
    return learned, judged


def _described_by_bundled(settings: Settings) -> Describe:
    encoder = load_encoder(settings, "bundled")
    if not isinstance(encoder, BundledEncoder):
        raise TypeError("The encoder named bundled is not the bundled one.")
    return lambda pixels: joined(encoder.encode_middle(pixels, SIDE))


def _seen(path: Path, describe: Describe) -> _Seen:
    try:
        pixels = decode(path.read_bytes(), max_side=SIDE).pixels
    except PictureError as error:
        raise ManifestInvalid(f"{path}: {error}") from error
    cells = describe(pixels)
    whole = cells.reshape(-1, cells.shape[-1]).mean(axis=0)
    return _Seen(pixels, cells, np.asarray(whole / max(float(np.linalg.norm(whole)), 1e-6), np.float32))


def _intervals(judged: Sequence[Example], scores: NDArray[np.float64], seed: int) -> dict[str, Interval]:
    defect = np.array([each.label is Label.DEFECT for each in judged])
    good = scores[~defect]
    found = {"auroc": bootstrap(auroc, scores[defect], good, seed=seed)}
    kinds = np.array([_kind(each) for each in judged])
    for kind in sorted(set(kinds[defect]) - _PLAIN_FOLDERS):
        of_kind = scores[defect & (kinds == kind)]
        found[f"auroc_{kind}"] = bootstrap(auroc, of_kind, good, seed=seed)
    return found


def _kind(example: Example) -> str:
    return re.sub(r"\W+", "_", example.path.parent.name.lower())
