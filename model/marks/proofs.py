"""Proposed places of marks, looked at roughly, the promising ones closely; what overlaps is told apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.marks.alignment import Canvas, Fit, Floats, edges_alike, fit
from model.marks.differences import Shape, shape_of
from model.marks.measures import Measures, measures_of
from model.marks.proposals import MarkIndex, Proposal
from model.marks.template import WHOLE, Share
from model.marks.thresholds import MarkThresholds, Scale

_ROUGH_STEPS = 3
_MOST_ROUGH = 14
"""Places that are improved by steps."""
_FINE_STEPS = 7
_FREE_STEPS = 4
_MOST_FINE = 5
_LEAST_OF_PART = 0.35
"""Explained share of a long mark under which its ends are not looked at either."""
_SMALL = 800.0
"""Square pixels under which a mark is compared at its own size: drawn larger, it has edges that no picture has."""
_OVERLAP = 0.3
_SMALLEST_LEVEL = 40
_SQUARE = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
ROUGH_MEASURES = ("explained", "edges", "likeness", "plainness", "length", "size", "contrast")


@dataclass(frozen=True, eq=False)
class Proof:
    proposal: Proposal
    quad: NDArray[np.float64]
    """Shape (4, 2), pixels: where the mark's corners are."""
    measures: Measures
    """Of the whole mark, or of the part that was found."""
    shape: Shape

    def chance(self, bars: MarkThresholds) -> float:
        return bars.present.chance(vars(self.measures))


@dataclass(frozen=True, eq=False)
class Search:
    """What one picture is searched with."""

    levels: Sequence[Floats]
    """The picture, and its halves."""
    index: MarkIndex
    bars: MarkThresholds

    @classmethod
    def of(cls, pixels: RGB, index: MarkIndex, bars: MarkThresholds) -> Search:
        return cls(_levels(pixels), index, bars)


def prove(pixels: RGB, index: MarkIndex, proposals: Sequence[Proposal], bars: MarkThresholds) -> list[Proof]:
    """The proposals that hold, surest first, one a place."""
    if not proposals:
        return []
    search = Search.of(pixels, index, bars)
    looks = _best([Look.at(search, each) for each in proposals], bars.first, _MOST_ROUGH)
    looks = _best([each.better(search) for each in looks], bars.second, _MOST_FINE)
    held = [
        proof for proof in (close(search, each) for each in looks) if proof.chance(bars) >= bars.present.least
    ]
    return one_a_place(sorted(held, key=lambda each: -each.chance(bars)))


@dataclass(frozen=True, eq=False)
class Look:
    """A rough look at a proposal."""

    proposal: Proposal
    quad: NDArray[np.float64]
    """Shape (4, 2), pixels: where the whole mark's corners are."""
    measures: Mapping[str, float]
    """By `ROUGH_MEASURES`."""

    @classmethod
    def at(cls, search: Search, proposal: Proposal) -> Look:
        return cls._looked(search, proposal, proposal.quad, 0)

    def better(self, search: Search) -> Look:
        return self._looked(search, self.proposal, self.quad, _ROUGH_STEPS)

    @classmethod
    def _looked(cls, search: Search, proposal: Proposal, quad: NDArray[np.float64], steps: int) -> Look:
        template = search.index.templates[proposal.mark]
        share, canvas = (WHOLE, template.rough) if proposal.tile is None else template.of_tiles[proposal.tile]
        found, quad = _by_part(search.levels, canvas, share, quad, steps)
        measures = (
            found.explained,
            edges_alike(found),
            proposal.likeness,
            template.plainness,
            abs(math.log(template.layers.aspect)),
            0.5 * math.log10(1 + abs(_area(quad))),
            math.log10(1 + found.contrast),
        )
        return cls(proposal, quad, dict(zip(ROUGH_MEASURES, measures, strict=True)))


def _best(looks: Sequence[Look], scale: Scale, most: int) -> list[Look]:
    ranked = sorted(((scale.chance(each.measures), at) for at, each in enumerate(looks)), reverse=True)
    return [looks[at] for chance, at in ranked[:most] if chance >= scale.least]


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


def close(search: Search, look: Look) -> Proof:
    """Lay the mark over its place as exactly as it goes; of a long one that is badly explained, an end of it."""
    template = search.index.templates[look.proposal.mark]
    canvas = template.fine if abs(_area(look.quad)) >= _SMALL else template.rough
    _, quad = _fitted(search.levels, canvas, look.quad, _FINE_STEPS)
    found, quad = _fitted(search.levels, canvas, quad, _FREE_STEPS, freely=True)
    whole = _proof(search, look.proposal, found, canvas, quad)
    if not _LEAST_OF_PART <= found.explained < search.bars.part:
        return whole
    ends = [_end(search, canvas, share, whole) for share, canvas in template.parts]
    return max([whole, *ends], key=lambda each: each.chance(search.bars))


def _end(search: Search, canvas: Canvas, share: Share, whole: Proof) -> Proof:
    """The mark by an end of it: where the rest would be follows from where the end is."""
    found, everything = _by_part(search.levels, canvas, share, whole.quad, _FINE_STEPS)
    proof = _proof(search, whole.proposal, found, canvas, everything, part=True)
    return replace(proof, shape=replace(proof.shape, areas=(_rest(share),)))


def _rest(share: Share) -> Share:
    left, top, right, bottom = share
    if right < 1:
        return right, 0.0, 1.0, 1.0
    if left > 0:
        return 0.0, 0.0, left, 1.0
    return (0.0, bottom, 1.0, 1.0) if bottom < 1 else (0.0, 0.0, 1.0, top)


def _proof(
    search: Search,
    proposal: Proposal,
    found: Fit,
    canvas: Canvas,
    quad: NDArray[np.float64],
    *,
    part: bool = False,
) -> Proof:
    shape = shape_of(found, canvas, search.bars.difference)
    measures = measures_of(
        found,
        canvas,
        quad,
        stretch=shape.stretch,
        worst=shape.worst,
        likeness=proposal.likeness,
        plainness=search.index.templates[proposal.mark].plainness,
        part=part,
    )
    return Proof(proposal, quad, measures, shape)


def one_a_place(proofs: Sequence[Proof]) -> list[Proof]:
    """The first of those that overlap."""
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
