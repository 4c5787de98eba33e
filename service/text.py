"""Text of people as it is kept, and as it is compared."""

from __future__ import annotations

import unicodedata


def clean(text: str) -> str:
    """Composed (NFC), without blanks around it.

    Raises:
        ValueError: it holds control characters.
    """
    tidy = unicodedata.normalize("NFC", text).strip()
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in tidy):
        raise ValueError("it holds control characters; remove them")
    return tidy


def fold(text: str) -> str:
    """For comparison: width, case and blanks of any kind do not matter (NFKC, then case folding)."""
    return " ".join(unicodedata.normalize("NFKC", clean(text)).casefold().split())
