"""Learns the axes on which marks differ, and what everyday pictures look like along them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import scipy.linalg
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.evaluation.kit import background_photo, build_kit
from model.images import PictureLimits, decode
from model.marks.cells import LENGTH, WINDOW, cells, window_count, window_rows
from model.marks.layers import layers_of
from model.marks.projection import Projection, shipped
from model.marks.views import TURNS, seen, tiles
from service.decoding import MAX_SIDE
from service.evaluation.mark_pictures import alone, figure, word

KITS = range(100, 106)
"""Seeds of the kits that axes are fitted on; others than any that is reported."""
AXES = 40
_VIEWS = 8
_PHOTOS = 100
_PLAIN = 40
_WINDOWS = 60
_SIDES = (640, 500, 390, 305, 238, 186, 145, 113, 88, 69)
_RIDGE = 1e-4
_KEPT = 8000
"""Everyday windows that plainness is measured against."""


def fit_projection(photos: Sequence[Path], seed: int) -> Projection:
    """Linear discriminants between marks, within views of one and among windows of everyday pictures."""
    rng = np.random.default_rng([seed, 146])
    everyday = _everyday(photos, rng)
    means, within = _marks(rng)
    ordinary = np.cov(everyday.T)
    spread = 0.5 * ordinary + 0.5 * within + _RIDGE * np.eye(LENGTH) * np.trace(ordinary) / LENGTH
    _, vectors = scipy.linalg.eigh(np.cov(means.T), spread)
    return Projection(everyday.mean(axis=0), np.asarray(vectors[:, ::-1][:, :AXES], np.float32))


def everyday_windows(photos: Sequence[Path], seed: int) -> NDArray[np.float32]:
    """What everyday pictures look like to the axes that ship, shape (N, D)."""
    rng = np.random.default_rng([seed, 148])
    windows = _everyday(photos, rng)
    kept = rng.choice(len(windows), min(_KEPT, len(windows)), replace=False)
    return shipped().of_windows(windows[kept])


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
