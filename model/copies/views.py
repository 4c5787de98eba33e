"""How a picture is described so that copies of it are found, also of parts of it and with other things around.

A reference has a few views: the whole at three sizes, and five parts. A query has the whole at two sizes and tiles. The
best pair of a view and a tile counts. With a dense encoder one pass describes all the parts of a size; any other is
shown them one by one, all at its own size, and sees each whole once.
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
SMALL, COARSE, FINE = 160, 256, 512
"""Pixels of the longer side at which pictures are described densely. What was pasted small or blurred is near to the
small view of the original."""
POWER = 1.5
"""Of the generalised mean; that of the bundled encoder's own vectors."""

CORNERS = grid(2, 0.6)
CENTRE = Window(0.2, 0.2, 0.6, 0.6)
FIVE = (*CORNERS, CENTRE)
NINE = grid(3, 0.5)
REFERENCE_WINDOWS = (WHOLE, WHOLE, WHOLE, *FIVE)
"""Of a reference's views, in their order; the wholes are seen small, coarsely and finely."""


class Tiles(StrEnum):
    """How closely a query is looked at."""

    WHOLE = "whole"
    """Seen coarsely."""
    FEW = "few"
    """Besides, the whole seen finely and five parts."""
    ALL = "all"
    """Besides, nine smaller parts."""


QUERY_WINDOWS: dict[Tiles, tuple[Window, ...]] = {
    Tiles.WHOLE: (WHOLE,),
    Tiles.FEW: (WHOLE, WHOLE, *FIVE),
    Tiles.ALL: (WHOLE, WHOLE, *FIVE, *NINE),
}
"""Of a query's tiles, in their order; each kind begins with the one before."""


def copy_fingerprint(encoder: Encoder) -> str:
    """Of an encoder together with the views that it is shown: 16 hexadecimal digits.

    Vectors of two copy fingerprints must never be compared.
    """
    way = "dense" if dense_of(encoder) else "shown"
    return hashlib.sha256(f"{encoder.info.fingerprint}|{VERSION}|{way}".encode()).hexdigest()[:16]


def reference_views(encoder: Encoder, pictures: Sequence[RGB]) -> list[Vectors]:
    """For each picture what is kept of it: (V, D) unit vectors, one for each of `REFERENCE_WINDOWS`.

    An encoder of one size gives those from the last whole on.
    """
    dense = dense_of(encoder)
    if dense is None:
        return _shown(encoder, pictures, REFERENCE_WINDOWS[-1 - len(FIVE) :])
    return [_views(dense, picture) for picture in pictures]


def query_tiles(encoder: Encoder, pictures: Sequence[RGB], tiles: Tiles = Tiles.ALL) -> list[Vectors]:
    """For each picture what is asked with: (T, D) unit vectors, one for each of `QUERY_WINDOWS[tiles]`.

    An encoder of one size gives those from the last whole on.
    """
    dense = dense_of(encoder)
    windows = QUERY_WINDOWS[tiles]
    if dense is None:
        return _shown(encoder, pictures, windows[1:] or windows)
    return [_tiles(dense, picture, windows) for picture in pictures]


def _views(dense: DenseEncoder, picture: RGB) -> Vectors:
    small, coarse = (_pooled(dense, picture, side, (WHOLE,)) for side in (SMALL, COARSE))
    return np.concatenate([small, coarse, _pooled(dense, picture, FINE, (WHOLE, *FIVE))])


def _tiles(dense: DenseEncoder, picture: RGB, windows: Sequence[Window]) -> Vectors:
    coarse = _pooled(dense, picture, COARSE, windows[:1])
    if len(windows) == 1:
        return coarse
    return np.concatenate([coarse, _pooled(dense, picture, FINE, windows[1:])])


def _pooled(dense: DenseEncoder, picture: RGB, side: int, windows: Sequence[Window]) -> Vectors:
    return pooled(dense.encode_dense([picture], side)[0], windows, POWER)


def _shown(encoder: Encoder, pictures: Sequence[RGB], windows: Sequence[Window]) -> list[Vectors]:
    """Each part as a picture of its own, all of a call together."""
    parts = [_cut(picture, window) for picture in pictures for window in windows]
    vectors = encoder.encode(parts)
    ends = range(0, len(parts) + 1, len(windows))
    return [vectors[begin:end] for begin, end in pairwise(ends)]


def _cut(picture: RGB, window: Window) -> NDArray[np.uint8]:
    rows, columns = window.cells(*picture.shape[:2])
    return np.ascontiguousarray(picture[rows, columns])
