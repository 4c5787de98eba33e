"""How a picture is described so that copies of it are found, also of parts of it and with other things around.

A reference has a few views: the whole at two sizes, and five parts. A query has the whole and tiles. The best pair of
a view and a tile counts. With a dense encoder one pass describes all the parts; any other is shown them one by one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from enum import StrEnum
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from model.copies.windows import WHOLE, Window, grid, pooled
from model.encoders import RGB, Encoder, Vectors, dense_of
from model.encoders.dense import DenseEncoder

VERSION = "views-1"
"""Changes when views of a picture are no longer those of before."""
COARSE, FINE = 256, 512
"""Pixels of the longer side at which pictures are described densely."""
POWER = 1.5
"""Of the generalised mean; that of the bundled encoder's own vectors."""

CORNERS = grid(2, 0.6)
CENTRE = Window(0.2, 0.2, 0.6, 0.6)
FIVE = (*CORNERS, CENTRE)
NINE = grid(3, 0.5)
REFERENCE_WINDOWS = (WHOLE, WHOLE, *FIVE)
"""Of a reference's views, in their order; the first whole is seen coarsely."""


class Tiles(StrEnum):
    """How closely a query is looked at."""

    WHOLE = "whole"
    FEW = "few"
    """The whole and five parts."""
    ALL = "all"
    """The whole, five parts and nine smaller ones."""


QUERY_WINDOWS: dict[Tiles, tuple[Window, ...]] = {
    Tiles.WHOLE: (WHOLE,),
    Tiles.FEW: (WHOLE, *FIVE),
    Tiles.ALL: (WHOLE, *FIVE, *NINE),
}
"""Of a query's tiles, in their order."""


def copy_fingerprint(encoder: Encoder) -> str:
    """Of an encoder together with the views that it is shown: 16 hexadecimal digits.

    Vectors of two copy fingerprints must never be compared.
    """
    way = "dense" if dense_of(encoder) else "shown"
    return hashlib.sha256(f"{encoder.info.fingerprint}|{VERSION}|{way}".encode()).hexdigest()[:16]


def reference_views(encoder: Encoder, pictures: Sequence[RGB]) -> list[Vectors]:
    """For each picture what is kept of it: (V, D) unit vectors, one for each of `REFERENCE_WINDOWS`.

    An encoder of one size sees all at that size, so that of the two wholes it has the second alone.
    """
    dense = dense_of(encoder)
    if dense is None:
        return _shown(encoder, pictures, REFERENCE_WINDOWS[1:])
    return [_views(dense, picture) for picture in pictures]


def query_tiles(encoder: Encoder, pictures: Sequence[RGB], tiles: Tiles = Tiles.ALL) -> list[Vectors]:
    """For each picture what is asked with: (T, D) unit vectors, one for each of `QUERY_WINDOWS[tiles]`.

    The whole alone is seen coarsely, at a quarter of the cost.
    """
    windows, side = QUERY_WINDOWS[tiles], COARSE if tiles is Tiles.WHOLE else FINE
    dense = dense_of(encoder)
    if dense is None:
        return _shown(encoder, pictures, windows)
    return [pooled(features, windows, POWER) for features in dense.encode_dense(pictures, side)]


def _views(dense: DenseEncoder, picture: RGB) -> Vectors:
    coarse, fine = (dense.encode_dense([picture], side)[0] for side in (COARSE, FINE))
    return np.concatenate([pooled(coarse, (WHOLE,), POWER), pooled(fine, (WHOLE, *FIVE), POWER)])


def _shown(encoder: Encoder, pictures: Sequence[RGB], windows: Sequence[Window]) -> list[Vectors]:
    """Each part as a picture of its own, all of a call together."""
    parts = [_cut(picture, window) for picture in pictures for window in windows]
    vectors = encoder.encode(parts)
    ends = range(0, len(parts) + 1, len(windows))
    return [vectors[begin:end] for begin, end in pairwise(ends)]


def _cut(picture: RGB, window: Window) -> NDArray[np.uint8]:
    rows, columns = window.cells(*picture.shape[:2])
    return np.ascontiguousarray(picture[rows, columns])
