"""S12: trade numbers that cannot be, or that are another product's than the one that is seen.

All of it is odd and no more (weak): honest sellers photograph the shop's own label, or the carton of a multipack. A
number used twice would be strong; nothing remembers serial numbers yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pydantic import JsonValue

from model.text.barcodes import NumberKind, TradeNumber, TradeNumberInvalid, trade_number
from service.screening.readings import Corners
from service.screening.rules.text import box_around, word_evidence
from service.screening.signals import Signal, SignalCode, Strength

_ITEM = slice(1, 13)
"""Digits of a trade number that name the article: a carton of the same has another first and last."""


class CodeFault(StrEnum):
    INVALID = "invalid"
    """Its check digit is wrong (GS1 General Specifications, section 7.9): no till would take it."""
    NOT_FOR_TRADE = "not_for_trade"
    """Its prefix is for use within one company, or was given to nobody."""
    OTHER_PRODUCT = "other_product"
    """The product that is seen has another."""


@dataclass(frozen=True)
class Code:
    """A number that a picture shows, or that the listing states."""

    text: str
    picture: int | None = None
    """Index; None for one that title or description state."""
    corners: Corners = ()


@dataclass(frozen=True)
class SeenProduct:
    """The product of a brand that the pictures were told to show."""

    brand_id: str
    product_id: str
    barcode: str | None


def code_signals(codes: Iterable[Code], told: Sequence[SeenProduct], brands: Iterable[str]) -> list[Signal]:
    """One signal for each brand and code that does not fit.

    Args:
        told: at most one product a brand.
        brands: those seen in the pictures; where none is, no number can be wrong.
    """
    every = sorted(set(codes), key=lambda code: (-1 if code.picture is None else code.picture, code.text))
    faulty = [(brand, code, fault) for brand in sorted(brands) for code in every if (fault := _fault(code))]
    signals = [_signal(brand, code, fault) for brand, code, fault in faulty]
    for product in told:
        signals += _of_others(product, every)
    return signals


def _fault(code: Code) -> CodeFault | None:
    number = _number(code)
    if number is None:
        return CodeFault.INVALID
    if number.kind in (NumberKind.IN_HOUSE, NumberKind.OTHER):
        return CodeFault.NOT_FOR_TRADE
    return None


def _of_others(product: SeenProduct, codes: Sequence[Code]) -> list[Signal]:
    """Nothing where the product's own number is among them, or none is registered."""
    own = _number(Code(product.barcode)) if product.barcode else None
    traded = [(code, number) for code in codes if not _fault(code) and (number := _number(code))]
    if own is None or any(number.gtin[_ITEM] == own.gtin[_ITEM] for _, number in traded):
        return []
    return [
        _signal(product.brand_id, code, CodeFault.OTHER_PRODUCT, product.product_id) for code, _ in traded
    ]


def _number(code: Code) -> TradeNumber | None:
    try:
        return trade_number(code.text)
    except TradeNumberInvalid:
        return None


def _signal(brand: str, code: Code, fault: CodeFault, product: str | None = None) -> Signal:
    evidence: dict[str, JsonValue] = {
        "kind": fault.value,
        "words": [word_evidence(fault, code.text, None, code.corners)],
    }
    if product is not None:
        evidence["product_id"] = product
    if code.corners:
        evidence["box"] = box_around(code.corners)
    return Signal(SignalCode.S12, Strength.WEAK, brand, code.picture, evidence)
