"""What passes for a name at a glance: characters of one shape, and the slips that imitators make on purpose.

Characters of other scripts are brought to the Latin ones that they resemble by the table of confusables of Unicode
Technical Standard 39, which the package `confusable-homoglyphs` carries. Within Latin and kana the table here says
which shapes a buyer in a hurry does not tell apart.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from confusable_homoglyphs.confusables import confusables_data
from rapidfuzz.distance import OSA


class Resemblance(IntEnum):
    """How a word that is not the name resembles it; larger is nearer."""

    NONE = 0
    FUZZY = 1
    """A letter or two differ, in no way that imitates."""
    LOOKALIKE = 2
    """One shape taken for another, two letters swapped, one doubled or dropped."""


SHORTEST = 4
"""Letters of the shortest name that anything can resemble: among shorter ones every second word does."""
_SHORTEST_SLIP = 5
_SHORTEST_FUZZY = 6
_SHORTEST_TWO = 8

_DIGRAPHS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_SHAPES = str.maketrans(
    {
        "0": "o", "1": "l", "i": "l", "|": "l", "!": "l", "5": "s", "$": "s", "8": "b", "3": "e", "€": "e", "4": "a",
        "@": "a", "6": "g", "9": "g", "q": "g", "2": "z", "7": "t",
        "ン": "ソ", "ツ": "シ", "ッ": "シ", "力": "カ", "口": "ロ", "二": "ニ", "夕": "タ", "八": "ハ", "一": "ー",
        "卜": "ト", "工": "エ", "ァ": "ア", "ィ": "イ", "ゥ": "ウ", "ェ": "エ", "ォ": "オ", "ャ": "ヤ", "ュ": "ユ",
        "ョ": "ヨ",
    }
)  # fmt: skip
_PAIRS = """
ao ae ce co cg eo gc go do dq gy ca
uv un nm nh nr hb rf vy vw uw
bd bp dp pq lt lj jl ft sz xk kc ck rt
pf pr br ef mw hn od oq bv vb xz td
"""
"""Rounded; arches and slants; stems and bowls; in capitals, and by sound."""
_ALIKE = frozenset(frozenset(pair) for pair in _PAIRS.split())
_VOWELS = frozenset("aeiou")
"""Another vowel in a name of four letters mostly makes another word: Arlo, Arla."""
_STANDS_IN = frozenset("0123456789$@€|!")


def resemblance(word: str, name: str) -> Resemblance:
    """How a word resembles a name; both folded, without spaces, and not equal."""
    length = len(name)
    if length < SHORTEST or word == name or word.isdigit():
        return Resemblance.NONE
    if skeleton(word) == skeleton(name):
        return Resemblance.LOOKALIKE
    plain = latin(word)
    distance = OSA.distance(plain, name, score_cutoff=2)
    if distance == 1:
        return _one_edit(plain, name)
    if distance == 2 and length >= _SHORTEST_TWO and word[0] == name[0]:
        return Resemblance.FUZZY
    if length >= _SHORTEST_FUZZY and OSA.distance(skeleton(word), skeleton(name), score_cutoff=1) == 1:
        return Resemblance.FUZZY
    return Resemblance.NONE


def latin(word: str) -> str:
    """Letters of other scripts replaced by the Latin ones that they resemble, where all of the word then is Latin."""
    if word.isascii():
        return word
    table = _latin_shapes()
    turned = "".join(table.get(character, character) for character in word)
    return turned if turned.isascii() else word


def skeleton(word: str) -> str:
    """Words of equal skeletons look alike (Unicode Technical Standard 39, section 4, with shapes of our own)."""
    plain = latin(word)
    for pair, single in _DIGRAPHS:
        plain = plain.replace(pair, single)
    return plain.translate(_SHAPES)


def _one_edit(word: str, name: str) -> Resemblance:
    """Of two words that one insertion, deletion, replacement or swap of neighbours parts."""
    at = next(
        (i for i, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name))
    )
    if len(word) > len(name):
        doubled = at > 0 and word[at] == word[at - 1]
        return _from(len(name), SHORTEST if doubled else _SHORTEST_FUZZY, doubled)
    if len(word) < len(name):
        return _from(len(name), _SHORTEST_SLIP, True)
    if sorted(word) == sorted(name):
        return _from(len(name), _SHORTEST_SLIP, True)
    alike = frozenset((word[at], name[at])) in _ALIKE or word[at] in _STANDS_IN
    if len(name) == SHORTEST and alike and name[at] in _VOWELS and word[at] not in _STANDS_IN:
        return Resemblance.FUZZY
    return _from(len(name), SHORTEST if alike else _SHORTEST_SLIP, alike)


def _from(length: int, shortest: int, imitates: bool) -> Resemblance:
    if length < shortest:
        return Resemblance.NONE
    return Resemblance.LOOKALIKE if imitates else Resemblance.FUZZY


@lru_cache(maxsize=1)
def _latin_shapes() -> dict[str, str]:
    """Single characters outside ASCII to the ASCII letter or digit that the standard's table puts them with."""
    table: dict[str, str] = {}
    for target in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789":
        for each in confusables_data.get(target, ()):
            character = each["c"].strip("\u200e").casefold()
            if len(character) == 1 and not character.isascii():
                table.setdefault(character, target.lower())
    return table
