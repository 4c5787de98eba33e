"""Which of a site's own categories does a capture show? Learnt from few captures of single things.

A single thing on an empty belt looks unlike the same thing in a bag. But attenuations add up: so each example is laid,
turned, over rendered clutter again and again, and what these look like to the encoder is what is learnt. Brightness is
shown in proportion to attenuation, so that what is dense keeps its outline beside what is nearly clear.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from model.encoders.base import RGB, Encoder, Vectors
from model.xray.attenuation import Plane, attenuation_of
from model.xray.renderer import clutter

OTHER = "other"
"""The category of whatever is none of the others; rendered clutter belongs to it besides its own examples."""
_SIDE = 160
_DARKEST = 3.0
"""Attenuation that is shown black."""
_GROUND = 0.10
"""Quantile of an example's attenuations that counts as its empty belt."""


class TooFewCategories(ValueError):
    def __init__(self) -> None:
        super().__init__("Give captures of two categories at least; `other` counts as one.")


@dataclass(frozen=True)
class Kind:
    """A category, and how sure it is among those that are known."""

    category: str
    chance: float


@dataclass(frozen=True, eq=False)
class Prototypes:
    """What was learnt of each category, for one encoder."""

    fingerprint: str
    categories: tuple[str, ...]
    weights: NDArray[np.float64]
    """Shape (categories, D)."""
    intercepts: NDArray[np.float64]

    def name(self, encoder: Encoder, captures: Sequence[RGB]) -> list[Kind]:
        """The likeliest category of each capture, cut out around one thing or a few.

        Raises:
            ValueError: these were learnt with another encoder.
        """
        if encoder.info.fingerprint != self.fingerprint:
            raise ValueError(f"Categories were learnt with encoder {self.fingerprint}; learn them anew.")
        if not captures:
            return []
        vectors = _described(encoder, [_sized(attenuation_of(each)) for each in captures])
        logits = vectors @ self.weights.T + self.intercepts
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        best = chances.argmax(axis=1).tolist()
        return [Kind(self.categories[at], float(row[at])) for at, row in zip(best, chances, strict=True)]


def learn(
    encoder: Encoder, examples: Mapping[str, Sequence[RGB]], seed: int, scenes: int = 160
) -> Prototypes:
    """Learn a site's categories from its own captures of single things.

    Args:
        examples: captures of each category; three to a hundred of each.
        scenes: pictures laid together for each category; of `other` up to four times as many.

    Raises:
        TooFewCategories: there is only one.
    """
    rng, categories = np.random.default_rng(seed), tuple(sorted({*examples, OTHER}))
    if len([each for each in examples if examples[each]]) < 2:
        raise TooFewCategories
    drawn = [
        (category, plane)
        for category in categories
        for plane in _scenes(category, examples.get(category, ()), scenes, rng)
    ]
    vectors = _described(encoder, [plane for _, plane in drawn])
    model = LogisticRegression(C=10.0, max_iter=2000).fit(vectors, [category for category, _ in drawn])
    weights, intercepts = model.coef_, model.intercept_
    if len(categories) == 2:
        weights, intercepts = np.concatenate([-weights, weights]), np.concatenate([-intercepts, intercepts])
    return Prototypes(encoder.info.fingerprint, categories, weights, intercepts)


def _scenes(category: str, captures: Sequence[RGB], count: int, rng: np.random.Generator) -> list[Plane]:
    planes = [_sized(attenuation_of(each)) for each in captures]
    if category != OTHER:
        things = [np.maximum(each - np.quantile(each, _GROUND), 0.0).astype(np.float32) for each in planes]
        return [_laid(things[at % len(things)], rng) for at in range(count if things else 0)]
    laid = [_laid(planes[at % len(planes)], rng) for at in range(count if planes else 0)]
    return laid + [_bare(rng) for _ in range(2 * count)]


def _bare(rng: np.random.Generator) -> Plane:
    height, width = rng.integers(60, _SIDE + 1, 2).tolist()
    return clutter(height, width, rng, int(rng.integers(0, 9)), int(rng.integers(2, 16))).low


def _laid(thing: Plane, rng: np.random.Generator) -> Plane:
    """The thing, turned or mirrored, with a margin, over clutter."""
    turned = _turned(thing, rng.uniform(0.0, 360.0))
    turned = turned[:, ::-1] if rng.random() < 0.5 else turned
    pads = (rng.uniform(0.0, 0.12, 4) * max(turned.shape)).astype(int).tolist()
    padded = np.pad(turned, [(pads[0], pads[1]), (pads[2], pads[3])])
    over = clutter(padded.shape[0], padded.shape[1], rng, int(rng.integers(0, 7)), int(rng.integers(2, 16)))
    laid: Plane = padded + over.low
    return laid


def _turned(thing: Plane, degrees: float) -> Plane:
    height, width = thing.shape
    cosine, sine = abs(np.cos(np.deg2rad(degrees))), abs(np.sin(np.deg2rad(degrees)))
    across, down = int(width * cosine + height * sine), int(width * sine + height * cosine)
    move = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    move[:, 2] += np.array([across - width, down - height]) / 2
    turned = cv2.warpAffine(thing, move, (across, down))
    seen = turned > 0.08
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        return thing
    cut: Plane = turned[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    return cut


def _sized(plane: Plane) -> Plane:
    scale = _SIDE / max(plane.shape)
    size = max(24, round(plane.shape[1] * scale)), max(24, round(plane.shape[0] * scale))
    sized: Plane = cv2.resize(plane, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    return sized


def _described(encoder: Encoder, planes: Sequence[Plane]) -> Vectors:
    return np.concatenate([encoder.encode([_shown(each)]) for each in planes])


def _shown(plane: Plane) -> RGB:
    levels = np.clip(255.0 - plane * (255.0 / _DARKEST), 0, 255).astype(np.uint8)
    return np.repeat(levels[:, :, np.newaxis], 3, axis=2)
