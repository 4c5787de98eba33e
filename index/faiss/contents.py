"""All that an index holds at one revision, and all of it but arrays as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.base import Library, Modality
from index.faiss.columns import Ids
from index.faiss.intake import Key
from index.faiss.kept_lists import Header, header_from
from index.faiss.manifest import Part, SnapshotUnusable, WhyUnusable, parse_object
from index.faiss.partition import Partition


@dataclass(frozen=True, eq=False)
class Contents:
    revision: int
    brands: tuple[str, ...]
    """Names by brand code."""
    partitions: dict[Key, Partition]


class Labels(NamedTuple):
    """A partition but for its arrays of floats and codes."""

    key: Key
    ids: Ids
    brands: NDArray[np.int32]
    compacted_at: float | None
    trained: Header | None


def dump_labels(contents: Contents, trained: dict[Key, Header]) -> Iterator[bytes]:
    """Piece by piece: one call for a million ids would hold up every search."""
    yield b'{"brands":' + _json(contents.brands) + b',"partitions":['
    for number, (key, partition) in enumerate(contents.partitions.items()):
        header = trained.get(key)
        rest = {
            "key": list(key),
            "compacted_at": partition.compacted_at,
            "trained": None if header is None else header.fields(),
        }
        yield (b"," if number else b"") + _json(rest)[:-1] + b',"ids":['
        yield from _elements(piece.ids.tolist() for piece in partition.living_pieces())
        yield b'],"brands":['
        yield from _elements(piece.brands.tolist() for piece in partition.living_pieces())
        yield b"]}"
    yield b"]}"


def load_labels(text: bytes, dimension: int) -> tuple[tuple[str, ...], list[Labels]]:
    """The brand names and the partitions' labels.

    Raises:
        SnapshotUnusable: something in it is not what `dump_labels` writes, or an id comes twice.
    """
    fields = parse_object(text, Part.ITEMS)
    try:
        brands = tuple(_strings(fields["brands"]))
        labels = [_labels(partition, len(brands), dimension) for partition in fields["partitions"]]
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{Part.ITEMS} has another structure") from error
    _check_distinct("brand", iter(brands))
    _check_distinct("partition", (label.key for label in labels))
    _check_distinct("id", (id_ for label in labels for id_ in label.ids))
    return brands, labels


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def _elements(lists: Iterable[list[Any]]) -> Iterator[bytes]:
    """Of all lists as of one, without its brackets."""
    first = True
    for values in lists:
        if values:
            yield (b"" if first else b",") + _json(values)[1:-1]
            first = False


def _labels(partition: dict[str, Any], brands: int, dimension: int) -> Labels:
    tenant, library, modality = _strings(partition["key"])
    names = _strings(partition["ids"])
    ids = np.empty(len(names), np.object_)
    ids[:] = names
    codes = np.asarray(partition["brands"] or np.empty(0, np.int64))
    if codes.shape != ids.shape or codes.dtype != np.int64 or ((codes < 0) | (codes >= brands)).any():
        raise ValueError("brand codes do not fit the ids or the table of brands")
    compacted_at, trained = partition.get("compacted_at"), partition.get("trained")
    if compacted_at is not None and type(compacted_at) is not float:
        raise TypeError("not a time")
    return Labels(
        Key(tenant, Library(library), Modality(modality)),
        ids,
        codes.astype(np.int32),
        compacted_at,
        None if trained is None else header_from(trained, len(ids), dimension),
    )


def _strings(values: object) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError("not a list of strings")
    return values


def _check_distinct(what: str, values: Iterator[object]) -> None:
    seen = list(values)
    if len(set(seen)) != len(seen):
        raise SnapshotUnusable(WhyUnusable.DAMAGED, f"{Part.ITEMS} holds some {what} twice")
