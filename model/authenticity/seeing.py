"""The cells of a picture that show the object, and those that show only what lies around it.

The object is where the feature map answers most: the sum of its channels above its mean, one connected part ("Selective
Convolutional Descriptor Aggregation", Wei et al. 2017), with a prior for the middle. What lies around it is never shown
to the model; it is the control, which the model has to beat.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB
from model.encoders.dense import DenseEncoder

SALIENCY_SIDE = 512
OBJECT_SIDE = 384
TILE_SIDE = 128
"""Longer sides in pixels at which the whole, the object's box and a border tile are encoded."""
GRID = 4
"""Rows and columns of tiles; the twelve at the border are the control's, the four in the corners always."""

_PRIOR_SPREAD = 0.6
"""Standard deviation of the prior for the middle, in halves of a side."""
_MOST_OVERLAP = 0.05
"""Share of a border tile that the object may cover for the tile still to count as background."""

Cells = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Seen:
    """Two bags of local features of one picture, each of shape (cells, channels)."""

    object: Cells
    background: Cells


def see(pixels: RGB, encoder: DenseEncoder) -> Seen:
    """Both bags of one picture: its object within the mask, and border tiles outside it, each encoded by itself."""
    mask = object_mask(encoder.encode_dense([pixels], SALIENCY_SIDE)[0])
    return Seen(_object_cells(pixels, mask, encoder), _background_cells(pixels, mask, encoder))


def object_mask(features: NDArray[np.float32]) -> Mask:
    """Where the object is: the strongest connected part of the map, near the middle rather than not.

    Args:
        features: shape (rows, columns, channels).

    Returns:
        shape (rows, columns); the middle half of each side where the map is the same everywhere.
    """
    activation = features.sum(axis=2).astype(np.float64)
    above = (activation > activation.mean()).astype(np.uint8)
    if not above.any():
        return _middle(activation.shape[0], activation.shape[1])
    _, parts = cv2.connectedComponents(above, connectivity=8)
    weights = (activation - activation.min()) * _prior(*activation.shape)
    strengths = np.bincount(parts.ravel(), weights=weights.ravel())
    strengths[0] = -1.0
    found: Mask = parts == int(strengths.argmax())
    return found


def border_tiles(mask: Mask) -> list[tuple[int, int]]:
    """Row and column of the border tiles that are background: those outside the mask, and the corners."""
    covered = cv2.resize(mask.astype(np.float32), (GRID * 8, GRID * 8), interpolation=cv2.INTER_NEAREST)
    shares = covered.reshape(GRID, 8, GRID, 8).mean(axis=(1, 3))
    ends = (0, GRID - 1)
    return [
        (row, column)
        for row in range(GRID)
        for column in range(GRID)
        if (row in ends and column in ends)
        or ((row in ends or column in ends) and shares[row, column] <= _MOST_OVERLAP)
    ]


def _object_cells(pixels: RGB, mask: Mask, encoder: DenseEncoder) -> Cells:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    shown = mask & ~_corners(*mask.shape)
    inside = shown if shown.any() else mask
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    crop = _cut(
        pixels, top / mask.shape[0], bottom / mask.shape[0], left / mask.shape[1], right / mask.shape[1]
    )
    features = encoder.encode_dense([crop], OBJECT_SIDE)[0]
    kept = cv2.resize(
        inside[top:bottom, left:right].astype(np.uint8),
        (features.shape[1], features.shape[0]),
        interpolation=cv2.INTER_NEAREST,
    ).astype(bool)
    return _normalised(features[kept] if kept.any() else features.reshape(-1, features.shape[2]))


def _background_cells(pixels: RGB, mask: Mask, encoder: DenseEncoder) -> Cells:
    tiles = [
        _cut(pixels, row / GRID, (row + 1) / GRID, column / GRID, (column + 1) / GRID)
        for row, column in border_tiles(mask)
    ]
    maps = encoder.encode_dense(tiles, TILE_SIDE)
    return _normalised(np.concatenate([each.reshape(-1, each.shape[2]) for each in maps]))


def _cut(pixels: RGB, top: float, bottom: float, left: float, right: float) -> RGB:
    """The part between shares of the sides, at least one pixel."""
    height, width = pixels.shape[:2]
    first_row, first_column = int(top * height), int(left * width)
    last_row, last_column = (
        max(first_row + 1, int(bottom * height)),
        max(first_column + 1, int(right * width)),
    )
    return np.ascontiguousarray(pixels[first_row:last_row, first_column:last_column])


def _normalised(cells: Cells) -> Cells:
    lengths = np.linalg.norm(cells, axis=1, keepdims=True)
    unit: Cells = (cells / np.maximum(lengths, 1e-9)).astype(np.float32)
    return unit


def _prior(rows: int, columns: int) -> NDArray[np.float64]:
    down, across = (np.linspace(-1, 1, count) / _PRIOR_SPREAD for count in (rows, columns))
    prior: NDArray[np.float64] = np.exp(-(down[:, None] ** 2 + across[None, :] ** 2) / 2)
    return prior


def _middle(rows: int, columns: int) -> Mask:
    mask = np.zeros((rows, columns), dtype=bool)
    mask[
        rows // 4 : max(rows // 4 + 1, rows - rows // 4),
        columns // 4 : max(columns // 4 + 1, columns - columns // 4),
    ] = True
    return mask


def _corners(rows: int, columns: int) -> Mask:
    """The cells of the four corner tiles, which are the control's."""
    high, wide = rows // GRID, columns // GRID
    ends = [np.r_[0:extent, count - extent : count] for extent, count in ((high, rows), (wide, columns))]
    mask = np.zeros((rows, columns), dtype=bool)
    mask[np.ix_(*ends)] = True
    return mask
