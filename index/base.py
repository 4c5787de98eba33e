"""The contract that every index engine keeps; `tests/contract` holds each of them to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from model.encoders.base import Vectors


class Library(StrEnum):
    GENUINE = "genuine"
    COUNTERFEIT = "counterfeit"
    BACKGROUND = "background"
    SHARED = "shared"
    """What partners sent of their known counterfeits; never mixed with one's own."""


class Modality(StrEnum):
    PHOTO = "photo"
    XRAY = "xray"


@dataclass(frozen=True)
class Scope:
    """Whose items a call may touch. No call goes without one.

    `brands` narrows a search or a count to some brands of the tenant; None means all of them,
    an empty set means none.
    """

    tenant: str
    library: Library
    modality: Modality = Modality.PHOTO
    brands: frozenset[str] | None = None


@dataclass(frozen=True)
class Item:
    """One vector under an id of ours, unique over all scopes of the index."""

    id: str
    tenant: str
    library: Library
    modality: Modality
    brand: str
    vector: NDArray[np.float32]
    """Shape (D,), Euclidean length 1."""

    def with_vector(self, vector: NDArray[np.float32]) -> Item:
        """The same item as another encoder sees it."""
        return replace(self, vector=vector)


@dataclass(frozen=True, order=True)
class Hit:
    """`score` is a cosine in [-1, 1], higher is better; ties are ordered by id."""

    score: float
    id: str


class IndexClosed(RuntimeError):
    """The index was closed; open it again."""


class DimensionMismatch(ValueError):
    def __init__(self, expected: int, got: tuple[int, ...]) -> None:
        super().__init__(f"This index holds vectors of {expected} dimensions; got an array of shape {got}.")


class NotUnitLength(ValueError):
    """A vector that is not finite or not of length 1 would make every score wrong."""


@runtime_checkable
class VectorIndex(Protocol):
    """A rebuildable copy of the vectors that the database records.

    What `upsert` returned from is found by the very next `search`; what `remove` returned from is gone
    at once.
    All methods may be called from several threads.
    """

    @property
    def dimension(self) -> int: ...

    def upsert(self, items: Sequence[Item], revision: int | None = None) -> None:
        """Add items, or replace those whose id is held already (also across scopes).

        All of a call or nothing of it is applied; of several items with one id the last counts.
        `revision` becomes the index's revision with it.

        Raises:
            DimensionMismatch: a vector has another dimension.
            NotUnitLength: a vector is not finite or its length is off by more than 1e-3.
        """
        ...

    def remove(self, ids: Iterable[str], revision: int | None = None) -> int:
        """Remove the ids that are held and say how many were. Unknown ids are no error."""
        ...

    def search(self, vectors: Vectors, k: int, scope: Scope, min_score: float = -1.0) -> list[list[Hit]]:
        """For each of N vectors up to k hits inside the scope, best first, none under `min_score`.

        A score depends on the two vectors alone, not on what shares the call or the index.

        Raises:
            DimensionMismatch: `vectors` is not of shape (N, D).
            NotUnitLength: a query is not finite or its length is off by more than 1e-3.
            ValueError: k is below 1.
        """
        ...

    def count(self, scope: Scope | None = None) -> int:
        """Items held in the scope; of the whole index without one (for operators' figures alone)."""
        ...

    def revision(self) -> int:
        """The revision that the last applied call carried; 0 when none has."""
        ...

    def close(self) -> None: ...
