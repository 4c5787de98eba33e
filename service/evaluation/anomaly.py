"""Are alterations found where they are, and the genuine left in peace? Compared through the API as an officer's are."""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.progress import track

from model.evaluation.metrics import Interval, bootstrap
from service.encoding import load_encoder
from service.evaluation.house import House, evaluation_house
from service.evaluation.manifest import ManifestInvalid
from service.security.principals import Role
from service.settings import Settings

LEAST_OVERLAP = 0.33
"""Intersection over union from which a box counts as found."""
_TURN = 5.0
_SHIFT = 0.02
_LIGHT = (0.8, 1.15)
_QUALITY = (60, 95)
"""Of the controls: degrees, share of the side, gain from one side to the other, JPEG quality."""

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class Pair:
    reference: Path
    suspect: Path
    boxes: tuple[Rectangle, ...]
    """In pixels of the suspect: left, top, right, bottom."""


@dataclass(frozen=True)
class Counted:
    """What one pair gave."""

    boxes: int
    found: int
    told: int
    aligned: bool
    milliseconds: float


@dataclass(frozen=True)
class Report:
    pairs: int
    boxes: int
    intervals: dict[str, Interval]
    further: dict[str, float]

    def figures(self) -> dict[str, float | int | str]:
        found: dict[str, float | int | str] = {"pairs": self.pairs, "boxes": self.boxes}
        for name, interval in self.intervals.items():
            found |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
        return found | self.further

    def rows(self) -> list[tuple[str, str]]:
        return [
            *((name, str(interval)) for name, interval in self.intervals.items()),
            *((name, f"{value:.3g}") for name, value in self.further.items()),
        ]


def read_pairs(manifest: Path) -> list[Pair]:
    """The rows of an anomaly manifest: reference, suspect, boxes (a file with `x1 y1 x2 y2 …` on each line).

    Raises:
        ManifestInvalid: a column is missing, a file is not there, a line holds no box.
    """
    with manifest.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = {"reference", "suspect", "boxes"} - set(reader.fieldnames or ())
        if missing:
            raise ManifestInvalid(f"{manifest}: the header lacks {', '.join(sorted(missing))}.")
        return [_pair(manifest, reader.line_num, fields) for fields in reader]


def evaluate_anomaly(
    manifest: Path, *, seed: int, settings: Settings, first: int = 0, most: int | None = None
) -> Report:
    """Enrol every reference, compare its suspect, and itself moved, turned, relit and encoded anew.

    Raises:
        ManifestInvalid: the manifest cannot be used.
    """
    pairs = read_pairs(manifest)[first:][:most]
    if not pairs:
        raise ManifestInvalid(f"{manifest}: no pair is left to compare.")
    rng = np.random.default_rng(seed)
    suspects, controls = [], []
    with evaluation_house(settings, load_encoder(settings, "bundled")) as house:
        brand = house.post(Role.BRAND_OWNER, "/v1/brands", json={"name": "evaluation"})["id"]
        for number, pair in enumerate(track(pairs, description="comparing")):
            reference = _enrolled(house, brand, number, pair.reference)
            suspects.append(_compared(house, reference, pair.suspect.read_bytes(), pair.boxes))
            controls.append(_compared(house, reference, control(pair.reference, rng), ()))
    return _report(suspects, controls, seed)


def control(path: Path, rng: np.random.Generator) -> bytes:
    """The genuine picture as another camera might have taken it, as JPEG."""
    with Image.open(path) as opened:
        pixels = np.asarray(opened.convert("RGB"))
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(-_TURN, _TURN)), 1.0)
    turn[:, 2] += rng.uniform(-_SHIFT, _SHIFT, 2) * [width, height]
    moved = cv2.warpAffine(pixels, turn, (width, height), borderMode=cv2.BORDER_REPLICATE)
    left, right = (float(gain) for gain in rng.permutation(_LIGHT))
    slope = np.linspace(left, right, width)[None, :, None]
    file = BytesIO()
    shown: NDArray[np.uint8] = np.clip(moved * slope, 0, 255).astype(np.uint8)
    Image.fromarray(shown).save(file, "JPEG", quality=int(rng.integers(*_QUALITY)))
    return file.getvalue()


