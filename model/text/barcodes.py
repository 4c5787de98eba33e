"""Barcodes and QR codes in a picture, and whether a trade number can be what it claims to be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import zxingcpp
from biip import ParseError
from biip.gtin import Gtin

from model.encoders.base import RGB
from model.text.lines import Polygon


@dataclass(frozen=True)
class Barcode:
    text: str
    symbology: str
    """As zxing-cpp names it: EAN13, UPCA, Code128, QRCode, DataMatrix, …"""
    polygon: Polygon
    """Of a linear symbol two sides are the bars' ends and may lie on one line."""


class NumberKind(StrEnum):
    """Who may use a trade number, by its GS1 prefix."""

    TRADE = "trade"
    """Given to a company by the GS1 member organisation that the prefix names."""
    IN_HOUSE = "in_house"
    """Of a range that everybody may use within their own company, and nobody in trade."""
    BOOK = "book"
    """ISBN, ISSN."""
    OTHER = "other"
    """Coupons, refunds, demonstration, and ranges that nobody was given."""


@dataclass(frozen=True)
class TradeNumber:
    gtin: str
    """14 digits (GS1 General Specifications, section 3.3.2), so that EAN-8, UPC-A and EAN-13 compare."""
    kind: NumberKind
    issuer: str | None
    """The member organisation in GS1's own words, such as GS1 Japan. Not the country of origin."""


class TradeNumberInvalid(ValueError):
    """Not 8, 12, 13 or 14 digits, or the check digit is wrong."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{text!r} is no trade number: {reason}")


class Agreement(StrEnum):
    """What a code in a picture says about an offer of a product."""

    SAME = "same"
    OTHER_PRODUCT = "other_product"
    INVALID = "invalid"
    """Its check digit is wrong: no till would take it."""
    NOT_A_TRADE_NUMBER = "not_a_trade_number"
    """QR codes, Code 128, the short UPC-E and the like say nothing here."""
    UNKNOWN = "unknown"
    """The product has no registered code."""


TRADE_SYMBOLOGIES = frozenset({"EAN13", "EAN8", "UPCA", "ITF14"})


def find_barcodes(rgb: RGB) -> list[Barcode]:
    """Every code that reads, in any direction, largest symbol first.

    Args:
        rgb: shape (height, width, 3).
    """
    found = zxingcpp.read_barcodes(np.ascontiguousarray(rgb))
    codes = [
        Barcode(each.text, _symbology(each.format), _corners(each.position)) for each in found if each.text
    ]
    return sorted(codes, key=lambda code: -float(np.ptp(np.array(code.polygon), axis=0).max()))


def trade_number(text: str) -> TradeNumber:
    """The trade number in digits as printed or scanned; spaces and hyphens are dropped.

    Raises:
        TradeNumberInvalid: wrong length or check digit.
    """
    digits = text.replace(" ", "").replace("-", "")
    if len(digits) not in (8, 12, 13, 14) or not (digits.isascii() and digits.isdigit()):
        raise TradeNumberInvalid(text, "write 8, 12, 13 or 14 digits")
    try:
        number = Gtin.parse(digits)
    except ParseError as reason:
        raise TradeNumberInvalid(text, str(reason)) from reason
    issuer = number.prefix.usage if number.prefix else None
    return TradeNumber(digits.zfill(14), _kind(issuer), issuer)


def agreement(code: Barcode, registered: frozenset[str]) -> Agreement:
    """Compare a code with a product's registered ones.

    Args:
        registered: trade numbers of the product, 14 digits each (`TradeNumber.gtin`).
    """
    if code.symbology not in TRADE_SYMBOLOGIES:
        return Agreement.NOT_A_TRADE_NUMBER
    try:
        number = trade_number(code.text)
    except TradeNumberInvalid:
        return Agreement.INVALID
    if not registered:
        return Agreement.UNKNOWN
    return Agreement.SAME if number.gtin in registered else Agreement.OTHER_PRODUCT


def _kind(usage: str | None) -> NumberKind:
    words = (usage or "").lower()
    if words.startswith("gs1 ") and not any(
        word in words for word in ("global office", "coupon", "reserved")
    ):
        return NumberKind.TRADE
    if "restricted" in words or "company" in words or "internal" in words:
        return NumberKind.IN_HOUSE
    if "isbn" in words or "issn" in words or "bookland" in words:
        return NumberKind.BOOK
    return NumberKind.OTHER


def _symbology(format_: object) -> str:
    return str(format_).rpartition(".")[2].replace("-", "").replace("_", "").replace(" ", "")


def _corners(position: zxingcpp.Position) -> Polygon:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    return tuple((float(corner.x), float(corner.y)) for corner in corners)
