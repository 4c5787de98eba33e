"""Registered marks in a picture: proposed by tiles or text, and proved by laying them over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.keypoints import LocalPicture
from model.marks.measures import Measures
from model.marks.proofs import Proof, prove
from model.marks.proposals import MarkIndex, Means, Proposal, propose
from model.marks.text import ReadLine, named
from model.marks.thresholds import MarkThresholds, shipped_thresholds

_READ = 0.3
"""Likeness of a place where the word was read: as of one that clearly is like it."""
Box = tuple[float, float, float, float]
"""Left, top, right, bottom, as fractions of the picture's width and height."""


@dataclass(frozen=True)
class Sighting:
    """A mark in a picture."""

    name: str
    """What the index calls it."""
    box: Box
    quad: tuple[tuple[float, float], ...]
    """Where its corners are, from the top left clockwise, as fractions."""
    score: float
    """Chance that it is this mark, altered or not; 0 to 1."""
    altered: bool
    differences: tuple[Box, ...]
    """Where an altered mark differs; none where its shape as a whole does."""
    measures: Measures
    """What the score was made of."""
    stretch: float
    """How much wider than registered it looks against its height, 1 if not at all."""
    means: Means


def find_marks(
    pixels: RGB,
    index: MarkIndex,
    *,
    closeup: LocalPicture | None = None,
    lines: Sequence[ReadLine] = (),
    thresholds: MarkThresholds | None = None,
) -> list[Sighting]:
    """The index's marks in an (H, W, 3) picture, surest first; of one mark perhaps several.

    Args:
        closeup: keypoints of the picture, where they are at hand.
        lines: text that was read in it, in its pixels.
        thresholds: those that are shipped when not given.
    """
    bars = thresholds or shipped_thresholds()
    proposals = [*_read(pixels, index, lines), *propose(pixels, index)]
    proofs = prove(pixels, index, proposals, bars)
    return [_sighting(pixels, index, proof, bars) for proof in proofs]


def _read(pixels: RGB, index: MarkIndex, lines: Sequence[ReadLine]) -> list[Proposal]:
    found = named(lines, [template.word for template in index.templates]) if lines else []
    return [Proposal(each.mark, _READ, each.quad, means=Means.TEXT) for each in found]


def _sighting(pixels: RGB, index: MarkIndex, proof: Proof, bars: MarkThresholds) -> Sighting:
    extent = np.array([pixels.shape[1], pixels.shape[0]], np.float64)
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    onto = cv2.getPerspectiveTransform(square, (proof.quad / extent).astype(np.float32))
    measures = vars(proof.measures)
    altered = bars.altered.holds(measures)
    return Sighting(
        index.names[proof.proposal.mark],
        _box(proof.quad / extent),
        tuple((float(x), float(y)) for x, y in proof.quad / extent),
        proof.chance(bars),
        altered,
        tuple(_carried(area, onto) for area in proof.shape.areas) if altered else (),
        proof.measures,
        proof.shape.stretch,
        proof.proposal.means,
    )


def _carried(area: Box, onto: NDArray[np.floating]) -> Box:
    left, top, right, bottom = area
    corners = np.array([[[left, top], [right, top], [right, bottom], [left, bottom]]], np.float32)
    return _box(cv2.perspectiveTransform(corners, onto)[0].astype(np.float64))


def _box(quad: NDArray[np.float64]) -> Box:
    left, top = np.clip(quad.min(axis=0), 0, 1)
    right, bottom = np.clip(quad.max(axis=0), 0, 1)
    return float(left), float(top), float(right), float(bottom)
