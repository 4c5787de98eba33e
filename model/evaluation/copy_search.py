"""Finding copies without a service: every way of finding candidates, over one suite, with the code that serves.

One pass over the queries measures them all: what was described or compared for one way is not done again for another.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from model.copies import QUERY_WINDOWS, Tiles, normalised, query_tiles, reference_views
from model.copies.hashes import as_vector, pdq
from model.copies.verification import verify
from model.encoders.base import RGB, Encoder, Vectors
from model.evaluation.attacks import Attacked, AttackSuite
from model.evaluation.copy_answers import Answer
from model.keypoints import LocalPicture, look_closely

CANDIDATES = 20
"""Answered of each query; the most that are verified."""


class Kind(StrEnum):
    """What is kept of a reference."""

    VIEWS = "views"
    HASH = "pdq"
    EMBEDDING = "embedding"
    SSCD = "sscd"


class Means(StrEnum):
    """How candidates are found and scored."""

    HASH = "pdq"
    EMBEDDING_RAW = "embedding_raw"
    EMBEDDING = "embedding"
    SSCD_RAW = "sscd_raw"
    SSCD = "sscd"
    WHOLE = "views_whole"
    FEW = "views_few"
    ALL = "views_all"
    ALL_RAW = "views_all_raw"
    """All tiles without everyday pictures to compare with."""


_WHOLE_PICTURE = {
    Kind.EMBEDDING: (Means.EMBEDDING_RAW, Means.EMBEDDING),
    Kind.SSCD: (Means.SSCD_RAW, Means.SSCD),
}


@dataclass(frozen=True, eq=False)
class _Way:
    """Who asks with which vectors of a query, and whether everyday pictures are left aside."""

    means: Means
    vectors: Vectors
    raw: bool = False


@dataclass(frozen=True, eq=False)
class Library:
    """Vectors that one kind of vectors of a query are held against."""

    vectors: Vectors
    starts: NDArray[np.intp]
    """Shape (R,), where each reference's vectors begin."""
    background: Vectors

    def scores(self, asked: Vectors, *, raw: bool) -> NDArray[np.float64]:
        """The best of each reference, shape (R,)."""
        cosines = asked @ self.vectors.T
        if not raw:
            cosines = normalised(cosines, asked @ self.background.T)
        return np.asarray(np.maximum.reduceat(cosines.max(axis=0), self.starts), np.float64)


@dataclass(frozen=True, eq=False)
class Sought:
    """What all ways found for one query."""

    query: Attacked
    scores: dict[Means, NDArray[np.float64]]
    """Of each means, for every reference."""
    milliseconds: dict[Means, float]
    looked_ms: float
    """For the query's keypoints."""
    compared_ms: float
    """For one candidate's comparison, the median."""
    probabilities: dict[int, float]
    """Of the references that were compared."""

    def candidates(self, means: Means, count: int = CANDIDATES) -> NDArray[np.intp]:
        return _best(self.scores[means], count)

    def answer(self, means: Means) -> Answer:
        """By the means' own scores."""
        found = self.candidates(means)
        return self._answer(found, self.scores[means][found], self.milliseconds[means])

    def verified(self, means: Means, count: int, bar: float = -np.inf) -> Answer:
        """By the probability of the first candidates that reach the bar; those without evidence come last."""
        found = self.candidates(means, count)
        found = found[self.scores[means][found] >= bar]
        looks = self.scores[means][found]
        proofs = np.array([self.probabilities[int(at)] for at in found])
        spent = self.milliseconds[means]
        if len(found):
            spent += self.looked_ms + self.compared_ms * len(found)
        return self._answer(found, np.where(proofs > 0, proofs, looks - 3), spent)

    def _answer(self, found: NDArray[np.intp], scores: NDArray[np.float64], spent: float) -> Answer:
        return Answer(self.query.reference, self.query.attack.family, found, scores, spent)


