"""How well X-ray captures are told from photos, named and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time

import numpy as np
from numpy.typing import NDArray
from rich.progress import track
from sklearn.metrics import f1_score

from model.encoders.base import RGB, Encoder
from model.evaluation.metrics import Interval, auroc, bootstrap
from model.xray.categories import learn
from model.xray.counting import count_alike
from model.xray.renderer import render_parcel
from model.xray.telling import xray_chance
from model.xray.telling_fit import as_grey
from service.evaluation.xray_pictures import (
    CaptureRow,
    Use,
    isolated,
    read_captures,
    read_photos,
    read_small,
)

FEW = tuple(range(1, 11))
MANY = (15, 20, 30, 40)
_APART = 1_000
"""So that no parcel is drawn that anything was chosen on."""
_LINE = 0.5


@dataclass(frozen=True)
class Report:
    """`telling` and `naming` are None where there are no real pictures."""

    telling: dict[str, Interval] | None
    naming: dict[str, Interval] | None
    counting: dict[str, float]

    def figures(self) -> dict[str, float | int | str]:
        found: dict[str, float | int | str] = dict(self.counting)
        for each in (self.telling or {}), (self.naming or {}):
            for name, interval in each.items():
                found |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
        return found


@dataclass(frozen=True)
class Sizes:
    """How much of everything is looked at."""

    photos: int
    """Of each folder."""
    captures: int
    """Of each category, for training and for test."""
    scenes: int
    """Laid together for each category."""
    parcels: int
    """Drawn of each count."""


def evaluate_xray(folder: Path | None, encoder: Encoder, sizes: Sizes, seed: int) -> Report:
    """
    Args:
        folder: holds `xray`, `clothing` and `grocery`; without it only rendered parcels are counted.

    Raises:
        ManifestInvalid: a manifest is not as it should be.
    """
    counting = _counted(sizes.parcels, seed)
    if folder is None:
        return Report(None, None, counting)
    rows = read_captures(folder / "xray" / "manifest.csv")
    tests = _some([each for each in rows if each.is_test], sizes.captures, seed)
    captures = [read_small(each.path) for each in tests]
    telling = _told(captures, read_photos(folder, Use.TEST, sizes.photos, seed), seed)
    examples = _some(isolated(rows), sizes.captures, seed)
    return Report(telling, _named(encoder, examples, tests, captures, sizes.scenes, seed), counting)


def _some(rows: Sequence[CaptureRow], most: int, seed: int) -> list[CaptureRow]:
    order = np.random.default_rng(seed).permutation(len(rows)).tolist()
    kept: dict[str, list[CaptureRow]] = {}
    for at in order:
        kept.setdefault(rows[at].label, []).append(rows[at])
    return [each for label in sorted(kept) for each in kept[label][:most]]


def _told(captures: Sequence[RGB], paths: Sequence[Path], seed: int) -> dict[str, Interval]:
    photos = [read_small(path) for path in track(paths, description="photos")]
    yes, no = _chances(captures), _chances(photos)
    grey = _chances([as_grey(each) for each in photos])
    return {
        "auroc": bootstrap(auroc, yes, no, seed=seed),
        "auroc_grey_photos": bootstrap(auroc, yes, grey, seed=seed),
        "xray_told": bootstrap(_over, yes, seed=seed),
        "photo_called_xray": bootstrap(_over, no, seed=seed),
        "grey_photo_called_xray": bootstrap(_over, grey, seed=seed),
    }


def _chances(pictures: Sequence[RGB]) -> NDArray[np.float64]:
    return np.array([xray_chance(each) for each in pictures])


def _over(chances: NDArray[np.float64]) -> float:
    return float((chances >= _LINE).mean())


def _named(
    encoder: Encoder,
    examples: Sequence[CaptureRow],
    tests: Sequence[CaptureRow],
    captures: Sequence[RGB],
    scenes: int,
    seed: int,
) -> dict[str, Interval]:
    known = [read_small(each.path) for each in examples]
    by_label: dict[str, list[RGB]] = {}
    for row, pixels in zip(examples, known, strict=True):
        by_label.setdefault(row.label, []).append(pixels)
    found = learn(encoder, by_label, seed, scenes).name(encoder, captures)
    vectors = np.concatenate([encoder.encode([each]) for each in captures])
    stored = np.concatenate([encoder.encode([each]) for each in known])
    nearest = (vectors @ stored.T).argmax(axis=1).tolist()
    truth = np.array([each.label for each in tests])
    by_us, by_nearest = np.array([each.category for each in found]), [examples[at].label for at in nearest]
    each_one = np.arange(len(truth))

    def macro_f1(said: NDArray[np.str_]) -> Interval:
        return bootstrap(
            lambda drawn: float(f1_score(truth[drawn], said[drawn], average="macro")), each_one, seed=seed
        )

    def lead(drawn: NDArray[np.int64]) -> float:
        ours, theirs = (
            f1_score(truth[drawn], said[drawn], average="macro") for said in (by_us, np.array(by_nearest))
        )
        return float(ours - theirs)

    return {
        "macro_f1": macro_f1(by_us),
        "macro_f1_nearest": macro_f1(np.array(by_nearest)),
        "macro_f1_lead": bootstrap(lead, each_one, seed=seed),
    }


def _counted(parcels: int, seed: int) -> dict[str, float]:
    rng, within, spent = np.random.default_rng(_APART + seed), dict[int, list[bool]](), list[float]()
    for number in track((*FEW, *MANY), description="parcels"):
        for at in range(parcels):
            parcel = render_parcel(rng, number, int(rng.integers(1, 7)))
            picture = parcel.picture(colour=at % 2 == 0, rng=rng)
            begun = process_time()
            within.setdefault(number, []).append(abs(count_alike(picture).count - number) <= 1)
            spent.append(process_time() - begun)
    few = [each for number in FEW for each in within[number]]
    many = [each for number in MANY for each in within[number]]
    interval = bootstrap(lambda drawn: float(drawn.mean()), few, seed=seed)
    return {
        "parcels": len(spent),
        "count_within_one_upto_10": interval.value,
        "count_within_one_upto_10_low": interval.low,
        "count_within_one_upto_10_high": interval.high,
        "count_within_one_15_to_40": float(np.mean(many)),
        "count_cpu_ms": 1e3 * float(np.mean(spent)),
    }
