"""Tiles of one mark that are seen where they should be beside each other: a letter is everywhere, a word is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.marks.cells import CELL, SIDE
from model.marks.template import MarkTemplate
from model.marks.views import FILL

_TILE = SIDE * FILL / CELL
"""Cells along a tile's side."""
_ASKEW = 0.1
"""How far off a tile may be for each tile of distance, as a share of a tile's side: views are some degrees apart."""
_DOWN, _ACROSS = np.mgrid[-3:4, -2:3].reshape(2, -1)
_WORD = 0.1
"""What agreeing tiles are worth: the mean of several is lower than the best of as many places of a single one."""

Floats = NDArray[np.float32]
Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Pairs of views of one mark, turned alike; the second is looked for where the first says that it is."""

    one: Indices
    """Shape (P,), views in the order of an index."""
    other: Indices
    rows: Floats
    """Shape (P,), cells that the other lies below."""
    columns: Floats
    within: NDArray[np.bool_]
    """Shape (P, 35), which of the cells around that place are looked at."""
    counts: Indices
    """Shape (T,), how many others each view has."""


def neighbours_of(templates: Sequence[MarkTemplate]) -> Neighbours:
    """Of all views of the templates, one after the other."""
    found: list[tuple[int, int, float, float, float]] = []
    first = 0
    for template in templates:
        found += [
            (first + one, first + other, down, across, far)
            for one, other, down, across, far in _pairs(template)
        ]
        first += len(template.descriptors)
    table = np.array(found, np.float64).reshape(-1, 5)
    far = table[:, 4:]
    reach_down, reach_across = 1 + _ASKEW * far * _TILE, np.where(far > 1.5, 2.0, 1.0)
    within = (np.abs(_DOWN) <= reach_down + 0.5) & (np.abs(_ACROSS) <= reach_across)
    one = table[:, 0].astype(np.intp)
    return Neighbours(
        one,
        table[:, 1].astype(np.intp),
        table[:, 2].astype(np.float32),
        table[:, 3].astype(np.float32),
        within,
        np.bincount(one, minlength=first),
    )


def agreement(
    likeness: Floats, usual: Floats, number_of: Indices, nearest: Indices, pairs: Neighbours
) -> Floats:
    """For each view, how much more than usual its best window and those of its neighbours are like them; shape (T,).

    Args:
        likeness: shape (T, N), of every view and window.
        usual: shape (T,).
        number_of: shape (rows, columns), which of the N a window is, −1 for those that are not among them.
        nearest: shape (T,), the window most like each view.
    """
    views = np.arange(len(nearest))
    own = likeness[views, nearest] - usual
    if not len(pairs.one):
        return np.asarray(own, np.float32)
    place_of = np.flatnonzero(number_of.ravel() >= 0)
    rows, columns = np.divmod(place_of[nearest[pairs.one]], number_of.shape[1])
    down = np.round(rows + pairs.rows).astype(np.intp)[:, None] + _DOWN
    across = np.round(columns + pairs.columns).astype(np.intp)[:, None] + _ACROSS
    there = pairs.within & (down >= 0) & (down < number_of.shape[0])
    there &= (across >= 0) & (across < number_of.shape[1])
    windows = number_of[np.where(there, down, 0), np.where(there, across, 0)]
    there &= windows >= 0
    best = np.where(there, likeness[pairs.other[:, None], windows], np.float32(0)).max(axis=1)
    summed = np.bincount(pairs.one, best - usual[pairs.other], len(nearest))
    together = (own + summed) / (1 + pairs.counts)
    return np.asarray(together + np.where(pairs.counts > 0, _WORD, 0), np.float32)


def _pairs(template: MarkTemplate) -> list[tuple[int, int, float, float, float]]:
    """Two views, rows and columns between them in cells, and how many tiles they are apart."""
    found = []
    for one, (tile, turn) in enumerate(zip(template.tile_of, template.turn_of, strict=True)):
        start, angle = template.tiles[tile], np.deg2rad(float(turn))
        for other in np.flatnonzero((template.turn_of == turn) & (template.tile_of != tile)):
            end = template.tiles[template.tile_of[other]]
            x, y = (end.left - start.left) / start.width, (end.top - start.top) / start.height
            across = x * np.cos(angle) - y * np.sin(angle)
            down = x * np.sin(angle) + y * np.cos(angle)
            found.append((one, int(other), down * _TILE, across * _TILE, abs(x) + abs(y)))
    return found
