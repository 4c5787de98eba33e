"""Words and numbers that signals rest on: in a line each, and outlined on the pictures that have them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from model.encoders.base import RGB
from service.evidence.drawing import outlined_each, png
from service.screening.schemas import WordView
from service.screening.signals import Signal
from service.screening.views import signal_view

_LONGEST = 80
"""Characters of a listing's words that a line of the report quotes."""


def told_words(signals: Sequence[Signal], word: Mapping[str, str]) -> Iterator[str]:
    """What was read and what of it is telling, a line each.

    Args:
        word: of the report, in its language.
    """
    for signal in signals:
        for each in _words(signal):
            place = word["in_text"] if signal.picture is None else f"{word['picture']} {signal.picture}"
            quoted = f" “{each.written[:_LONGEST]}”" if each.written else ""
            imitated = f" ({each.name})" if each.name and each.name != each.written else ""
            yield f"{signal.code}  {place}: {word[f'words.{each.kind}']}{quoted}{imitated}"


def with_words(picture: RGB, signal: Signal) -> bytes | None:
    """PNG of the picture with the signal's words outlined; None where they stand in no picture."""
    regions = [tuple(each.corners) for each in _words(signal) if each.corners]
    return png(outlined_each(picture, regions)) if regions else None


def _words(signal: Signal) -> list[WordView]:
    return signal_view(signal).words if signal.strength else []
