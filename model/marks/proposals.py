"""Where in a picture a registered mark may be: every window at every size, compared with every mark at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.marks.cells import CELL, SIDE, cells_of, telling
from model.marks.neighbours import Neighbours, agreement, neighbours_of
from model.marks.projection import shipped
from model.marks.template import MarkTemplate
from model.marks.views import FILL

LARGEST = 520
"""Pixels of the longer side of the largest picture that is looked at: marks down to 4 % of it."""
_STEP = 1.28
_SMALLEST = 44
_LEAST_LIKENESS = 0.45
_LEAST_EDGES = 7.0
"""Mean gradient in a window, grey levels a pixel; the faintest print that is worth a look has half as much again."""
_MOST_A_MARK = 3
_MOST = 24


class Means(StrEnum):
    """How a mark was noticed first; whichever it was, it is proved by laying the mark over the picture."""

    TILES = "tiles"
    KEYPOINTS = "keypoints"
    TEXT = "text"


@dataclass(frozen=True, eq=False)
class Proposal:
    mark: int
    likeness: float
    """Cosine over what is usual of the mark among everyday windows, with what the tiles beside it say."""
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
    def usual(self) -> NDArray[np.float32]:
        """Shape (T,), the cosine that a rare everyday window has with each."""
        return np.concatenate([each.usual for each in self.templates])

    @cached_property
    def neighbours(self) -> Neighbours:
        return neighbours_of(self.templates)

    @cached_property
    def mark_of(self) -> NDArray[np.intp]:
        """Shape (T,)."""
        return np.repeat(np.arange(len(self)), [len(each.descriptors) for each in self.templates])

    @cached_property
    def tile_of(self) -> NDArray[np.intp]:
        """Shape (T,), which of its mark's tiles each shows."""
        return np.concatenate([each.tile_of for each in self.templates])

    @cached_property
    def corners(self) -> NDArray[np.float32]:
        """Shape (T, 4, 2), where the mark's corners are from the middle of a window that shows it, in its sides."""
        return np.concatenate([_corners(each) for each in self.templates])


@dataclass(frozen=True, eq=False)
class _Places:
    """Windows that are like views of marks."""

    likeness: NDArray[np.float32]
    """Shape (P,)."""
    views: NDArray[np.intp]
    """Shape (P,)."""
    boxes: NDArray[np.float32]
    """Shape (P, 3): middle and side, as shares of the longer side."""


@dataclass(frozen=True, eq=False)
class _Windows:
    vectors: NDArray[np.float32]
    boxes: NDArray[np.float32]
    """Shape (N, 3): middle and side, as shares of the longer side."""
    number_of: NDArray[np.intp]
    """Shape (rows, columns): which of the N a window is, −1 where it is left out."""


def propose(pixels: RGB, index: MarkIndex) -> list[Proposal]:
    """The likeliest places of the index's marks in an (H, W, 3) picture, best first; at most `_MOST`."""
    if not len(index):
        return []
    found = [_best(index, windows) for windows in _levels(pixels)]
    if not found:
        return []
    likeness = np.concatenate([each.likeness for each in found])
    order = np.argsort(-likeness, kind="stable")
    views = np.concatenate([each.views for each in found])[order]
    boxes = np.concatenate([each.boxes for each in found])[order]
    return _apart(_Places(likeness[order], views, boxes), index, max(pixels.shape[:2]))


def _levels(pixels: RGB) -> Iterator[_Windows]:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    longer = max(grey.shape)
    side = float(LARGEST)
    while side > _SMALLEST:
        factor = side / longer
        size = max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor))
        how = cv2.INTER_AREA if factor < 1 else cv2.INTER_LINEAR
        found = cells_of(np.asarray(cv2.resize(grey, size, interpolation=how), np.uint8))
        chosen = telling(found.strength, _LEAST_EDGES)
        if chosen.any():
            yield _windows(shipped().of_cells(found.counted, chosen), chosen, side)
        side /= _STEP


def _windows(vectors: NDArray[np.float32], chosen: NDArray[np.bool_], side: float) -> _Windows:
    rows, columns = np.nonzero(chosen)
    middles = np.stack([columns, rows], axis=1).astype(np.float32) * CELL + SIDE / 2
    number_of = np.full(chosen.shape, -1, np.intp)
    number_of[chosen] = np.arange(len(rows))
    boxes = np.c_[middles, np.full(len(middles), SIDE * FILL)] / side
    return _Windows(vectors, np.asarray(boxes, np.float32), number_of)


def _best(index: MarkIndex, windows: _Windows) -> _Places:
    """Of each view the window that is most like it."""
    likeness = index.descriptors @ windows.vectors.T
    nearest = likeness.argmax(axis=1)
    scores = agreement(likeness, index.usual, windows.number_of, nearest, index.neighbours)
    views = np.flatnonzero(likeness[np.arange(len(nearest)), nearest] >= _LEAST_LIKENESS)
    return _Places(scores[views], views, windows.boxes[nearest[views]])


def _apart(places: _Places, index: MarkIndex, longer: int) -> list[Proposal]:
    """The likeliest places that are apart, a few of a mark, `_MOST` at most."""
    quads = places.boxes[:, None, :2] + places.boxes[:, None, 2:] * index.corners[places.views]
    middles = quads.mean(axis=1)
    heights = np.linalg.norm(quads[:, 3] - quads[:, 0], axis=1)
    summary = np.c_[middles, heights].tolist()
    kept: list[Proposal] = []
    seen: dict[int, list[list[float]]] = {}
    for at, mark in enumerate(index.mark_of[places.views].tolist()):
        others = seen.setdefault(mark, [])
        if len(others) == _MOST_A_MARK or any(_same(summary[at], other) for other in others):
            continue
        others.append(summary[at])
        quad = quads[at].astype(np.float64) * longer
        kept.append(Proposal(mark, float(places.likeness[at]), quad, int(index.tile_of[places.views[at]])))
        if len(kept) == _MOST:
            break
    return kept


def _same(one: Sequence[float], other: Sequence[float]) -> bool:
    """Args: middle across and down, and height, of both."""
    reach = 0.3 * max(one[2], other[2])
    near = abs(one[0] - other[0]) < reach and abs(one[1] - other[1]) < reach
    return near and 0.7 < one[2] / other[2] < 1.43


def _corners(template: MarkTemplate) -> NDArray[np.float32]:
    """Where the mark's corners lie from the middle of a window that shows a view, in its sides; shape (T, 4, 2)."""
    found = []
    for at, turn in zip(template.tile_of, template.turn_of, strict=True):
        tile = template.tiles[at]
        middle = np.array([tile.left + tile.width / 2, tile.top + tile.height / 2])
        corners = (np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]]) - middle) / [tile.width, tile.height]
        angle = np.deg2rad(float(turn))
        found.append(corners @ [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return np.asarray(found, np.float32)
