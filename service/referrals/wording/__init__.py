"""The words of referrals. No word here says that goods are genuine or not, and none gives a score."""

from __future__ import annotations

import json
from enum import StrEnum
from functools import cache
from pathlib import Path


class Language(StrEnum):
    EN = "en"
    JA = "ja"


@cache
def words(language: Language) -> dict[str, str]:
    """Every text by key; both languages have the same keys."""
    found: dict[str, str] = json.loads(Path(__file__).with_name(f"{language}.json").read_text("utf-8"))
    return found
