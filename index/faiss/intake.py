"""What callers hand in, checked before anything is touched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from index.base import DimensionMismatch, Item, Library, Modality, NotUnitLength, Scope
from model.encoders.base import Vectors

_LENGTH_TOLERANCE = 1e-3


class Key(NamedTuple):
    """Which partition: vectors of two keys never meet in a search."""

    tenant: str
    library: Library
    modality: Modality


def key_of(place: Item | Scope) -> Key:
    return Key(place.tenant, place.library, place.modality)


def distinct(items: Sequence[Item]) -> list[Item]:
    """The items by id; of several with one id in a call the last one counts."""
    return list({item.id: item for item in items}.values())


def stacked(items: Sequence[Item], dimension: int) -> Vectors:
    """The items' vectors as an (N, D) array of exact unit vectors."""
    for item in items:
        if np.shape(item.vector) != (dimension,):
            raise DimensionMismatch(dimension, np.shape(item.vector))
    vectors = np.array([item.vector for item in items], np.float32).reshape(len(items), dimension)
    return unit_rows(vectors, [item.id for item in items])


def queries(vectors: Vectors, dimension: int) -> Vectors:
    """The (N, D) array as exact unit vectors."""
    if np.ndim(vectors) != 2 or np.shape(vectors)[1] != dimension:
        raise DimensionMismatch(dimension, np.shape(vectors))
    return unit_rows(np.asarray(vectors, np.float32), range(len(vectors)))


def unit_rows(vectors: Vectors, names: Iterable[object]) -> Vectors:
    """Rows scaled to length 1, so that scores are cosines to the last bit.

    Raises:
        NotUnitLength: a row is not finite or its length is off by more than 1e-3.
    """
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    wrong = ~(np.abs(lengths - 1.0) <= _LENGTH_TOLERANCE)
    if wrong.any():
        name = next(name for name, is_wrong in zip(names, wrong, strict=True) if is_wrong)
        raise NotUnitLength(
            f"The vector of {name!r} has length {lengths[wrong][0]:.6g} instead of 1; "
            "divide it by its length, or find out why it is zero or not finite."
        )
    return np.ascontiguousarray(vectors / lengths[:, np.newaxis], np.float32)