def _pair(manifest: Path, line: int, fields: dict[str, str]) -> Pair:
    places = [manifest.parent / fields[name] for name in ("reference", "suspect", "boxes")]
    for place in places:
        if not place.is_file():
            raise ManifestInvalid(f"{manifest}:{line}: there is no file {place}.")
    try:
        boxes = [_rectangle(text) for text in places[2].read_text().splitlines() if text.strip()]
    except ValueError as error:
        raise ManifestInvalid(f"{places[2]}: each line is `x1 y1 x2 y2`, in pixels: {error}") from error
    return Pair(places[0], places[1], tuple(boxes))


def _rectangle(text: str) -> Rectangle:
    left, top, right, bottom = (float(part) for part in text.replace(",", " ").split()[:4])
    return left, top, right, bottom


def _enrolled(house: House, brand: str, number: int, picture: Path) -> str:
    owner = Role.BRAND_OWNER
    product = house.post(
        owner,
        f"/v1/brands/{brand}/products",
        json={"sku": f"P-{number}", "name": picture.stem, "category": "evaluation"},
    )["id"]
    files = {"file": (picture.name, picture.read_bytes())}
    reference = house.post(owner, f"/v1/products/{product}/references", files=files)
    return str(reference["id"])


def _compared(house: House, reference: str, suspect: bytes, boxes: Sequence[Rectangle]) -> Counted:
    start = time.perf_counter()
    told = house.post(
        Role.BRAND_OWNER, f"/v1/references/{reference}/comparisons", files={"file": ("suspect", suspect)}
    )
    spent = (time.perf_counter() - start) * 1000
    with Image.open(BytesIO(suspect)) as opened:
        extent = opened.size
    found = [_bounds(each, extent) for each in told["differences"]]
    return Counted(
        len(boxes), _matched(boxes, found), len(found), told["finding"] != "not_aligned", round(spent, 2)
    )


def _bounds(difference: dict[str, Any], extent: tuple[int, int]) -> Rectangle:
    corners = np.array(difference["on_suspect"]) * extent
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def _matched(boxes: Sequence[Rectangle], found: Sequence[Rectangle]) -> int:
    """How many boxes have a found one of their own, the best overlaps first."""
    overlaps = sorted(
        ((overlap(box, other), i, j) for i, box in enumerate(boxes) for j, other in enumerate(found)),
        reverse=True,
    )
    taken_boxes: set[int] = set()
    taken_found: set[int] = set()
    for value, i, j in overlaps:
        if value >= LEAST_OVERLAP and i not in taken_boxes and j not in taken_found:
            taken_boxes.add(i)
            taken_found.add(j)
    return len(taken_boxes)


def overlap(one: Rectangle, other: Rectangle) -> float:
    """Intersection over union."""
    width = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    height = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    shared = width * height
    areas = sum((each[2] - each[0]) * (each[3] - each[1]) for each in (one, other))
    return shared / (areas - shared) if areas > shared else 0.0


def _report(suspects: Sequence[Counted], controls: Sequence[Counted], seed: int) -> Report:
    table = np.array([[each.boxes, each.found, each.told] for each in suspects], np.float64)
    alarms = np.array([each.told > 0 for each in controls], np.float64)
    times = np.array([each.milliseconds for each in [*suspects, *controls]])
    places = np.arange(len(suspects))
    return Report(
        pairs=len(suspects),
        boxes=int(table[:, 0].sum()),
        intervals={
            "box_recall": bootstrap(lambda at: _share(table[at, 1], table[at, 0]), places, seed=seed),
            "box_precision": bootstrap(lambda at: _share(table[at, 1], table[at, 2]), places, seed=seed),
            "false_alarm": bootstrap(lambda at: float(alarms[at].mean()), places, seed=seed),
        },
        further={
            "not_aligned": float(np.mean([not each.aligned for each in suspects])),
            "not_aligned_control": float(np.mean([not each.aligned for each in controls])),
            "p50_ms": float(np.percentile(times, 50)),
            "p95_ms": float(np.percentile(times, 95)),
        },
    )


def _share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> float:
    return float(part.sum() / whole.sum()) if whole.sum() else 0.0
