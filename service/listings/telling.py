"""What words, and numbers, tell beside what is seen: S7, S12, and S1 by the names that are printed in pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from model.text.lexicon import Lexicon
from service.listings.codes import seen_products, shown, stated
from service.listings.question import Comparing, Question
from service.listings.reading import Written, in_pictures, in_text
from service.screening.rules.documents import Code, code_signals
from service.screening.rules.text import Said, Words, name_signals, text_signals
from service.screening.signals import Signal, SignalCode, Strength

_ASKS_FOR_WORDS = frozenset({SignalCode.S1, SignalCode.S3, SignalCode.S9})
"""Signals with which what is printed in the pictures can change the outcome."""


@dataclass(frozen=True)
class Heard:
    """What title and description say; costs nothing, so it is always known."""

    said: Said
    words: Sequence[Words]
    numbers: Sequence[Code]

    @property
    def about(self) -> frozenset[str]:
        """Brands that are named, or whose names are imitated."""
        return frozenset([*self.said.named, *(word.brand_id for word in self.words if word.brand_id)])


def hear(question: Question, lexicon: Lexicon) -> Heard:
    said, words = in_text(question.listing, lexicon)
    return Heard(said, words, stated(f"{question.listing.title}\n{question.listing.description}"))


def read(
    comparing: Comparing, question: Question, lexicon: Lexicon, heard: Heard, signals: Sequence[Signal]
) -> Written:
    """What is written in the pictures; nothing where it could not matter: most listings are innocent.

    Args:
        signals: all that is known of the listing already.
    """
    asking = [each for each in signals if each.code in _ASKS_FOR_WORDS and each.strength]
    if not asking and not heard.about and not heard.numbers:
        return Written()
    first = sorted({each.picture for each in asking if each.picture is not None})
    return in_pictures(comparing, question, lexicon, first)


def tell(
    session: Session,
    question: Question,
    heard: Heard,
    written: Written,
    signals: Sequence[Signal],
    told: Mapping[str, str],
) -> list[Signal]:
    """
    Args:
        told: brand to its product that the pictures show.
    """
    names = name_signals(written.names)
    seen = _seen([*signals, *names])
    words = text_signals([*heard.words, *written.words], heard.said, seen)
    numbers = [*heard.numbers, *shown(written.pictures)]
    odd = code_signals(numbers, seen_products(session, question.tenant_id, told), seen) if numbers else []
    return [*names, *words, *odd]


def _seen(signals: Sequence[Signal]) -> dict[str, Strength]:
    """S1 by brand, over all pictures and views."""
    seen: dict[str, Strength] = {}
    for signal in signals:
        if signal.code is SignalCode.S1 and signal.strength and signal.brand_id is not None:
            seen[signal.brand_id] = max(signal.strength, seen.get(signal.brand_id, Strength.NONE))
    return seen
