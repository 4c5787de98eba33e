"""Learns what finding marks needs to know: the axes on which marks differ, and the bars they have to pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.evaluation.kit import background_photo, build_kit
from model.images import PictureLimits, decode
from model.marks import MarkThresholds, Sighting, shipped_thresholds
from model.marks.cells import LENGTH, WINDOW, cells, window_count, window_rows
from model.marks.layers import layers_of
from model.marks.projection import Projection
from model.marks.views import TURNS, seen, tiles
from service.decoding import MAX_SIDE
from service.evaluation.mark_pictures import alone, figure, word
from service.evaluation.marks import Answer, Change, ask, questions, register_kit, without_marks

KITS = range(100, 106)
"""Seeds of the kits that axes are fitted on; others than any that is reported."""
BARRED = KITS[:4]
"""Those that bars are fitted on."""
AXES = 40
_VIEWS = 8
_PHOTOS = 100
_PLAIN = 40
_WINDOWS = 60
_SIDES = (640, 500, 390, 305, 238, 186, 145, 113, 88, 69)
_RIDGE = 1e-4
_FALSE_ALTERED = 0.06
"""Share of genuine marks that each of the two bars may call altered."""
_PRECISION = 0.98
"""Among many more photos without marks than a test has: there, more."""
_LOST = 0.04
"""Share of genuine marks that each floor may cost."""
_WITHOUT = 80
"""Photos without marks for each kit, beside those among the questions."""


def fit_projection(photos: Sequence[Path], seed: int) -> Projection:
    """Linear discriminants between marks, within views of one and among windows of everyday pictures."""
    rng = np.random.default_rng([seed, 146])
    everyday = _everyday(photos, rng)
    means, within = _marks(rng)
    ordinary = np.cov(everyday.T)
    spread = 0.5 * ordinary + 0.5 * within + _RIDGE * np.eye(LENGTH) * np.trace(ordinary) / LENGTH
    _, vectors = scipy.linalg.eigh(np.cov(means.T), spread)
    return Projection(everyday.mean(axis=0), np.asarray(vectors[:, ::-1][:, :AXES], np.float32))


def fit_thresholds(photos: Sequence[Path], seed: int, pictures: int, source: str) -> MarkThresholds:
    """Bars from a kit and photos that are not reported."""
    start = _open()
    answers = [answer for kit in BARRED for answer in _answers(photos, kit, seed, pictures, start)]
    right = [each.right[0] for each in answers if each.right]
    wrong = [seen for each in answers for seen in each.wrong]
    genuine = [each.right[0] for each in answers if each.right and each.question.change is Change.NONE]
    fitted = replace(_weighed(start, right, wrong), source=source)
    fitted = replace(
        fitted,
        least_explained=_floor(genuine, "explained"),
        least_edges=_floor(genuine, "edges"),
        least_distinct=_floor(genuine, "distinct"),
    )
    least = _least(_chances(fitted, right), _chances(fitted, wrong))
    worst = np.quantile([each.worst for each in genuine], 1 - _FALSE_ALTERED)
    stretch = np.quantile([max(each.stretch, 1 / each.stretch) for each in genuine], 1 - _FALSE_ALTERED)
    return replace(
        fitted,
        least=round(least, 3),
        difference=round(float(worst), 3),
        stretch=round(float(stretch), 3),
    )


def _open() -> MarkThresholds:
    """Bars that let through whatever may be a mark; the likeliest at a place stands for it."""
    return replace(
        shipped_thresholds(),
        rough=0.4,
        explained=0.0,
        edges=6.0,
        distinct=11.0,
        intercept=-12.0,
        least=0.0,
        least_explained=0.4,
        least_edges=0.3,
        least_distinct=0.1,
    )


def _answers(
    photos: Sequence[Path], kit_seed: int, seed: int, pictures: int, bars: MarkThresholds
) -> list[Answer]:
    kit = build_kit(kit_seed, brands=10)
    index = register_kit(kit)
    asked = [questions(kit, photos, seed=kit_seed + seed, pictures=pictures)]
    asked.append(without_marks(photos, seed=kit_seed + seed, pictures=_WITHOUT))
    return [ask(index, each, bars) for some in asked for each in some]


def _weighed(start: MarkThresholds, right: Sequence[Sighting], wrong: Sequence[Sighting]) -> MarkThresholds:
    explained, edges, own, intercept = _logistic(_measured(right), _measured(wrong))
    return replace(start, explained=explained, edges=edges, distinct=own, intercept=intercept)


def _floor(genuine: Sequence[Sighting], name: str) -> float:
    """What nearly all genuine marks have of a measure, so that no other makes up for it."""
    return round(float(np.quantile([getattr(each, name) for each in genuine], _LOST)), 3)


def _chances(bars: MarkThresholds, seen: Sequence[Sighting]) -> NDArray[np.float64]:
    """Of those under a floor, nothing."""
    return np.array(
        [
            bars.chance(*measures) if bars.holds(*measures) else 0.0
            for measures in ((each.explained, each.edges, each.distinct) for each in seen)
        ]
    )


def _everyday(photos: Sequence[Path], rng: np.random.Generator) -> NDArray[np.float32]:
    chosen = [photos[at] for at in rng.permutation(len(photos))[:_PHOTOS]]
    pictures = [decode(path.read_bytes(), PictureLimits(), max_side=MAX_SIDE).pixels for path in chosen]
    pictures += [background_photo(rng) for _ in range(_PLAIN)]
    return np.concatenate([part for picture in pictures for part in _windows(picture, rng)])


def _windows(picture: RGB, rng: np.random.Generator) -> list[NDArray[np.float32]]:
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    found = []
    for side in _SIDES:
        factor = side / max(grey.shape)
        size = max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor))
        counted = cells(np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8))
        down, across = window_count(counted)
        if down and across:
            rows = [window_rows(counted, row).reshape(down * across, -1) for row in range(WINDOW)]
            kept = rng.choice(down * across, min(_WINDOWS, down * across), replace=False)
            found.append(np.concatenate([row[kept] for row in rows], axis=1))
    return found


def _marks(rng: np.random.Generator) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means of views, and how views of one differ on average."""
    means, within = [], np.zeros((LENGTH, LENGTH))
    for brand in (brand for seed in KITS for brand in build_kit(seed).brands):
        for artwork in (figure(brand), word(brand)):
            layers = layers_of(alone(artwork, (brand.colours.ink, brand.colours.accent)))
            for tile in tiles(layers.aspect):
                for turn in TURNS:
                    views = seen(layers, tile, turn, _VIEWS, rng)
                    means.append(views.mean(axis=0))
                    within += np.cov(views.T)
    return np.stack(means), within / len(means)


