"""All that an index holds at one revision, and its ids, brands and partitions as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.base import Library, Modality
from index.faiss.columns import Columns, Ids
from index.faiss.intake import Key
from index.faiss.manifest import Part, SnapshotUnusable, WhyUnusable, canonical, parse_object


@dataclass(frozen=True, eq=False)
class Contents:
    revision: int
    brands: tuple[str, ...]
    """Names by brand code."""
    partitions: dict[Key, Columns]


class Labels(NamedTuple):
    """A partition but for its vectors."""

    key: Key
    ids: Ids
    brands: NDArray[np.int32]


def dump_labels(contents: Contents) -> bytes:
    partitions = [
        {"key": list(key), "ids": columns.ids.tolist(), "brands": columns.brands.tolist()}
        for key, columns in contents.partitions.items()
    ]
    return canonical({"brands": contents.brands, "partitions": partitions})


def load_labels(text: bytes) -> tuple[tuple[str, ...], list[Labels]]:
    """The brand names and the partitions' labels.

    Raises:
        SnapshotUnusable: something in it is not what `dump_labels` writes, or an id comes twice.
    """
    fields = parse_object(text, Part.ITEMS)
    try:
        brands = tuple(_strings(fields["brands"]))
        labels = [_labels(partition, len(brands)) for partition in fields["partitions"]]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{Part.ITEMS} has another structure") from error
    _check_distinct("brand", iter(brands))
    _check_distinct("partition", (label.key for label in labels))
    _check_distinct("id", (id_ for label in labels for id_ in label.ids))
    return brands, labels


def _labels(partition: dict[str, Any], brands: int) -> Labels:
    tenant, library, modality = _strings(partition["key"])
    names = _strings(partition["ids"])
    ids = np.empty(len(names), np.object_)
    ids[:] = names
    codes = np.asarray(partition["brands"] or np.empty(0, np.int64))
    if codes.shape != ids.shape or codes.dtype != np.int64 or ((codes < 0) | (codes >= brands)).any():
        raise ValueError("brand codes do not fit the ids or the table of brands")
    return Labels(Key(tenant, Library(library), Modality(modality)), ids, codes.astype(np.int32))


def _strings(values: object) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("not a list of strings")
    return values


def _check_distinct(what: str, values: Iterator[object]) -> None:
    seen = list(values)
    if len(set(seen)) != len(seen):
        raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{Part.ITEMS} holds some {what} twice")
