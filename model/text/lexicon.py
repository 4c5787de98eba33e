"""Which names of a tenant's brands a text bears: letter for letter, in another spelling, or by a look-alike.

Precision comes before recall: a name has to stand as a word, a word that is itself somebody's name or a common one
resembles nothing, and the shorter a name, the less may differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from model.text.common_words import COMMON
from model.text.folding import Folded, Token, compact, fold, fold_name, is_unspaced, is_word, tokens
from model.text.lookalikes import SHORTEST, Resemblance, latin, resemblance, skeleton


class MatchKind(StrEnum):
    EXACT = "exact"
    """The name as registered; case, width and accents aside."""
    SPELLING = "spelling"
    """Another registered spelling, or the name with other spaces: N I K E, god-morgon."""
    LOOKALIKE = "lookalike"
    """Another word that passes for the name: N1KE, adibas, fuma, аdidas with a Cyrillic а."""
    FUZZY = "fuzzy"
    """Another word a letter or two away, not plainly meant to pass for the name."""
    PIECE = "piece"
    """The beginning or the end of the name, whose rest is hidden: opicana. In pictures alone."""


NAMED = frozenset({MatchKind.EXACT, MatchKind.SPELLING})
"""Kinds in which the brand itself is named."""


@dataclass(frozen=True)
class Match:
    kind: MatchKind
    brand: str
    name: str
    """The registered name that was found or imitated."""
    written: str
    start: int
    end: int
    """In the text as written."""


@dataclass(frozen=True)
class BrandWords:
    """What a tenant registered of a brand."""

    name: str
    spellings: Sequence[str] = ()
    """Other marks and scripts."""
    lines: Sequence[str] = ()
    """Product lines that are marks of their own; found letter for letter alone, since many are common words."""


@dataclass(frozen=True)
class _Name:
    brand: str
    written: str
    folded: str
    kind: MatchKind
    """What it is to meet this very name."""
    imitable: bool


class Lexicon:
    """Made once for a tenant, asked for many texts; keeps no state, so threads may share it."""

    def __init__(self, brands: Mapping[str, BrandWords], *, others: Iterable[str] = ()) -> None:
        """
        Args:
            brands: by brand id. Names without a letter or digit are left out.
            others: names that are nobody's here, but are names: never taken for a look-alike.
        """
        names = [name for brand, words in brands.items() for name in _names(brand, words)]
        self._exact: dict[str, list[_Name]] = defaultdict(list)
        self._unspaced: list[_Name] = []
        for name in names:
            self._exact[compact(name.folded)].append(name)
            if any(is_unspaced(character) for character in name.folded):
                self._unspaced.append(name)
        self._imitable = [(compact(name.folded), name) for name in names if name.imitable]
        self._skeletons = [skeleton(key) for key, _ in self._imitable]
        self._keys = [key for key, _ in self._imitable]
        self._words = max((len(name.folded.split()) for name in names), default=1)
        self._taken = frozenset({*(compact(fold_name(other)) for other in others), *COMMON})

    def matches(self, text: str) -> list[Match]:
        """In the order of the text; of those that overlap the most exact stays, then the longest."""
        folded = fold(text)
        words = tokens(folded)
        found = [*self._within(folded, text), *self._named(words, text), *self._alike(words, text)]
        return _one_each(found)

    def pieces(self, text: str) -> list[Match]:
        """Beginnings and ends of names, of four letters and three fifths of the name at least; of one brand's alone."""
        words = tokens(fold(text))
        found = []
        for window in _windows(words, text, self._words):
            joined = "".join(compact(word.text) for word in window)
            if len(joined) < SHORTEST or joined in self._taken or joined in self._exact:
                continue
            names = [name for key, name in self._imitable if _is_piece(joined, key, name)]
            if len({name.brand for name in names}) == 1:
                found.append(_match(MatchKind.PIECE, names[0], window, text))
        return _one_each(found)

    def _named(self, words: Sequence[Token], text: str) -> Iterator[Match]:
        for window in _windows(words, text, self._words + 1):
            joined = "".join(compact(word.text) for word in window)
            for name in self._exact.get(joined, ()):
                if _may_be_cut(window, name):
                    yield _match(_kind_of(window, text, name), name, window, text)
            yield from self._inflected(window, joined, text)

    def _inflected(self, window: Sequence[Token], joined: str, text: str) -> Iterator[Match]:
        """Plurals and genitives: Oatlys."""
        stem = joined.removesuffix("s")
        if len(window) == 1 and stem != joined and len(stem) >= SHORTEST and joined not in self._exact:
            for name in self._exact.get(stem, ()):
                yield _match(MatchKind.SPELLING, name, window, text)

    def _within(self, folded: Folded, text: str) -> Iterator[Match]:
        """Names in scripts without spaces, inside longer runs."""
        for name in self._unspaced:
            at = folded.text.find(name.folded)
            while at >= 0:
                end = at + len(name.folded)
                if _apart(folded.text, at, end, name.folded):
                    first, last = folded.starts[at], folded.starts[end - 1] + 1
                    yield Match(name.kind, name.brand, name.written, text[first:last], first, last)
                at = folded.text.find(name.folded, at + 1)

    def _alike(self, words: Sequence[Token], text: str) -> Iterator[Match]:
        if not self._imitable:
            return
        windows = [window for window in _windows(words, text, self._words) if self._may_imitate(window)]
        joined = ["".join(word.text for word in window) for window in windows]
        for at, number in zip(*np.nonzero(self._near(joined)), strict=True):
            key, name = self._imitable[int(number)]
            kind = resemblance(joined[at], key)
            if kind is not Resemblance.NONE and _as_many(windows[at], name, kind):
                yield _match(_KINDS[kind], name, windows[at], text)

    def _near(self, joined: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
        """(words, names): worth a closer look."""
        if not joined:
            return np.zeros((0, len(self._keys)), bool)
        plain = cdist([latin(word) for word in joined], self._keys, scorer=OSA.distance, score_cutoff=2)
        shapes = cdist(
            [skeleton(word) for word in joined], self._skeletons, scorer=OSA.distance, score_cutoff=1
        )
        return np.asarray((plain <= 2) | (shapes <= 1))

    def _may_imitate(self, window: Sequence[Token]) -> bool:
        joined = "".join(word.text for word in window)
        if len(joined) < SHORTEST - 1 or joined in self._taken or compact(joined) in self._exact:
            return False
        return all(
            latin(word.text) not in self._taken or not word.text.isascii() for word in window
        ) and not (joined.endswith("s") and joined[:-1] in self._exact)


def brands_named(matches: Iterable[Match]) -> frozenset[str]:
    return frozenset(match.brand for match in matches if match.kind in NAMED)


_KINDS = {Resemblance.FUZZY: MatchKind.FUZZY, Resemblance.LOOKALIKE: MatchKind.LOOKALIKE}
_ORDER = list(MatchKind)
_PIECE = 0.6
"""Share of a name's letters that must be left of it."""


def _names(brand: str, words: BrandWords) -> Iterator[_Name]:
    for written, kind, imitable in (
        (words.name, MatchKind.EXACT, True),
        *((spelling, MatchKind.SPELLING, True) for spelling in words.spellings),
        *((line, MatchKind.SPELLING, False) for line in words.lines),
    ):
        folded = fold_name(written)
        if any(character.isalnum() for character in folded) and (
            kind is MatchKind.EXACT or folded != fold_name(words.name)
        ):
            yield _Name(brand, written, folded, kind, imitable and compact(folded) not in COMMON)


def _windows(words: Sequence[Token], text: str, longest: int) -> Iterator[Sequence[Token]]:
    """Words, neighbouring words, and runs of single letters (N I K E)."""
    for at in range(len(words)):
        for length in range(1, min(longest, len(words) - at) + 1):
            yield words[at : at + length]
        run = at
        while (
            run < len(words)
            and len(words[run].text) == 1
            and (run == at or words[run].start - words[run - 1].end <= 3)
        ):
            run += 1
        if run - at > longest and (at == 0 or len(words[at - 1].text) > 1):
            yield words[at:run]


def _may_be_cut(window: Sequence[Token], name: _Name) -> bool:
    """Whether a name may stand in these pieces: as its own words, or none of them so short that chance makes it."""
    if len(window) <= len(name.folded.split()):
        return True
    single = all(len(word.text) == 1 for word in window)
    return (single and len(window) >= 3) or all(len(word.text) >= 2 for word in window)


def _is_piece(written: str, key: str, name: _Name) -> bool:
    """Of a brand's own name, cut within a word: other spellings, and whole words of a name, are too often common."""
    if name.kind is not MatchKind.EXACT or not _PIECE * len(key) <= len(written) < len(key):
        return False
    words = [compact(word) for word in name.folded.split()]
    whole = {"".join(words[:at]) for at in range(len(words))} | {
        "".join(words[at:]) for at in range(len(words))
    }
    return (key.startswith(written) or key.endswith(written)) and written not in whole


def _as_many(window: Sequence[Token], name: _Name, kind: Resemblance) -> bool:
    """An imitation has the words of its model, or all letters apart."""
    pieces = len(name.folded.split())
    return (
        len(window) == pieces
        or (kind is Resemblance.LOOKALIKE and len(window) < pieces)
        or (len(window) >= SHORTEST and all(len(word.text) == 1 for word in window))
    )


def _kind_of(window: Sequence[Token], text: str, name: _Name) -> MatchKind:
    written = text[window[0].start : window[-1].end]
    return name.kind if fold_name(written) == name.folded else MatchKind.SPELLING


def _match(kind: MatchKind, name: _Name, window: Sequence[Token], text: str) -> Match:
    start, end = window[0].start, window[-1].end
    return Match(kind, name.brand, name.written, text[start:end], start, end)


def _one_each(found: Collection[Match]) -> list[Match]:
    """Overlapping matches of the same rank but of different brands all stay: both are named."""
    kept: list[Match] = []
    for match in sorted(found, key=lambda each: (_ORDER.index(each.kind), each.start - each.end, each.start)):
        if match not in kept and not any(_covers(other, match) for other in kept):
            kept.append(match)
    return sorted(kept, key=lambda each: (each.start, each.end, each.brand))


def _covers(other: Match, match: Match) -> bool:
    overlap = other.start < match.end and match.start < other.end
    same = (other.start, other.end, other.kind) == (match.start, match.end, match.kind)
    return overlap and (not same or other.brand == match.brand)


def _apart(text: str, start: int, end: int, name: str) -> bool:
    return _edge(text[start - 1 : start], name[0], name) and _edge(text[end : end + 1], name[-1], name)


def _edge(outside: str, inside: str, name: str) -> bool:
    """Whether a word may end between the two. A name of one character needs a true edge in every script."""
    if not outside or not is_word(outside) or not is_word(inside):
        return True
    return len(name) > 1 and (is_unspaced(outside) or is_unspaced(inside))
