"""Invents brand names with their katakana, and the spellings that pass for them at a glance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein

from model.evaluation.kit.famous import FAMOUS

_OPEN = {
    "ka": "カ", "ko": "コ", "ra": "ラ", "ri": "リ", "ro": "ロ", "va": "ヴァ", "ve": "ヴェ", "vo": "ヴォ", "mi": "ミ",
    "mo": "モ", "na": "ナ", "ne": "ネ", "no": "ノ", "ta": "タ", "te": "テ", "to": "ト", "so": "ソ", "se": "セ",
    "du": "ドゥ", "fe": "フェ", "fa": "ファ", "ga": "ガ", "go": "ゴ", "be": "ベ", "bo": "ボ", "lo": "ロ", "la": "ラ",
    "pe": "ペ", "hi": "ヒ", "ha": "ハ", "zu": "ズ", "yu": "ユ", "wi": "ウィ", "o": "オ", "a": "ア", "e": "エ",
}  # fmt: skip
_CLOSE = {"": "", "n": "ン", "r": "ル", "l": "ル", "s": "ス"}
_ENDINGS = {
    "lin": "リン", "dor": "ドール", "ka": "カ", "mont": "モント", "sen": "セン", "ra": "ラ", "by": "ビー", "ve": "ヴ",
    "nia": "ニア", "tto": "ット", "well": "ウェル", "gi": "ギ", "lund": "ルンド", "ssa": "ッサ", "quin": "キン",
}  # fmt: skip

MIN_DISTANCE = 3
"""Edits that must at least lie between two invented names, and between one and any famous name."""

_CONFUSABLE = {
    "o": "0", "l": "i", "i": "l", "e": "c", "a": "o", "u": "v", "v": "u", "n": "m", "m": "rn", "s": "z", "t": "f",
    "g": "q", "d": "cl", "k": "c", "r": "n", "b": "h", "y": "v", "h": "n", "w": "vv", "f": "t", "q": "g", "z": "s",
}  # fmt: skip


def invent_names(rng: np.random.Generator, count: int) -> list[tuple[str, str]]:
    """Names of 6 to 9 letters with their katakana, no two within two edits, none near a famous one.

    Raises:
        ValueError: more names were asked for than the syllables give.
    """
    taken: list[tuple[str, str]] = []
    for _ in range(40 * count):
        if len(taken) == count:
            return taken
        name, kana = _draw(rng)
        if 6 <= len(name) <= 9 and _clean(name) and is_free(name, [other for other, _ in taken]):
            taken.append((name, kana))
    if len(taken) == count:
        return taken
    raise ValueError(f"Only {len(taken)} names lie far enough apart; ask for fewer brands than {count}.")


def is_free(name: str, others: Sequence[str]) -> bool:
    """True when no other name and no famous one lies within two edits, or opens or closes this one."""
    low = name.lower()
    if any(Levenshtein.distance(low, other.lower()) < MIN_DISTANCE for other in others):
        return False
    return not any(_too_close(low, famous) for famous in FAMOUS)


def look_alike(name: str, rng: np.random.Generator) -> str:
    """A spelling one or two edits from `name` that a buyer in a hurry reads as it: a confusable letter,
    a doubled, dropped or swapped one. The first letter stays."""
    return _ways(name)[int(rng.integers(len(_ways(name))))]


def _draw(rng: np.random.Generator) -> tuple[str, str]:
    parts = [_pick(_OPEN, rng), _pick(_CLOSE, rng)]
    if rng.random() < 0.4:
        parts.append(_pick(_OPEN, rng))
    parts.append(_pick(_ENDINGS, rng))
    return "".join(part for part, _ in parts).capitalize(), "".join(kana for _, kana in parts)


def _pick(table: dict[str, str], rng: np.random.Generator) -> tuple[str, str]:
    keys = list(table)
    key = keys[int(rng.integers(len(keys)))]
    return key, table[key]


def _clean(name: str) -> bool:
    """No letter three times in a row, in any case."""
    low = name.lower()
    return all(len(set(low[at : at + 3])) > 1 for at in range(len(low) - 2))


def _too_close(name: str, famous: str) -> bool:
    inside = len(famous) >= 4 and (famous in name or name in famous)
    return inside or Levenshtein.distance(name, famous, score_cutoff=MIN_DISTANCE) < MIN_DISTANCE


def _ways(name: str) -> list[str]:
    ways = []
    for at in range(1, len(name)):
        head, letter, tail = name[:at], name[at], name[at + 1 :]
        if letter.lower() in _CONFUSABLE:
            swap = _CONFUSABLE[letter.lower()]
            ways.append(head + (swap.upper() if letter.isupper() else swap) + tail)
        if letter != name[at - 1]:
            ways.append(head + letter + letter + tail)
        if at > 1 and letter != name[at - 1]:
            ways.append(name[: at - 1] + letter + name[at - 1] + tail)
        if at > 2 and letter.lower() in "aeiou":
            ways.append(head + tail)
    return [way for way in ways if 1 <= Levenshtein.distance(way.lower(), name.lower()) <= 2]
