"""Which language a page speaks, and its words: gettext catalogues, read from the PO files themselves."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from fastapi import Request

LANGUAGES = {"en": "English", "ja": "日本語"}
"""By the code of BCP 47, each called in its own words."""
SOURCE = "en"
COOKIE = "mizugiwa_language"
LOCALE = Path(__file__).parent / "locale"
_YEAR = 365 * 24 * 3600


def N_(words: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks words for translation where they stand; they are translated where they are shown."""
    return words


def language_of(request: Request) -> str:
    """What the visitor chose, else the first of the browser's languages that there is, else English."""
    chosen = request.cookies.get(COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    wanted = [tag.replace("-", "_") for tag in _preferred(request.headers.get("Accept-Language", ""))]
    return negotiate_locale(wanted, list(LANGUAGES)) or SOURCE


@cache
def translations(language: str) -> NullTranslations:
    """Of all areas of the pages together; the source language translates to itself."""
    if language == SOURCE:
        return NullTranslations()
    whole = Catalog(locale=language)
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    whole.add(message.id, message.string, context=message.context)
    compiled = io.BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    return Translations(compiled)


def cookie_age() -> int:
    """Seconds that a choice is remembered."""
    return _YEAR


def _preferred(header: str) -> Sequence[str]:
    """Tags of an `Accept-Language` header, dearest first (RFC 9110, 12.5.4)."""
    weighed = []
    for position, part in enumerate(header[:500].split(",")):
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.partition("=")[2] or 1)
        except ValueError:
            weight = 0.0
        weighed.append((-weight, position, tag.strip()))
    return [tag for _, _, tag in sorted(weighed) if tag and tag != "*"]
