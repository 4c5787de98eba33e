"""Proposed places of marks, looked at roughly, the promising ones closely; what overlaps is told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.marks.alignment import Canvas, Fit, Floats, distinct, edges_alike, fit
from model.marks.differences import Shape, shape_of
from model.marks.proposals import MarkIndex, Proposal
from model.marks.template import WHOLE, Share
from model.marks.thresholds import MarkThresholds

_ROUGH_STEPS = 3
_MOST_ROUGH = 10
_MOST_LIKELY = 12
"""Places that are improved by steps because of how they look before any, and because of how likely they were."""
_FINE_STEPS = 7
_FREE_STEPS = 4
_MOST_FINE = 5
_SMALL = 800.0
"""Square pixels under which a mark is compared at its own size: drawn larger, it has edges that no picture has."""
_OVERLAP = 0.3
_SMALLEST_LEVEL = 40
_SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)


@dataclass(frozen=True, eq=False)
class Proof:
    proposal: Proposal
    quad: NDArray[np.float64]
    """Shape (4, 2), pixels: where the mark's corners are."""
    explained: float
    """Of the whole mark, or of the part that was found."""
    edges: float
    """Cosine between the slopes of the mark and of the picture there."""
    distinct: float
    """What no plain shape explains too, against that and what is left unexplained."""
    shape: Shape
    partly: bool
    """Only a part of a long mark is there as registered."""

    def chance(self, bars: MarkThresholds) -> float:
        return bars.chance(self.explained, self.edges, self.distinct)

    def holds(self, bars: MarkThresholds) -> bool:
        return bars.holds(self.explained, self.edges, self.distinct)


def prove(pixels: RGB, index: MarkIndex, proposals: Sequence[Proposal], bars: MarkThresholds) -> list[Proof]:
    """The proposals that hold, surest first, one a place."""
    if not proposals:
        return []
    levels = _levels(pixels)
    looks = [_Look.at(levels, index, each) for each in proposals]
    looks = [each.better(levels, index) for each in _chosen(looks, bars)]
    close = [each for each in _best(looks, bars, _MOST_FINE) if each.found.explained >= bars.rough]
    proofs = [_close(levels, index, each.proposal, each.quad, bars) for each in close]
    held = [each for each in proofs if each.holds(bars)]
    return _one_a_place(sorted(held, key=lambda each: -each.chance(bars)))


@dataclass(frozen=True, eq=False)
class _Look:
    """A rough look at a proposal."""

    proposal: Proposal
    found: Fit
    quad: NDArray[np.float64]
    """Shape (4, 2), pixels: where the whole mark's corners are."""

    @classmethod
    def at(cls, levels: Sequence[Floats], index: MarkIndex, proposal: Proposal) -> _Look:
        share, canvas = _rough(index, proposal)
        found, quad = _by_part(levels, canvas, share, proposal.quad, 0)
        return cls(proposal, found, quad)

    def chance(self, bars: MarkThresholds) -> float:
        """Without what it has of its own: at this size that is hardly seen."""
        return bars.promise(self.found.explained, edges_alike(self.found))

    def better(self, levels: Sequence[Floats], index: MarkIndex) -> _Look:
        share, canvas = _rough(index, self.proposal)
        found, quad = _by_part(levels, canvas, share, self.quad, _ROUGH_STEPS)
        return _Look(self.proposal, found, quad)


def _best(looks: Sequence[_Look], bars: MarkThresholds, most: int) -> list[_Look]:
    return sorted(looks, key=lambda each: -each.chance(bars))[:most]


def _chosen(looks: Sequence[_Look], bars: MarkThresholds) -> list[_Look]:
    """Words look bad until they are laid on exactly, plain figures look well anywhere: both orders count."""
    best = _best(looks, bars, _MOST_ROUGH)
    likely = sorted(looks, key=lambda each: -each.proposal.likeness)[:_MOST_LIKELY]
    return best + [each for each in likely if each not in best]


def _rough(index: MarkIndex, proposal: Proposal) -> tuple[Share, Canvas]:
    template = index.templates[proposal.mark]
    return (WHOLE, template.rough) if proposal.tile is None else template.of_tiles[proposal.tile]