@dataclass(frozen=True, eq=False)
class Seeker:
    """A suite's references as every means keeps them."""

    suite: AttackSuite
    encoder: Encoder
    further: int = 0
    """References more than the suite has pictures for."""
    background: int = 400
    """Of the suite's everyday pictures, how many there are to compare with at most."""
    sscd: Encoder | None = None
    libraries: dict[Kind, Library] = field(default_factory=dict)

    def enrol(self, pictures: Iterable[RGB]) -> None:
        """Args: pictures: what `pictures` gives, perhaps shown as it goes."""
        kept: dict[Kind, list[Vectors]] = {kind: [] for kind in self._kinds()}
        for picture in pictures:
            for kind, vectors in kept.items():
                vectors.append(self._kept(kind, picture))
        for kind, vectors in kept.items():
            self.libraries[kind] = _library(vectors, len(self.suite.references) + self.further)

    def pictures(self) -> Iterator[RGB]:
        """References, further references, background."""
        yield from (self.suite.load(path) for path in self.suite.references)
        yield from (self.suite.further_reference(number) for number in range(self.further))
        yield from (self.suite.load(path) for path in self.suite.background[: self.background])

    def count(self) -> int:
        return len(self.suite.references) + self.further + len(self.suite.background[: self.background])

    def seek(self, query: Attacked, verify_for: Mapping[Means, int]) -> Sought:
        """Ask with one query; the first candidates of some means, so many, are compared point by point."""
        pixels = query.edited().pixels
        scores: dict[Means, NDArray[np.float64]] = {}
        spent: dict[Means, float] = {}
        for kind in self._kinds():
            self._ask(kind, pixels, scores, spent)
        watch = time.perf_counter()
        local = look_closely(pixels)
        looked = time.perf_counter() - watch
        first = [_best(scores[means], count) for means, count in verify_for.items()]
        found = self._compared(local, sorted({int(at) for some in first for at in some}))
        compared = float(np.median([took for _, took in found.values()])) if found else 0.0
        proofs = {at: probability for at, (probability, _) in found.items()}
        return Sought(query, scores, spent, looked * 1000, compared * 1000, proofs)

    def _compared(self, local: LocalPicture, candidates: Sequence[int]) -> dict[int, tuple[float, float]]:
        """Probability and seconds of each."""
        found = {}
        for at in candidates:
            reference = _looked_at(self, at)
            watch = time.perf_counter()
            probability = verify(local, reference).probability
            found[at] = probability, time.perf_counter() - watch
        return found

    def _kinds(self) -> tuple[Kind, ...]:
        """A larger house is searched by views alone: the others would double the work of enrolling it."""
        if self.further:
            return (Kind.VIEWS,)
        return tuple(kind for kind in Kind if kind is not Kind.SSCD or self.sscd is not None)

    def _kept(self, kind: Kind, picture: RGB) -> Vectors:
        if kind is Kind.VIEWS:
            return reference_views(self.encoder, [picture])[0]
        if kind is Kind.HASH:
            return as_vector(pdq(picture))[None]
        return self._encoder(kind).encode([picture])

    def _ask(
        self, kind: Kind, pixels: RGB, scores: dict[Means, NDArray[np.float64]], spent: dict[Means, float]
    ) -> None:
        for took, ways in self._questions(kind, pixels):
            for way in ways:
                watch = time.perf_counter()
                scores[way.means] = self.libraries[kind].scores(way.vectors, raw=way.raw)
                spent[way.means] = (took + time.perf_counter() - watch) * 1000

    def _questions(self, kind: Kind, pixels: RGB) -> Iterator[tuple[float, list[_Way]]]:
        """The seconds that describing the query took, and who asks with which of its vectors."""
        watch = time.perf_counter()
        if kind is Kind.HASH:
            asked = as_vector(pdq(pixels))[None]
            yield time.perf_counter() - watch, [_Way(Means.HASH, asked, raw=True)]
        elif kind is Kind.VIEWS:
            yield from self._tiles(pixels)
        else:
            asked = self._encoder(kind).encode([pixels])
            raw, plain = _WHOLE_PICTURE[kind]
            yield time.perf_counter() - watch, [_Way(raw, asked, raw=True), _Way(plain, asked)]

    def _tiles(self, pixels: RGB) -> Iterator[tuple[float, list[_Way]]]:
        watch = time.perf_counter()
        whole = query_tiles(self.encoder, [pixels], Tiles.WHOLE)[0]
        yield time.perf_counter() - watch, [_Way(Means.WHOLE, whole)]
        watch = time.perf_counter()
        every = query_tiles(self.encoder, [pixels], Tiles.ALL)[0]
        few = every[: len(every) + len(QUERY_WINDOWS[Tiles.FEW]) - len(QUERY_WINDOWS[Tiles.ALL])]
        ways = [_Way(Means.FEW, few), _Way(Means.ALL, every), _Way(Means.ALL_RAW, every, raw=True)]
        yield time.perf_counter() - watch, ways

    def _encoder(self, kind: Kind) -> Encoder:
        return self.sscd if kind is Kind.SSCD and self.sscd is not None else self.encoder

    def picture(self, at: int) -> RGB:
        """A reference's pixels."""
        if at < len(self.suite.references):
            return self.suite.load(self.suite.references[at])
        return self.suite.further_reference(at - len(self.suite.references))


@lru_cache(maxsize=4096)
def _looked_at(seeker: Seeker, at: int) -> LocalPicture:
    return look_closely(seeker.picture(at))


def _best(scores: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    return np.argsort(-scores, kind="stable")[:count]


def _library(kept: Sequence[Vectors], references: int) -> Library:
    """Args: references: how many come before the background."""
    starts = np.cumsum([0, *(len(each) for each in kept[: references - 1])])
    return Library(np.concatenate(kept[:references]), starts, np.concatenate(kept[references:]))
