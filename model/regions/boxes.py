"""Rectangles in shares of a picture: (N, 4) arrays of left, top, right, bottom, in [0, 1]."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import RGB

Boxes = NDArray[np.float64]

SAME_THING = 0.55


def overlap(one: Boxes, other: Boxes) -> NDArray[np.float64]:
    """Intersection over union of each of (N, 4) with each of (M, 4): shape (N, M)."""
    shared = _shared(one, other)
    both = _areas(one)[:, None] + _areas(other)[None]
    return np.asarray(shared / np.maximum(both - shared, 1e-12), np.float64)


def inclusion(one: Boxes, other: Boxes) -> NDArray[np.float64]:
    """Intersection over the smaller area of each of (N, 4) with each of (M, 4): 1 where one lies within the other."""
    smaller = np.minimum(_areas(one)[:, None], _areas(other)[None])
    return np.asarray(_shared(one, other) / np.maximum(smaller, 1e-12), np.float64)


def best_apart(boxes: Boxes, scores: NDArray[np.floating], most: int) -> list[int]:
    """Places of up to `most` boxes, best score first, none of which is a part of another (non-maximum suppression).

    A box counts as the same thing when more than `SAME_THING` of the smaller of both is shared: the label of a
    bottle, or a bottle and the shirt it lies on, are not two products.
    """
    kept: list[int] = []
    for at in np.argsort(-scores, kind="stable"):
        if not kept or inclusion(boxes[at : at + 1], boxes[kept]).max() <= SAME_THING:
            kept.append(int(at))
            if len(kept) == most:
                break
    return kept


def grown(boxes: Boxes, margin: float) -> Boxes:
    """Each side moved out by a share of the box's own length, and kept inside the picture."""
    size = np.tile(boxes[:, 2:] - boxes[:, :2], 2)
    return np.asarray(np.clip(boxes + size * margin * np.array([-1, -1, 1, 1]), 0.0, 1.0), np.float64)


def cut(picture: RGB, box: NDArray[np.floating]) -> RGB:
    """The part of an (H, W, 3) picture inside the box, at least one pixel: a view, not a copy."""
    height, width = picture.shape[:2]
    left, right = _pixels(box[0], box[2], width)
    top, bottom = _pixels(box[1], box[3], height)
    return picture[top:bottom, left:right]


def _pixels(begin: float, end: float, length: int) -> tuple[int, int]:
    first = min(int(np.floor(begin * length)), length - 1)
    return max(first, 0), max(min(int(np.ceil(end * length)), length), first + 1)


def _shared(one: Boxes, other: Boxes) -> NDArray[np.float64]:
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    return np.asarray(np.maximum(high - low, 0).prod(axis=2), np.float64)


def _areas(boxes: Boxes) -> NDArray[np.float64]:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(axis=1), np.float64)
