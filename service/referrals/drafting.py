"""What the machine writes into a referral: signals in words, dates as the form has them, nothing of any party."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from service.referrals.wording import Language, words
from service.screening.signals import Signal, SignalCode

_REIWA_BEGAN = date(2019, 5, 1)
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class ReferralField(StrEnum):
    """Of Japan's customs form C-5804, in its order. The addressee is a party and kept apart."""

    ARTICLE = "article"
    QUANTITY = "quantity"
    CONTENT = "content"
    ITEM_NUMBER = "item_number"
    PRESENTED_ON = "presented_on"
    FOUND_ON = "found_on"
    REASON = "reason"


@dataclass(frozen=True)
class Known:
    """What a draft can be made of."""

    goods: dict[str, str]
    brand: str
    presented_on: date
    found_on: date
    """Both where the authority is."""
    signals: Sequence[Signal]


def draft(known: Known, language: Language) -> dict[ReferralField, str]:
    """A text for every field; what is not known is said to be so."""
    word = words(language)
    unknown = word["unknown"]
    content = word["content.brand"].format(brand=known.brand) if known.brand else unknown
    return {
        ReferralField.ARTICLE: known.goods.get("article") or unknown,
        ReferralField.QUANTITY: known.goods.get("quantity") or unknown,
        ReferralField.CONTENT: known.goods.get("content") or content,
        ReferralField.ITEM_NUMBER: known.goods.get("item_number") or unknown,
        ReferralField.PRESENTED_ON: in_words(known.presented_on, language),
        ReferralField.FOUND_ON: in_words(known.found_on, language),
        ReferralField.REASON: _reason(known, language),
    }


def in_words(day: date, language: Language) -> str:
    """As the forms of each country have it: 令和8年4月27日, 27 April 2026."""
    if language is Language.EN:
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    if day < _REIWA_BEGAN:
        return f"{day.year}年{day.month}月{day.day}日"
    year = day.year - 2018
    return f"令和{'元' if year == 1 else year}年{day.month}月{day.day}日"


def _reason(known: Known, language: Language) -> str:
    word = words(language)
    brand = known.brand or word["unknown"]
    noticed = [f"- {word[code].format(brand=brand)}" for code in _codes(known.signals) if code in word]
    if not noticed:
        return word["reason.none"]
    return "\n".join([word["reason.begin"], *noticed, word["reason.end"]])


def _codes(signals: Iterable[Signal]) -> list[str]:
    """Of what may add to suspicion, once each, in the order of their numbers."""
    found = {each.code for each in signals if each.strength and each.code.family.is_evidence}
    return [code.value for code in SignalCode if code in found]
