"""The trained part of a partition as bytes of our own: arrays and numbers, checked before any of them is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from index.faiss.lists import Lists, lists_of
from index.faiss.quantiser import Codes, Measured, Quantiser

_FLOAT, _LIST, _CODE = np.dtype("<f4"), np.dtype("<i4"), np.dtype("u1")
_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True)
class Header:
    """What of a trained part is no array."""

    rows: int
    """The partition's first so many rows are in lists; those after them are fresh."""
    lists: int
    dimension: int
    """Of the reduced vectors."""
    probes: int
    trained_rows: int
    measured: Measured

    def fields(self) -> dict[str, int | float]:
        return {
            "rows": self.rows,
            "lists": self.lists,
            "dimension": self.dimension,
            "probes": self.probes,
            "trained_rows": self.trained_rows,
            "recall_at_10": self.measured.recall_at_10,
            "queries": self.measured.queries,
            "measured_rows": self.measured.rows,
            "measured_at": self.measured.at,
        }

    def sections(self, dimension: int) -> list[tuple[np.dtype[Any], tuple[int, ...]]]:
        """Types and shapes of the arrays, in their order, for vectors of that dimension."""
        return [
            (_FLOAT, (self.dimension, dimension)),
            (_FLOAT, (self.lists, self.dimension)),
            (_FLOAT, (2, self.dimension)),
            (_LIST, (self.rows,)),
            (_CODE, (self.rows, self.dimension)),
        ]


@dataclass(frozen=True, eq=False)
class Kept:
    """The trained part of a partition as it is written."""

    header: Header
    arrays: list[NDArray[Any]]


def header_from(fields: dict[str, Any], rows: int, dimension: int) -> Header:
    """Of a partition of so many rows and that dimension.

    Raises:
        KeyError, TypeError, ValueError: the fields are not what `Header.fields` gives.
    """
    listed = _within(fields["rows"], int, 1, rows)
    lists = _within(fields["lists"], int, 1, 2**31 - 1)
    return Header(
        listed,
        lists,
        _within(fields["dimension"], int, 1, dimension),
        _within(fields["probes"], int, 1, lists),
        _within(fields["trained_rows"], int, 1, 2**62),
        Measured(
            _within(fields["recall_at_10"], float, 0.0, 1.0),
            _within(fields["queries"], int, 1, 2**62),
            _within(fields["measured_rows"], int, 1, 2**62),
            _within(fields["measured_at"], float, 0.0, 1e12),
        ),
    )


def kept(lists: Lists, codes: Codes) -> Kept | None:
    """Of a partition whose living rows have these codes; None before it was measured, or without rows in lists."""
    if lists.measured is None or not len(codes.lists):
        return None
    quantiser = lists.quantiser
    header = Header(
        len(codes.lists),
        quantiser.lists,
        quantiser.reduced_dimension,
        lists.probes,
        quantiser.trained_rows,
        lists.measured,
    )
    arrays: list[NDArray[Any]] = [
        np.ascontiguousarray(quantiser.projection, _FLOAT),
        np.ascontiguousarray(quantiser.centres, _FLOAT),
        np.ascontiguousarray(quantiser.ranges, _FLOAT),
        np.ascontiguousarray(codes.lists, _LIST),
        codes.codes,
    ]
    return Kept(header, arrays)


def rebuilt(header: Header, arrays: list[NDArray[Any]]) -> Lists:
    """The lists again.

    Raises:
        ValueError: a number in the arrays would make a search wrong or unsafe.
    """
    projection, centres, ranges, lists, codes = arrays
    if not all(np.isfinite(floats).all() for floats in (projection, centres, ranges)):
        raise ValueError("a number of the trained part is not finite")
    if (ranges[1] <= 0).any() or (lists < 0).any() or (lists >= header.lists).any():
        raise ValueError("ranges or list numbers of the trained part are impossible")
    quantiser = Quantiser(_native(projection), _native(centres), _native(ranges), header.trained_rows)
    return lists_of(quantiser, Codes(_native(lists, np.int32), codes), header.probes, header.measured)


def _native(array: NDArray[Any], kind: DTypeLike = np.float32) -> NDArray[Any]:
    return np.ascontiguousarray(array, kind)


def _within(value: object, kind: type[_Number], least: _Number, most: _Number) -> _Number:
    if type(value) is not kind or not least <= value <= most:
        raise ValueError(f"{value!r} is not between {least} and {most}")
    return value
