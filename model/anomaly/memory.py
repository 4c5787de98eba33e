"""A memory of what patches of genuine goods look like, for goods that cannot be laid over each other.

PatchCore (K. Roth et al., "Towards Total Recall in Industrial Anomaly Detection", CVPR 2022): features of small cells,
each averaged with its neighbours; of all genuine cells a coreset; a suspect's cell is as strange as it is far from the
nearest one kept. A genuine picture is judged without its own cells, so that what is usual is known from them alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Cells = NDArray[np.float32]
"""Shape (rows, columns, channels)."""
Rows = NDArray[np.float32]

MOST_CELLS = 10_000
"""Kept in a memory."""
_CANDIDATES = 30_000
"""Drawn at random before the coreset is chosen of them."""
_SKETCH = 32
"""Dimensions in which the coreset is chosen, by a random projection."""
_STRANGEST = 3
"""Cells whose mean is the picture's score."""
_NEIGHBOURS = 9
"""Of the nearest kept cell, by whose distances it is weighted."""
_BLOCK = 1024
"""Cells compared at a time."""
_LEAST_SPREAD = 1e-6


@dataclass(frozen=True, eq=False)
class PatchMemory:
    """What `remember` keeps of genuine pictures."""

    cells: Rows
    """Shape (N, channels), each channel in units of its standard deviation."""
    owners: NDArray[np.int64]
    """Shape (N,): which picture each cell is of."""
    centre: Rows
    spread: Rows

    def score(self, picture: Cells, without: int | None = None) -> float:
        """How strange the strangest cells are, in standard deviations of a channel; larger is stranger.

        Args:
            picture: cells of the same channels as the references'.
            without: a reference whose own cells are left out.
        """
        found = _standardised(_averaged(picture), self.centre, self.spread)
        kept = self.cells if without is None else self.cells[self.owners != without]
        nearest, apart = _nearest(found, kept)
        strangest = np.argsort(apart)[-_STRANGEST:]
        return float(np.mean([apart[at] * _weight(found[at], kept[nearest[at]], kept) for at in strangest]))


def joined(maps: Sequence[Cells]) -> Cells:
    """Maps of one picture as one, at the finest's cells."""
    height, width = maps[0].shape[:2]
    resized = [cv2.resize(each, (width, height), interpolation=cv2.INTER_LINEAR) for each in maps]
    return np.concatenate(resized, axis=-1).astype(np.float32)


def remember(references: Sequence[Cells], *, seed: int = 0, most: int = MOST_CELLS) -> PatchMemory:
    """Keep a coreset of the cells of genuine pictures.

    Args:
        references: at least two, so that each can be judged by the others.
        seed: of the draw and of the projection.
        most: cells kept.

    Raises:
        ValueError: there are fewer than two references.
    """
    if len(references) < 2:
        raise ValueError("A memory needs two genuine pictures at least; name more of them as references.")
    rng = np.random.default_rng(seed)
    share = max(1, _CANDIDATES // len(references))
    drawn = [_drawn(_averaged(each), share, rng) for each in references]
    owners = np.repeat(np.arange(len(drawn)), [len(each) for each in drawn])
    rows = np.concatenate(drawn)
    centre, spread = rows.mean(axis=0), np.maximum(rows.std(axis=0), _LEAST_SPREAD)
    rows = _standardised(rows, centre, spread)
    kept = _coreset(rows, most, rng)
    return PatchMemory(rows[kept], owners[kept], centre, spread)


def _averaged(picture: Cells) -> Rows:
    """Each cell with its neighbours, 3 × 3, as rows."""
    rows, columns, channels = picture.shape
    around = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge")
    tall = around[:-2] + around[1:-1] + around[2:]
    smooth = (tall[:, :-2] + tall[:, 1:-1] + tall[:, 2:]) / 9
    return np.asarray(smooth, np.float32).reshape(rows * columns, channels)


def _drawn(rows: Rows, most: int, rng: np.random.Generator) -> Rows:
    return rows if len(rows) <= most else rows[rng.choice(len(rows), most, replace=False)]


def _standardised(rows: Rows, centre: Rows, spread: Rows) -> Rows:
    """So that the distance of two rows is the root mean square over their channels."""
    return np.asarray((rows - centre) / spread / np.sqrt(rows.shape[-1]), np.float32)


def _coreset(rows: Rows, most: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Greedily the row farthest from all chosen so far (Gonzalez, 1985), seen in few dimensions."""
    if len(rows) <= most:
        return np.arange(len(rows))
    projection = rng.standard_normal((rows.shape[1], _SKETCH)).astype(np.float32)
    sketch = rows @ projection
    lengths = np.einsum("ij,ij->i", sketch, sketch)
    chosen = np.empty(most, np.int64)
    chosen[0] = rng.integers(len(rows))
    farthest = np.full(len(rows), np.inf, np.float32)
    for at in range(1, most):
        last = chosen[at - 1]
        np.minimum(farthest, lengths - 2 * (sketch @ sketch[last]) + lengths[last], out=farthest)
        farthest[last] = -np.inf
        chosen[at] = int(farthest.argmax())
    return chosen


def _nearest(found: Rows, kept: Rows) -> tuple[NDArray[np.int64], Rows]:
    """Of each found row, which kept one is nearest, and how far it is."""
    lengths = np.einsum("ij,ij->i", kept, kept)
    places, squares = [], []
    for start in range(0, len(found), _BLOCK):
        block = found[start : start + _BLOCK]
        apart = lengths - 2 * (block @ kept.T)
        at = apart.argmin(axis=1)
        places.append(at)
        squares.append(apart[np.arange(len(block)), at] + np.einsum("ij,ij->i", block, block))
    return np.concatenate(places), np.sqrt(np.maximum(np.concatenate(squares), 0))


def _weight(found: Rows, nearest: Rows, kept: Rows) -> float:
    """Near 1 where the nearest kept cell is itself a rare one, less where it has many like it (Roth et al., eq. 7)."""
    around = np.linalg.norm(kept - nearest, axis=1)
    count = min(_NEIGHBOURS, len(kept))
    close = kept[np.argpartition(around, count - 1)[:count]]
    apart = np.linalg.norm(close - found, axis=1)
    return float(1 - 1 / np.exp(apart - np.linalg.norm(nearest - found)).sum())
