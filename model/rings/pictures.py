"""Groups of pictures that are the same photo: by perceptual hash, and by whatever a closer look verified."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from model.copies.hashes import MATCH_DISTANCE, MIN_QUALITY, PerceptualHash

_ROWS_AT_ONCE = 512


@dataclass(frozen=True)
class OwnPicture:
    """A picture that a seller or the sender of a parcel shows, and that no brand or stock library is known to own."""

    owner: str
    picture: str
    """Names it: its digest."""
    hash: PerceptualHash


def alike_groups(
    pictures: Sequence[OwnPicture], verified: Iterable[tuple[int, int]] = ()
) -> list[list[OwnPicture]]:
    """Pictures within the distance at which PDQ counts two as the same, chained; groups of one owner are left out.

    Pictures with too little structure for a hash are only the same as their own bytes.

    Args:
        verified: pairs, by their places in `pictures`, that are the same photo for another reason.
    """
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(range(len(pictures)))
    graph.add_edges_from(_same_bytes(pictures))
    graph.add_edges_from(same_by_hash(pictures))
    graph.add_edges_from(verified)
    groups = [[pictures[at] for at in sorted(found)] for found in nx.connected_components(graph)]
    return [group for group in groups if len({each.owner for each in group}) > 1]


def _same_bytes(pictures: Sequence[OwnPicture]) -> list[tuple[int, int]]:
    first: dict[str, int] = {}
    return [(first.setdefault(each.picture, at), at) for at, each in enumerate(pictures)]


def worth_a_look(
    owners: Sequence[str], vectors: NDArray[np.float32], least: float, most: int
) -> list[tuple[int, int]]:
    """Pairs of pictures of different owners that are alike enough to be compared point by point, likest first.

    Args:
        vectors: shape (N, D), of length 1.
        least: cosine from which a pair is worth it.
        most: of each picture.
    """
    if not owners:
        return []
    names = np.unique(np.asarray(owners), return_inverse=True)[1]
    found: dict[tuple[int, int], float] = {}
    for at in range(len(owners)):
        cosines = np.where(names == names[at], -1.0, vectors @ vectors[at])
        for other in np.argsort(-cosines, kind="stable")[:most]:
            if cosines[other] >= least:
                found[min(at, int(other)), max(at, int(other))] = float(cosines[other])
    return sorted(found, key=lambda pair: (-found[pair], pair))


def same_by_hash(pictures: Sequence[OwnPicture]) -> list[tuple[int, int]]:
    kept = [at for at, each in enumerate(pictures) if each.hash.quality >= MIN_QUALITY]
    if not kept:
        return []
    packed = np.stack([np.frombuffer(pictures[at].hash.bits, np.uint8) for at in kept])
    signs = np.unpackbits(packed, axis=1).astype(np.float32) * 2 - 1
    found: list[tuple[int, int]] = []
    for start in range(0, len(kept), _ROWS_AT_ONCE):
        rows, columns = _within(signs[start : start + _ROWS_AT_ONCE], signs)
        found += [
            (kept[start + int(row)], kept[int(column)])
            for row, column in zip(rows, columns, strict=True)
            if start + int(row) < int(column)
        ]
    return found


def _within(
    some: NDArray[np.float32], signs: NDArray[np.float32]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of signs ±1 the product is 256 − 2 × distance."""
    rows, columns = np.nonzero(some @ signs.T >= signs.shape[1] - 2 * MATCH_DISTANCE)
    return rows, columns