def _by_part(
    levels: Sequence[Floats], canvas: Canvas, share: Share, quad: NDArray[np.float64], steps: int
) -> tuple[Fit, NDArray[np.float64]]:
    """Fit a part of a mark whose corners are thought to be at `quad`; where they are then, if the part is right."""
    left, top, right, bottom = share
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)
    onto = cv2.getPerspectiveTransform(_SQUARE, quad.astype(np.float32))
    part = cv2.perspectiveTransform(corners[None], onto)[0].astype(np.float64)
    found, part = _fitted(levels, canvas, part, steps)
    back = cv2.getPerspectiveTransform(corners, part.astype(np.float32))
    return found, cv2.perspectiveTransform(_SQUARE[None], back)[0].astype(np.float64)


def _levels(pixels: RGB) -> list[Floats]:
    """The picture, and its halves."""
    levels = [pixels.astype(np.float32)]
    while max(levels[-1].shape[:2]) > 2 * _SMALLEST_LEVEL:
        height, width = levels[-1].shape[:2]
        half = max(1, width // 2), max(1, height // 2)
        levels.append(np.asarray(cv2.resize(levels[-1], half, interpolation=cv2.INTER_AREA), np.float32))
    return levels


def _fitted(
    levels: Sequence[Floats], canvas: Canvas, quad: NDArray[np.float64], steps: int, *, freely: bool = False
) -> tuple[Fit, NDArray[np.float64]]:
    """On the level at which the mark is nearest to the canvas in size, but not smaller where that can be had."""
    extent = np.sqrt(abs(_area(quad)) / (canvas.size[0] * canvas.size[1]))
    level = int(np.clip(np.floor(np.log2(max(extent, 1e-3)) + 0.35), 0, len(levels) - 1))
    found = fit(levels[level], canvas, canvas.onto(quad / 2**level), steps, freely=freely)
    return found, canvas.corners(found.homography) * 2**level


def _close(
    levels: Sequence[Floats],
    index: MarkIndex,
    proposal: Proposal,
    quad: NDArray[np.float64],
    bars: MarkThresholds,
) -> Proof:
    template = index.templates[proposal.mark]
    canvas = template.fine if abs(_area(quad)) >= _SMALL else template.rough
    _, quad = _fitted(levels, canvas, quad, _FINE_STEPS)
    found, quad = _fitted(levels, canvas, quad, _FREE_STEPS, freely=True)
    whole = Proof(
        proposal,
        quad,
        found.explained,
        edges_alike(found),
        distinct(found, canvas),
        shape_of(found, canvas, bars.difference),
        partly=False,
    )
    if found.explained >= bars.part or found.explained < bars.rough / 2:
        return whole
    parts = [_part(levels, canvas, share, whole, bars) for share, canvas in template.parts]
    return max([whole, *parts], key=lambda each: each.explained)


def _part(
    levels: Sequence[Floats],
    canvas: Canvas,
    share: Share,
    whole: Proof,
    bars: MarkThresholds,
) -> Proof:
    """The mark by a part of it: where the rest would be follows from where the part is."""
    left, top, right, bottom = share
    found, everything = _by_part(levels, canvas, share, whole.quad, _FINE_STEPS)
    rest = (
        (right, 0.0, 1.0, 1.0)
        if right < 1
        else (0.0, 0.0, left, 1.0)
        if left > 0
        else (0.0, bottom, 1.0, 1.0)
        if bottom < 1
        else (0.0, 0.0, 1.0, top)
    )
    shape = shape_of(found, canvas, bars.difference)
    return Proof(
        whole.proposal,
        everything,
        found.explained,
        edges_alike(found),
        distinct(found, canvas),
        Shape(shape.stretch, shape.worst, (rest,)),
        partly=True,
    )


def _one_a_place(proofs: Sequence[Proof]) -> list[Proof]:
    kept: list[Proof] = []
    for each in proofs:
        if all(_overlap(each.quad, other.quad) < _OVERLAP for other in kept):
            kept.append(each)
    return kept


def _overlap(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Of the smaller of the two, by their upright boxes."""
    low, high = np.maximum(one.min(axis=0), other.min(axis=0)), np.minimum(one.max(axis=0), other.max(axis=0))
    both = float(np.prod(np.maximum(high - low, 0)))
    smaller = min(float(np.prod(np.ptp(one, axis=0))), float(np.prod(np.ptp(other, axis=0))))
    return both / max(smaller, 1e-6)


def _area(quad: NDArray[np.float64]) -> float:
    following = np.roll(quad, -1, axis=0)
    return float((quad[:, 0] * following[:, 1] - quad[:, 1] * following[:, 0]).sum() / 2)
