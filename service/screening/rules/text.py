"""Which protected brands a text names, letter for letter; look-alike spellings are another stage's.

Compared after NFKC and case folding (Unicode Standard, sections 3.11 and 3.13). Scripts that put spaces between
words need a word's edge on both sides. Scripts that do not (Han, kana, hangul with its particles, Thai) have no edge
to look for, so a name inside a longer run counts: the finding only asks for photos, and missing it costs more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")


@dataclass(frozen=True)
class Lexicon:
    """Folded spellings with the brands they name; make it once, ask it for many texts."""

    spellings: Mapping[str, frozenset[str]]


def lexicon(spellings: Mapping[str, Iterable[str]]) -> Lexicon:
    """Args: spellings: brand id to its names in every script. Spellings with no letter or digit are left out."""
    brands: dict[str, set[str]] = {}
    for brand, names in spellings.items():
        for name in names:
            folded = _folded(name)
            if any(character.isalnum() for character in folded):
                brands.setdefault(folded, set()).add(brand)
    return Lexicon({name: frozenset(owners) for name, owners in brands.items()})


def brands_named(text: str, known: Lexicon) -> frozenset[str]:
    """Ids of the brands that the text names."""
    folded = _folded(text)
    found = (owners for name, owners in known.spellings.items() if name in folded and _as_word(name, folded))
    return frozenset[str]().union(*found)


def _folded(text: str) -> str:
    """Invisible format characters dropped, white space made single, compatibility forms and case folded."""
    visible = "".join(character for character in text if unicodedata.category(character) != "Cf")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible).casefold())
    return " ".join(folded.split())


def _as_word(name: str, text: str) -> bool:
    at = text.find(name)
    while at >= 0:
        end = at + len(name)
        if _edge(text[at - 1 : at], name[0], name) and _edge(text[end : end + 1], name[-1], name):
            return True
        at = text.find(name, at + 1)
    return False


def _edge(outside: str, inside: str, name: str) -> bool:
    """Whether a word may end between the two. A name of one character needs a true edge in every script."""
    if not outside or not _in_word(outside) or not _in_word(inside):
        return True
    return len(name) > 1 and (_unspaced(outside) or _unspaced(inside))


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _unspaced(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_UNSPACED)
