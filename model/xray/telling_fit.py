"""Fits what tells X-ray captures from photos, on real ones of a training split and on rendered ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from model.encoders.base import RGB
from model.xray.attenuation import Attenuation, grey, pseudo_colour
from model.xray.renderer import clutter, render_parcel
from model.xray.telling import TellingModel, measures

_CUTS = 2
_LEAST = 32


def fit_telling(
    captures: Sequence[RGB], photos: Sequence[RGB], rendered: int, seed: int, source: dict[str, Any]
) -> TellingModel:
    """A logistic model; photos count as they are and in grey, captures whole and cut."""
    rng = np.random.default_rng(seed)
    cuts = [_cut(each, rng) for each in captures for _ in range(_CUTS)]
    drawn = [_rendered(rng, colour=at % 2 == 0, bare=at % 3 == 0) for at in range(rendered)]
    positive = [measures(each) for each in (*captures, *cuts, *drawn)]
    negative = [measures(each) for photo in photos for each in (photo, as_grey(photo))]
    found, labels = np.stack(positive + negative), [1] * len(positive) + [0] * len(negative)
    scaler = StandardScaler().fit(found)
    model = LogisticRegression(C=1.0, max_iter=3000, class_weight="balanced")
    model.fit(np.clip(scaler.transform(found), -6.0, 6.0), labels)
    return TellingModel(
        mean=_rounded(scaler.mean_),
        scale=_rounded(scaler.scale_),
        weights=_rounded(model.coef_[0]),
        intercept=round(float(model.intercept_[0]), 5),
        source=source,
    )


def as_grey(photo: RGB) -> RGB:
    """Without its colours, as some cameras and copiers send them."""
    return np.repeat(photo.astype(np.float32).mean(axis=2, keepdims=True).astype(np.uint8), 3, axis=2)


def _rendered(rng: np.random.Generator, *, colour: bool, bare: bool) -> RGB:
    if bare:
        height, width = rng.integers(100, 300, 2).tolist()
        scene = clutter(height, width, rng, int(rng.integers(0, 12)), int(rng.integers(2, 20)))
    else:
        side = int(rng.integers(200, 400))
        scene = render_parcel(rng, int(rng.integers(1, 25)), int(rng.integers(1, 8)), side=side).attenuation
    strength = np.float32(rng.uniform(0.5, 2.0))
    scene = Attenuation(scene.low * strength, scene.high * strength)
    shown = (pseudo_colour(scene) if colour else grey(scene)).astype(np.float32) * rng.uniform(0.75, 1.0)
    soft = cv2.GaussianBlur(shown, (0, 0), rng.uniform(0.3, 1.5))
    grain = rng.normal(0.0, rng.uniform(0.0, 3.0), soft.shape[:2])[:, :, np.newaxis]
    whole = np.clip(soft + grain, 0, 255).astype(np.uint8)
    return whole if rng.random() < 0.5 else _cut(whole, rng)


def _cut(picture: RGB, rng: np.random.Generator) -> RGB:
    height, width = (max(min(_LEAST, side), int(side * rng.uniform(0.4, 1.0))) for side in picture.shape[:2])
    top = int(rng.integers(0, picture.shape[0] - height + 1))
    left = int(rng.integers(0, picture.shape[1] - width + 1))
    return np.ascontiguousarray(picture[top : top + height, left : left + width])


def _rounded(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(values.round(5).tolist())
