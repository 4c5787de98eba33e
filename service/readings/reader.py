"""Who reads: one reader for the process, since its networks take a second or two to come and some memory to stay."""

from __future__ import annotations

from functools import cache

from model.text.reading import Reader


@cache
def reader() -> Reader:
    """Callers take turns. Loads when first asked, or when told to: `Runtime.start` does, before the first check."""
    return Reader(threads=1)
