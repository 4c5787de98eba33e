"""From what each region resembles to the things found in a picture: one product a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.regions.boxes import best_apart
from model.regions.calibration import RegionCalibration
from model.regions.finding import Regions
from model.regions.verifying import Near


@dataclass(frozen=True)
class Found:
    """A product in a picture."""

    box: tuple[float, float, float, float]
    """Left, top, right, bottom, in shares of the picture."""
    best: Near
    score: float
    """Calibrated, in [0, 1]."""
    objectness: float
    further: tuple[tuple[Near, float], ...]
    """The other products that the region resembles, with their scores, best first."""


def merge(
    regions: Regions, near: Sequence[Sequence[Near]], calibration: RegionCalibration, bar: float | None = None
) -> list[Found]:
    """Things found in one picture, best first.

    Each region shows at most one product, its best; of regions that share most of the smaller one's area the best
    answer counts. The same product may be found in several places.

    Args:
        near: for each region what it resembles, in any order; perhaps nothing.
        bar: the least score; the calibration's own where None.
    """
    answers = [_found(regions, at, each, calibration) for at, each in enumerate(near) if each]
    least = calibration.bar if bar is None else bar
    sure = [answer for answer in answers if answer.score >= least]
    if not sure:
        return []
    boxes = np.array([answer.box for answer in sure])
    scores = np.array([answer.score for answer in sure])
    return [sure[at] for at in best_apart(boxes, scores, len(sure))]


def _found(regions: Regions, at: int, near: Sequence[Near], calibration: RegionCalibration) -> Found:
    ranked = _one_a_product(near, calibration)
    left, top, right, bottom = (float(side) for side in regions.boxes[at])
    (best, score), *further = ranked
    return Found((left, top, right, bottom), best, score, float(regions.objectness[at]), tuple(further))


def _one_a_product(near: Sequence[Near], calibration: RegionCalibration) -> list[tuple[Near, float]]:
    scored = sorted(
        ((each, calibration.score(each)) for each in near), key=lambda one: (-one[1], one[0].reference)
    )
    best: dict[str, tuple[Near, float]] = {}
    for each, score in scored:
        best.setdefault(each.product, (each, score))
    return list(best.values())
