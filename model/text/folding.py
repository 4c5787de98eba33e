"""Text made comparable, with the place of every character in the text as it was written."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_SPACING_MARKS = range(0x0300, 0x0370)
_ATTACHED = frozenset("@$€|!")
"""Signs that stand for letters when they touch one."""


@dataclass(frozen=True)
class Folded:
    text: str
    """Compatibility forms and case folded, invisible characters and Latin accents dropped."""
    starts: tuple[int, ...]
    """For each folded character, the place of the written one that it came from."""


@dataclass(frozen=True)
class Token:
    """A word, or a run of one script that knows no spaces."""

    text: str
    start: int
    end: int
    """In the text as written."""


def fold(text: str) -> Folded:
    """NFKC and case folding (Unicode Standard, sections 3.11 and 3.13), character by character."""
    letters: list[str] = []
    starts: list[int] = []
    for at, character in enumerate(text):
        folded = _fold_character(character)
        if folded in ("\u3099", "\u309a") and letters:
            letters[-1] = unicodedata.normalize("NFC", letters[-1] + folded)
            continue
        letters.extend(folded)
        starts.extend([at] * len(folded))
    return Folded("".join(letters), tuple(starts))


def fold_name(name: str) -> str:
    """A name in the form in which it is looked for: folded, white space made single."""
    return " ".join(fold(name).text.split())


def compact(name: str) -> str:
    """The letters and digits of a folded name alone."""
    return "".join(character for character in name if is_word(character))


def tokens(folded: Folded) -> list[Token]:
    """Words in the order of the text; a change between Latin and kana, Han or hangul ends a word."""
    found: list[Token] = []
    begin = 0
    text = folded.text
    for at in range(len(text) + 1):
        if (
            at < len(text)
            and _joins(text, at)
            and (at == begin or is_unspaced(text[at - 1]) == is_unspaced(text[at]))
        ):
            continue
        if at > begin:
            found.append(Token(text[begin:at], folded.starts[begin], folded.starts[at - 1] + 1))
        begin = at if at < len(text) and _joins(text, at) else at + 1
    return found


def is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M") or character == "ー"


def is_unspaced(character: str) -> bool:
    """Of a script that puts no spaces between words, or particles after them."""
    return unicodedata.name(character, "").startswith(_UNSPACED)


_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "KHMER", "MYANMAR")


def _fold_character(character: str) -> str:
    if unicodedata.category(character) == "Cf":
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())
    if folded.isascii() or is_unspaced(folded[0]):
        return folded
    plain = "".join(part for part in unicodedata.normalize("NFD", folded) if ord(part) not in _SPACING_MARKS)
    return plain if plain or ord(character) in _SPACING_MARKS else folded


def _joins(text: str, at: int) -> bool:
    """Whether a character belongs to a word: a letter or digit, or a sign between two of them."""
    if is_word(text[at]):
        return True
    if text[at] not in _ATTACHED:
        return False
    after = at + 1 < len(text) and text[at + 1].isalpha()
    return after and (text[at] in "$@" or (at > 0 and text[at - 1].isalpha()))
