"""Where in a picture a registered mark may be: every window at every size, compared with every mark at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.marks.cells import CELL, SIDE, cells, window_count
from model.marks.projection import shipped
from model.marks.template import MarkTemplate
from model.marks.views import FILL

LARGEST = 640
"""Pixels of the longer side of the largest picture that is looked at: marks down to 3 % of it."""
_STEP = 1.28
_SMALLEST = 44
_LEAST_LIKENESS = 0.45
_MOST_A_MARK = 5
_MOST = 64
_LOOKED_AT = 8
"""Places of a mark that are looked at before those that are the same are left out."""
_SURE = 3
"""Places of every mark that are proposed before others."""


class Means(StrEnum):
    """How a mark was noticed first; whichever it was, it is proved by laying the mark over the picture."""

    TILES = "tiles"
    KEYPOINTS = "keypoints"
    TEXT = "text"


@dataclass(frozen=True, eq=False)
class Proposal:
    mark: int
    likeness: float
    quad: NDArray[np.float64]
    """Shape (4, 2), pixels: where the mark's corners would be."""
    tile: int | None = None
    """The tile that was seen there; None for the whole mark."""
    means: Means = Means.TILES


@dataclass(frozen=True, eq=False)
class MarkIndex:
    """Marks that are searched for together; make it once, ask it for many pictures."""

    names: tuple[str, ...]
    templates: tuple[MarkTemplate, ...]

    @classmethod
    def of(cls, marks: Sequence[tuple[str, MarkTemplate]]) -> MarkIndex:
        return cls(tuple(name for name, _ in marks), tuple(template for _, template in marks))

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def descriptors(self) -> NDArray[np.float32]:
        """Shape (T, D), of all marks, in their order."""
        if not self.templates:
            return np.empty((0, shipped().dim), np.float32)
        return np.concatenate([each.descriptors for each in self.templates])

    @cached_property
    def mark_of(self) -> NDArray[np.intp]:
        """Shape (T,)."""
        return np.repeat(np.arange(len(self)), [len(each.descriptors) for each in self.templates])

    @cached_property
    def first_of(self) -> NDArray[np.intp]:
        """Shape (M,), where each mark's descriptors begin."""
        counts = [len(each.descriptors) for each in self.templates]
        return np.concatenate([[0], np.cumsum(counts)])[:-1].astype(np.intp)


@dataclass(frozen=True, eq=False)
class _Place:
    likeness: float
    view: int
    box: NDArray[np.float32]
    """Shape (3,): middle and side, as shares of the longer side."""


@dataclass(frozen=True, eq=False)
class _Windows:
    vectors: NDArray[np.float32]
    boxes: NDArray[np.float32]
    """Shape (N, 3): middle and side, as shares of the longer side."""


def propose(pixels: RGB, index: MarkIndex) -> list[Proposal]:
    """The likeliest places of the index's marks in an (H, W, 3) picture, best first; at most `_MOST`."""
    if not len(index):
        return []
    found: list[_Place] = []
    for windows in _levels(pixels):
        found += _best(index.descriptors @ windows.vectors.T, windows.boxes)
    found.sort(key=lambda each: -each.likeness)
    longer = max(pixels.shape[:2])
    return [replace(each, quad=each.quad * longer) for each in _apart(found, index)]


def _levels(pixels: RGB) -> Iterator[_Windows]:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    longer = max(grey.shape)
    side = float(LARGEST)
    while side > _SMALLEST:
        factor = side / longer
        size = max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor))
        how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
        counted = cells(np.asarray(cv2.resize(grey, size, interpolation=how), np.uint8))
        down, across = window_count(counted)
        if down and across:
            yield _Windows(shipped().of_cells(counted), _boxes(down, across, side))
        side /= _STEP


def _boxes(down: int, across: int, side: float) -> NDArray[np.float32]:
    rows, columns = np.mgrid[0:down, 0:across].astype(np.float32)
    middles = np.stack([columns.ravel(), rows.ravel()], axis=1) * CELL + SIDE / 2
    return np.asarray(np.c_[middles, np.full(len(middles), SIDE * FILL)] / side, np.float32)


def _best(likeness: NDArray[np.float32], boxes: NDArray[np.float32]) -> list[_Place]:
    """Of each view the window that is most like it.

    Args:
        likeness: shape (T, N).
    """
    nearest = likeness.argmax(axis=1)
    scores = likeness[np.arange(len(likeness)), nearest]
    return [
        _Place(float(scores[view]), int(view), boxes[nearest[view]])
        for view in np.flatnonzero(scores >= _LEAST_LIKENESS)
    ]


def _apart(found: list[_Place], index: MarkIndex) -> list[Proposal]:
    """Of every mark the likeliest places that are apart, then the likeliest others; `_MOST` at most.

    How alike any window is to a mark depends on the mark, so that those with common shapes would leave no room.
    """
    of_mark: dict[int, list[_Place]] = {}
    for each in found:
        held = of_mark.setdefault(int(index.mark_of[each.view]), [])
        if len(held) < _LOOKED_AT:
            held.append(each)
    ranked = [
        (rank >= _SURE, -proposal.likeness, proposal)
        for mark, places in of_mark.items()
        for rank, proposal in enumerate(_apart_of_mark(mark, places, index))
    ]
    ranked.sort(key=lambda each: each[:2])
    return [proposal for _, _, proposal in ranked[:_MOST]]


def _apart_of_mark(mark: int, places: list[_Place], index: MarkIndex) -> list[Proposal]:
    kept: list[Proposal] = []
    seen: list[NDArray[np.float64]] = []
    for each in places:
        quad = _quad(index, each.view, each.box)
        place = np.array([*quad.mean(axis=0), np.linalg.norm(quad[3] - quad[0])])
        if len(kept) < _MOST_A_MARK and not any(_same(place, other) for other in seen):
            seen.append(place)
            kept.append(Proposal(mark, each.likeness, quad, _tile(index, each.view)))
    return kept


def _same(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    near = np.abs(one[:2] - other[:2]).max() < 0.3 * max(one[2], other[2])
    return bool(near and 0.7 < one[2] / other[2] < 1.43)


def _tile(index: MarkIndex, view: int) -> int:
    mark = index.mark_of[view]
    return int(index.templates[mark].tile_of[view - index.first_of[mark]])


def _quad(index: MarkIndex, view: int, box: NDArray[np.float32]) -> NDArray[np.float64]:
    """Where the mark lies if this tile of it lies in this box."""
    template = index.templates[index.mark_of[view]]
    within = view - index.first_of[index.mark_of[view]]
    tile = template.tiles[_tile(index, view)]
    angle = np.deg2rad(float(template.turn_of[within]))
    middle = np.array([tile.left + tile.width / 2, tile.top + tile.height / 2])
    extent = np.array([box[2] / tile.width, box[2] / tile.height], np.float64)
    corners = (np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]) - middle) * extent
    turned = corners @ np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(turned + box[:2], np.float64)
