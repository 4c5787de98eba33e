"""What sellers are told, in English, Japanese and Chinese. A message gives a reason; it accuses nobody."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from pathlib import Path

_MOST_RANGES = 32


class Language(StrEnum):
    EN = "en"
    JA = "ja"
    ZH = "zh"


def text(key: str, language: Language) -> str:
    """The message under a key. Raises KeyError for a key that no catalogue has."""
    return catalogue(language)[key]


@cache
def catalogue(language: Language) -> dict[str, str]:
    """All messages of one language by key."""
    path = Path(__file__).with_name(f"{language}.json")
    messages: dict[str, str] = json.loads(path.read_text("utf-8"))
    return messages


def preferred(accept_language: str | None) -> Language:
    """The language an Accept-Language header asks for most (RFC 9110, section 12.5.4); English when it asks for none.

    `zh-Hant-TW` and the like are answered with `zh`. What cannot be understood in the header is passed over.
    """
    asked = [_range(part) for part in (accept_language or "").split(",", _MOST_RANGES)[:_MOST_RANGES]]
    known = [(weight, language) for language, weight in asked if language is not None and weight > 0]
    return max(known, key=lambda each: each[0])[1] if known else Language.EN


def _range(part: str) -> tuple[Language | None, float]:
    tag, _, parameter = part.partition(";")
    primary = tag.strip().lower().partition("-")[0]
    language = Language(primary) if primary in set(Language) else None
    return language, _weight(parameter.replace(" ", ""))


def _weight(parameter: str) -> float:
    if not parameter:
        return 1.0
    name, _, value = parameter.partition("=")
    whole, _, rest = value.partition(".")
    well_formed = name.lower() == "q" and whole in ("0", "1") and len(rest) <= 3 and rest.isascii()
    return float(f"{whole}.{rest or 0}") if well_formed and (not rest or rest.isdigit()) else 0.0
