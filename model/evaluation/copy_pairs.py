"""Pairs of pictures whose relation is known, with what keypoints and tones say of them.

Copies are attacked pictures beside their originals. The hard ones that are none are different photos of one carton,
both attacked too; the easy ones unrelated photos.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from model.copies.evidence import Evidence, gather
from model.encoders.base import RGB
from model.evaluation.attacks import Attack, AttackSuite, Family, attacked
from model.images import decode
from model.keypoints import LocalPicture, look_closely
from model.keypoints.geometry import carried

MAX_SIDE = 1024
_CARRIERS = 3
_SHOWS_OTHERS = (Family.SCREENSHOT, Family.PASTED, Family.COLLAGE, Family.COMBINATION)
_PRINTS_EVERY = 10
"""One pair of different photos in so many is also cut down to its print; that costs two more looks."""
_FEWEST_PLACES = 30
_SMALLEST_CUT = 64
"""Pixels."""


class Relation(StrEnum):
    COPY = "copy"
    OTHER_PHOTO = "other_photo"
    """Of the same product."""
    NEAREST = "nearest"
    """Different photos of one product, of which one is the other's most similar."""
    SAME_PRINT = "same_print"
    """Of the same product, both cut down to the print that they share."""
    UNRELATED = "unrelated"


@dataclass(frozen=True, eq=False)
class Compared:
    """A query and a reference, and what was measured between them."""

    relation: Relation
    query: Path
    reference: Path
    attack: Attack | None
    """What was done to the query; None: nothing."""
    reference_attack: Attack | None
    truth: NDArray[np.float64] | None
    """Shape (3, 3), of a copy: from fractions of the query to fractions of the reference."""
    evidence: Evidence | None


@dataclass(frozen=True, eq=False)
class _Seen:
    path: Path
    attack: Attack | None
    local: LocalPicture
    back: NDArray[np.float64]
    """From fractions of this to fractions of the picture as it was."""
    around: frozenset[Path] = frozenset()
    """Pictures that may be seen in part beside it."""


def compared_photos(
    suite: AttackSuite, strangers: int = 25, *, copies_only: bool = False
) -> Iterator[Compared]:
    """Every copy of the suite against its original, every unrelated query against some of the references.

    Args:
        strangers: references that each unrelated query is compared with.
    """
    references = [_look(path) for path in suite.references]
    for query in suite.copies if copies_only else suite.queries:
        edited = query.edited()
        seen = _Seen(query.source, query.attack, look_closely(edited.pixels), edited.back)
        if query.reference is not None:
            yield _compared(Relation.COPY, seen, references[query.reference])
            continue
        rng = np.random.default_rng([suite.seed, query.number])
        for at in rng.choice(len(references), min(strangers, len(references)), replace=False):
            yield _compared(Relation.UNRELATED, seen, references[int(at)])


def compared_shelf(
    photos: Mapping[str, Sequence[Path]],
    seed: int,
    pairs: int,
    nearest: Mapping[Path, Path] | None = None,
) -> Iterator[Compared]:
    """Photos of products on shelves: each attacked and beside its original, and pairs of different photos.

    Args:
        photos: of each product, every one a photo of its own.
        pairs: of different photos of one product, drawn over all products; each is compared as it is and with both
            sides attacked.
        nearest: for a photo the one of its product that is most like it; these pairs are compared as they are.
    """
    everything = sorted(path for paths in photos.values() for path in paths)
    wanted = _drawn_pairs(photos, seed, pairs)
    turn = 0
    for number, product in enumerate(sorted(photos)):
        rng = np.random.default_rng([seed, number])
        paths = sorted(photos[product])
        plain = [_look(path) for path in paths]
        edited = [_attacked(path, everything, turn + n, rng) for n, path in enumerate(paths)]
        turn += len(paths)
        yield from map(partial(_compared, Relation.COPY), edited, plain)
        for at, (one, other) in enumerate(wanted[product]):
            found = _compared(Relation.OTHER_PHOTO, plain[one], plain[other])
            yield found
            if not _shown(edited[one]) & _shown(edited[other]):
                yield _compared(Relation.OTHER_PHOTO, edited[one], edited[other])
            if at % _PRINTS_EVERY == 0:
                yield from _compared_prints(found)
        seen = {each.path: each for each in plain}
        for path, like_it in (nearest or {}).items():
            if path in seen:
                yield _compared(Relation.NEAREST, seen[path], seen[like_it])


def _compared_prints(found: Compared) -> Iterator[Compared]:
    """What agrees between two photos of a product is its print; cut down to it, no background tells them apart."""
    if found.evidence is None:
        return
    places = found.evidence.agreement.agreeing
    if len(places) < _FEWEST_PLACES:
        return
    low, high = np.quantile(places, [0.1, 0.9], axis=0)
    corners = np.array([low, [high[0], low[1]], high, [low[0], high[1]]])
    there = np.clip(carried(corners, found.evidence.homography), 0, 1)
    query = _cut(found.query, low, high)
    reference = _cut(found.reference, there.min(axis=0), there.max(axis=0))
    if query is not None and reference is not None:
        yield _compared(Relation.SAME_PRINT, query, reference)


def _cut(path: Path, low: NDArray[np.float64], high: NDArray[np.float64]) -> _Seen | None:
    pixels = _pixels(path)
    size = np.array(pixels.shape[1::-1])
    (left, top), (right, bottom) = (low * size).astype(int), (high * size).astype(int)
    if min(right - left, bottom - top) < _SMALLEST_CUT:
        return None
    cut = np.ascontiguousarray(pixels[top:bottom, left:right])
    return _Seen(path, None, look_closely(cut), np.eye(3))


def _drawn_pairs(
    photos: Mapping[str, Sequence[Path]], seed: int, pairs: int
) -> dict[str, list[tuple[int, int]]]:
    """Each pair at most once, either way round at random."""
    rng = np.random.default_rng([seed, len(photos)])
    every = [
        (product, one, other)
        for product in sorted(photos)
        for one, other in combinations(range(len(photos[product])), 2)
    ]
    drawn: dict[str, list[tuple[int, int]]] = {product: [] for product in photos}
    for at in rng.permutation(len(every))[:pairs]:
        product, one, other = every[int(at)]
        drawn[product].append((one, other) if rng.random() < 0.5 else (other, one))
    return drawn


def _look(path: Path) -> _Seen:
    return _Seen(path, None, look_closely(_pixels(path)), np.eye(3))


def _attacked(path: Path, others: Sequence[Path], turn: int, rng: np.random.Generator) -> _Seen:
    attack = tuple(Attack)[turn % len(Attack)]
    around = [others[int(at)] for at in rng.choice(len(others), _CARRIERS, replace=False)]
    edited = attacked(attack, _pixels(path), [_pixels(each) for each in around], rng)
    shown = frozenset(around) if attack.family in _SHOWS_OTHERS else frozenset()
    return _Seen(path, attack, look_closely(edited.pixels), edited.back, shown)


def _shown(seen: _Seen) -> frozenset[Path]:
    """Two pictures that show a third, or each other, do share a photo."""
    return seen.around | {seen.path}


def _pixels(path: Path) -> RGB:
    return decode(path.read_bytes(), max_side=MAX_SIDE).pixels


def _compared(relation: Relation, query: _Seen, reference: _Seen) -> Compared:
    truth = query.back if relation is Relation.COPY else None
    evidence = gather(query.local, reference.local)
    return Compared(relation, query.path, reference.path, query.attack, reference.attack, truth, evidence)
