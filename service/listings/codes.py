"""Trade numbers that a listing states or shows, and those of the products that its pictures show."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

import service.products.service as products
from model.text.barcodes import TRADE_SYMBOLOGIES, TradeNumberInvalid, trade_number
from service.screening.readings import ReadPicture
from service.screening.rules.documents import Code, SeenProduct

_NAMED = re.compile(
    r"(?:jan|ean|upc|gtin|バーコード|条码|條碼)\D{0,8}?(\d[\d -]{6,16}\d)(?!\d)", re.IGNORECASE
)
"""A number that is said to be one, right or wrong."""
_BARE = re.compile(r"(?<![\d-])\d{13}(?![\d-])")
"""Thirteen digits that could be one; telephone and order numbers are shorter, or break the check digit mostly."""


def stated(text: str) -> list[Code]:
    """Trade numbers in title or description."""
    named = [match[1] for match in _NAMED.finditer(text)]
    bare = [match[0] for match in _BARE.finditer(text) if _is_trade_number(match[0])]
    return [Code(number) for number in dict.fromkeys([*named, *bare])]


def shown(pictures: Sequence[ReadPicture]) -> list[Code]:
    """Trade numbers in the pictures; other codes say nothing of a product."""
    return [
        Code(code.text, each.picture, code.corners)
        for each in pictures
        for code in each.codes
        if code.symbology in TRADE_SYMBOLOGIES
    ]


def seen_products(session: Session, tenant_id: str, told: Mapping[str, str]) -> list[SeenProduct]:
    """
    Args:
        told: brand to its product that the pictures show.
    """
    facts = products.facts(session, tenant_id, sorted(told.values()))
    return [
        SeenProduct(brand, product, facts[product].barcode)
        for brand, product in sorted(told.items())
        if product in facts
    ]


def _is_trade_number(digits: str) -> bool:
    try:
        trade_number(digits)
    except TradeNumberInvalid:
        return False
    return True