def _measured(seen: Sequence[Sighting]) -> NDArray[np.float64]:
    return np.array([[each.explained, each.edges, each.distinct, 1.0] for each in seen])


def _logistic(right: NDArray[np.float64], wrong: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """A measure that would count against a mark does not count at all: the others said the same better."""
    seen = np.concatenate([right, wrong])
    truth = np.concatenate([np.ones(len(right)), np.zeros(len(wrong))])
    counted = np.ones(4, bool)
    while True:
        weights = np.zeros(4)
        weights[counted] = _newton(seen[:, counted], truth)
        if (weights[:3] >= 0).all():
            break
        counted[int(weights[:3].argmin())] = False
    explained, edges, own, intercept = (round(float(each), 4) for each in weights)
    return explained, edges, own, intercept


def _newton(seen: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logistic regression with a ridge, so that cleanly parted data do not run away; the last column is of ones."""
    weights = np.zeros(seen.shape[1])
    ridge = 0.01 * np.eye(len(weights))
    ridge[-1, -1] = 0
    for _ in range(50):
        chance = 1 / (1 + np.exp(-np.clip(seen @ weights, -30, 30)))
        slope = seen.T @ (chance - truth) + ridge @ weights
        bend = (seen * (chance * (1 - chance))[:, None]).T @ seen + ridge + 1e-9 * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    return weights


def _least(right: NDArray[np.float64], wrong: NDArray[np.float64]) -> float:
    """The lowest chance at which enough of what is reported is right."""
    for bar in np.sort(right):
        found, mistaken = int((right >= bar).sum()), int((wrong >= bar).sum())
        if found >= _PRECISION * (found + mistaken):
            return float(bar)
    return float(right.max())
