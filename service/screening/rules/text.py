"""S7: text and picture disagree. What is said of the offer, what stands in its pictures, and what is seen in them.

A look-alike spelling imitates a mark only where there is the mark's owner to imitate: it is strong with the brand seen
in the pictures, or printed in one of them, and weak in words alone. Words that nobody writes of the genuine are strong
where the brand is seen. What also honest sellers write, and what is merely near to a name, is weak and counts only
where the brand is seen (decision records 0151 and 0195).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from pydantic import JsonValue

from service.screening.readings import Corners
from service.screening.signals import Signal, SignalCode, Strength

_DIGITS = 4


class WordKind(StrEnum):
    """How words disagree with what is seen, most telling first."""

    LOOKALIKE = "lookalike"
    """They pass for a brand's name and are not it."""
    REPLICA = "replica"
    """They are said of copies alone."""
    OTHER_BRAND = "other_brand"
    """They name another brand than the one that is seen."""
    UNNAMED = "unnamed"
    """No words name the brand that is seen."""
    REPLICA_HINT = "replica_hint"
    """They are said of copies, and of honest goods too."""
    FUZZY = "fuzzy"
    """They are near to a brand's name, in no way that imitates."""


@dataclass(frozen=True)
class Words:
    """Telling words, and where they stand."""

    kind: WordKind
    written: str
    brand_id: str | None = None
    """Whose name they resemble; None for words that resemble none."""
    name: str | None = None
    """The registered name that they resemble."""
    picture: int | None = None
    """Index of the picture that they stand in; None for title and description."""
    corners: Corners = ()


@dataclass(frozen=True)
class Said:
    """What title and description say."""

    anything: bool
    """Whether there are any words in them."""
    named: Mapping[str, str]
    """Brands that they name, by id, each with the words that do."""


@dataclass(frozen=True)
class ReadName:
    """A brand's name that is printed in a picture, to the fore."""

    brand_id: str
    written: str
    picture: int
    corners: Corners


def name_signals(read: Iterable[ReadName]) -> list[Signal]:
    """S1 by its second view: a brand whose name stands in a picture is seen, weakly, whatever the thing looks like."""
    first: dict[str, ReadName] = {}
    for each in read:
        first.setdefault(each.brand_id, each)
    return [
        Signal(
            SignalCode.S1,
            Strength.WEAK,
            brand,
            name.picture,
            {
                "kind": "name",
                "words": [word_evidence("name", name.written, name.written, name.corners)],
                "box": box_around(name.corners),
            },
        )
        for brand, name in sorted(first.items())
    ]


def text_signals(words: Iterable[Words], said: Said, seen: Mapping[str, Strength]) -> list[Signal]:
    """One signal for each brand and place (the text, a picture) in which words disagree with what is seen.

    Args:
        seen: strength of S1 by brand, over all pictures.
    """
    every = [*words, *_silences(said, seen)]
    printed = {
        each.brand_id for each in every if each.picture is not None and each.kind is WordKind.LOOKALIKE
    }
    weighed = [
        (brand, each, strength)
        for each in every
        for brand in _brands(each, said, seen)
        if (strength := _strength(each, brand, seen, brand in printed))
    ]
    ordered = sorted(weighed, key=lambda one: _order(one[0], one[1]))
    return [
        _signal(brand, picture, [(each, strength) for _, each, strength in found])
        for (brand, picture), found in groupby(ordered, lambda one: (one[0], one[1].picture))
    ]


def _silences(said: Said, seen: Mapping[str, Strength]) -> list[Words]:
    """Brands that are surely seen and of which the text says nothing, where it says anything at all."""
    if not said.anything:
        return []
    silent = [brand for brand in sorted(seen) if seen[brand] is Strength.STRONG and brand not in said.named]
    others = ", ".join(said.named.values())
    kind = WordKind.OTHER_BRAND if others else WordKind.UNNAMED
    return [Words(kind, others, brand) for brand in silent]


def _brands(words: Words, said: Said, seen: Mapping[str, Strength]) -> Sequence[str | None]:
    """Of whom the words speak: words for copies of every brand that is seen, else of those that are named."""
    if words.brand_id is not None:
        return [words.brand_id]
    return sorted(seen) or sorted(said.named) or [None]


def _strength(words: Words, brand: str | None, seen: Mapping[str, Strength], printed: bool) -> Strength:
    is_seen = brand is not None and bool(seen.get(brand, Strength.NONE))
    match words.kind:
        case WordKind.LOOKALIKE:
            return Strength.STRONG if is_seen or printed else Strength.WEAK
        case WordKind.REPLICA:
            return Strength.STRONG if is_seen else Strength.WEAK
        case WordKind.OTHER_BRAND | WordKind.UNNAMED:
            return Strength.WEAK
        case WordKind.REPLICA_HINT | WordKind.FUZZY:
            return Strength.WEAK if is_seen else Strength.NONE


def _order(brand: str | None, words: Words) -> tuple[str, int, int]:
    """The text before pictures, and there the most telling words first; those of one kind as they came."""
    return brand or "", -1 if words.picture is None else words.picture, list(WordKind).index(words.kind)


def _signal(brand: str | None, picture: int | None, found: Sequence[tuple[Words, Strength]]) -> Signal:
    leading, _ = found[0]
    evidence: dict[str, JsonValue] = {
        "kind": leading.kind.value,
        "words": [word_evidence(each.kind, each.written, each.name, each.corners) for each, _ in found],
    }
    if leading.corners:
        evidence["box"] = box_around(leading.corners)
    return Signal(SignalCode.S7, max(strength for _, strength in found), brand, picture, evidence)


def word_evidence(kind: str, written: str, name: str | None, corners: Corners) -> JsonValue:
    """Words as evidence has them, whatever the signal: `service.screening.views` shows them."""
    places: JsonValue = [[round(x, _DIGITS), round(y, _DIGITS)] for x, y in corners]
    return {"kind": kind, "written": written, "name": name, "corners": places}


def box_around(corners: Corners) -> JsonValue:
    """Left, top, right, bottom."""
    across, down = zip(*corners, strict=True)
    return [round(edge, _DIGITS) for edge in (min(across), min(down), max(across), max(down))]
