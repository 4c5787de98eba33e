"""Small products in cluttered pictures: are they found, named, and boxed, and what does it cost?"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.progress import track

from model.encoders.base import RGB, Encoder
from model.evaluation.kit import Kit, build_kit
from model.evaluation.metrics import Interval, bootstrap, recall_at
from model.images import decode
from model.regions import Found, Proposer, RegionCalibration, load_proposer, merge
from model.regions.boxes import overlap
from model.regions.scenes import Scene
from service.encoding import load_encoder
from service.evaluation.clutter_photos import MAX_SIDE, Part, photo_paths
from service.evaluation.clutter_pictures import Kind, pictures
from service.evaluation.clutter_shelf import Shelf
from service.settings import Settings

BRANDS = 24
RIGHT_BOX = 0.5
"""Intersection over union from which a box is right."""
NOT_RETURNED = 1_000_000
_FOREIGN_SEED = 9_000
_QUALITY = 90


@dataclass(frozen=True, eq=False)
class Asked:
    """One picture, what it shows, and what was found in it, however unsure."""

    kind: Kind
    truth: Scene
    found: tuple[Found, ...]
    whole: tuple[str, ...]
    """Products that the whole picture resembles, best first."""
    regions: int
    milliseconds: float
    """Decoding, and searching whole and by regions."""
    milliseconds_whole: float
    """Decoding, and searching whole."""

    def matched(self, bar: float) -> list[tuple[Found, float]]:
        """What was found above the bar, with its overlap with the product that it names; 0 where that is not there."""
        return [(each, self._overlap(each)) for each in self.found if each.score >= bar]

    def _overlap(self, found: Found) -> float:
        boxes = [
            box
            for box, p in zip(self.truth.boxes, self.truth.products, strict=True)
            if p.id == found.best.product
        ]
        return float(overlap(np.array([found.box]), np.array(boxes)).max()) if boxes else 0.0


@dataclass(frozen=True)
class Report:
    references: int
    pictures: dict[Kind, int]
    intervals: dict[str, Interval]
    further: dict[str, float] = field(default_factory=dict)

    def figures(self) -> dict[str, float | int | str]:
        found: dict[str, float | int | str] = {"references": self.references}
        found |= {f"pictures_{kind}": count for kind, count in self.pictures.items()}
        for name, interval in self.intervals.items():
            found |= {name: interval.value, f"{name}_low": interval.low, f"{name}_high": interval.high}
        return found | self.further

    def rows(self) -> Iterator[tuple[str, str]]:
        yield from ((name, str(interval)) for name, interval in self.intervals.items())
        yield from ((name, f"{value:.3g}") for name, value in self.further.items())


def evaluate_clutter(
    folder: Path,
    calibration: RegionCalibration,
    *,
    encoder_name: str,
    seed: int,
    count: int,
    settings: Settings,
) -> Report:
    """Put products of an invented market into photos of the folder's test part, and look for them.

    Args:
        count: pictures of each kind.

    Raises:
        ManifestInvalid: the folder has no photos for the test.
    """
    encoder = load_encoder(settings, encoder_name)
    proposer = open_proposer(settings)
    shelf, asked = ask_all(
        encoder, proposer, folder, Part.TEST, seed, dict.fromkeys(Kind, count), calibration
    )
    return _report(len(shelf), asked, calibration.bar, seed)


def open_proposer(settings: Settings) -> Proposer:
    return load_proposer(settings.data_dir / "regions", settings.threads)


def ask_all(
    encoder: Encoder,
    proposer: Proposer,
    folder: Path,
    part: Part,
    seed: int,
    counts: dict[Kind, int],
    calibration: RegionCalibration,
) -> tuple[Shelf, list[Asked]]:
    """Enrol an invented market and ask for pictures of each kind."""
    kit = build_kit(seed, BRANDS)
    shelf = Shelf(encoder, proposer)
    shelf.enrol(kit.products)
    paths = photo_paths(folder, part)
    asked = []
    for at, (kind, count) in enumerate(counts.items()):
        shown = _foreign(seed) if kind is Kind.FOREIGN else kit
        made = pictures(kind, paths, shown.products, count, np.random.default_rng([seed, at]))
        asked += [_ask(shelf, kind, each, calibration) for each in track(made, f"{kind}", total=count)]
    return shelf, asked


def _foreign(seed: int) -> Kit:
    return build_kit(_FOREIGN_SEED + seed, BRANDS)


def _ask(shelf: Shelf, kind: Kind, truth: Scene, calibration: RegionCalibration) -> Asked:
    data = _file(truth.pixels)
    started = time.perf_counter()
    pixels = decode(data, max_side=MAX_SIDE).pixels
    whole = shelf.whole(pixels)
    after_whole = time.perf_counter()
    regions, near = shelf.regions(pixels)
    found = merge(regions, near, calibration, bar=0.0)
    ended = time.perf_counter()
    return Asked(
        kind,
        truth,
        tuple(found),
        tuple(dict.fromkeys(each.product for each in whole)),
        len(regions),
        (ended - started) * 1000,
        (after_whole - started) * 1000,
    )


def _file(pixels: RGB) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _report(references: int, asked: Sequence[Asked], bar: float, seed: int) -> Report:
    by_kind = {kind: [each for each in asked if each.kind is kind] for kind in Kind}
    single = by_kind[Kind.SINGLE]
    ranks = np.array([_rank(_products(each), each) for each in single])
    brands = np.array([_right_brand(each) for each in single])
    whole = np.array([_rank(each.whole, each) for each in single])
    intervals = {
        "r_at_1": bootstrap(partial(recall_at, k=1), ranks, seed=seed),
        "r_at_5": bootstrap(partial(recall_at, k=5), ranks, seed=seed),
        "r_at_1_brand": bootstrap(_mean, brands, seed=seed),
        "r_at_1_whole": bootstrap(partial(recall_at, k=1), whole, seed=seed),
        "box_recall": bootstrap(_mean, _recalled(single, bar), seed=seed),
        "box_recall_several": bootstrap(_mean, _recalled(by_kind[Kind.SEVERAL], bar), seed=seed),
        "box_precision": bootstrap(_mean, _precise(asked, bar), seed=seed),
    }
    return Report(
        references,
        {kind: len(each) for kind, each in by_kind.items()},
        intervals,
        _boxes(by_kind, bar) | _times(by_kind),
    )


def _mean(values: NDArray[np.float64]) -> float:
    return float(np.mean(values)) if len(values) else 0.0


def _products(asked: Asked) -> tuple[str, ...]:
    """By the best score of any region: what the picture most likely shows."""
    scored = [(each.best, each.score) for each in asked.found] + [
        more for each in asked.found for more in each.further
    ]
    ranked = sorted(scored, key=lambda one: (-one[1], one[0].reference))
    return tuple(dict.fromkeys(near.product for near, _ in ranked))


def _rank(products: Sequence[str], asked: Asked) -> int:
    shown = asked.truth.products[0].id
    return products.index(shown) + 1 if shown in products else NOT_RETURNED


def _right_brand(asked: Asked) -> float:
    return float(bool(asked.found) and asked.found[0].best.brand == asked.truth.products[0].brand.id)


def _recalled(asked: Sequence[Asked], bar: float) -> NDArray[np.float64]:
    """For each product shown: was it named, with a right box, above the bar?"""
    return np.array([
        float(any(each.best.product == product.id and share >= RIGHT_BOX for each, share in picture.matched(bar)))
        for picture in asked
        for product in picture.truth.products
    ])  # fmt: skip


def _precise(asked: Sequence[Asked], bar: float) -> NDArray[np.float64]:
    """For each box above the bar, of whatever picture: is that product there?"""
    return np.array([float(share >= RIGHT_BOX) for picture in asked for _, share in picture.matched(bar)])


def _boxes(by_kind: dict[Kind, list[Asked]], bar: float) -> dict[str, float]:
    """`false_boxes_…`: boxes above the bar a picture of that kind, all of which are wrong."""
    shares = [share for each in by_kind[Kind.SINGLE] for _, share in each.matched(bar) if share > 0]
    everything = [float(_recalled([each], bar).all()) for each in by_kind[Kind.SEVERAL]]
    return {
        "iou": _mean(np.array(shares)),
        "all_found_several": _mean(np.array(everything)),
        "false_boxes_plain": _mean(np.array([len(each.matched(bar)) for each in by_kind[Kind.PLAIN]], float)),
        "false_boxes_foreign": _mean(
            np.array([len(each.matched(bar)) for each in by_kind[Kind.FOREIGN]], float)
        ),
    }


def _times(by_kind: dict[Kind, list[Asked]]) -> dict[str, float]:
    """`ratio`: median time with regions over the median without, of the same pictures in turn."""
    single = by_kind[Kind.SINGLE]
    with_regions, whole = _median(single, _total), _median(single, _whole)
    found = {"p50_ms": with_regions, "p50_ms_whole": whole, "ratio": with_regions / whole}
    for kind in (Kind.SEVERAL, Kind.PLAIN):
        found[f"ratio_{kind}"] = _median(by_kind[kind], _total) / _median(by_kind[kind], _whole)
    for kind, asked in by_kind.items():
        found[f"regions_{kind}"] = float(np.mean([each.regions for each in asked]))
    return found


def _median(asked: Sequence[Asked], time_of: Callable[[Asked], float]) -> float:
    return float(np.median([time_of(each) for each in asked]))


def _total(asked: Asked) -> float:
    return asked.milliseconds


def _whole(asked: Asked) -> float:
    return asked.milliseconds_whole
