"""Numbers on a parcel that can be checked by themselves: the postal item's, and the heading of the tariff."""

from __future__ import annotations

import re

_ITEM = re.compile(r"([A-Z]{2})([0-9]{8})([0-9])([A-Z]{2})")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_HS = re.compile(r"[0-9]{4}|[0-9]{6}|[0-9]{8,10}")
_RESERVED_CHAPTER = 77
_LAST_CHAPTER = 99
"""97 of the Harmonized System itself; 98 and 99 are left to the parties to it."""


def postal_item(text: str) -> str:
    """The item number without blanks, in capitals.

    Raises:
        ValueError: it is none of UPU standard S10, or its check digit is another.
    """
    number = re.sub(r"[\s-]", "", text).upper()
    parts = _ITEM.fullmatch(number)
    if parts is None:
        raise ValueError("a postal item number has two letters, nine digits and two letters (UPU S10)")
    expected = s10_check_digit(parts[2])
    if int(parts[3]) != expected:
        raise ValueError(f"the check digit of this item number would be {expected}; read the label again")
    return number


def s10_check_digit(serial: str) -> int:
    """Of eight digits, as UPU standard S10 (annex on check digits) has it."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, serial, strict=True))
    return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)


def hs_code(text: str) -> str:
    """The digits alone: a heading (4), a subheading (6) or a national line (8 to 10).

    Raises:
        ValueError: no code of the Harmonized System looks so.
    """
    digits = re.sub(r"[\s.]", "", text)
    if _HS.fullmatch(digits) is None:
        raise ValueError("an HS code has 4, 6, 8, 9 or 10 digits, with or without full stops")
    chapter = int(digits[:2])
    if not 1 <= chapter <= _LAST_CHAPTER or chapter == _RESERVED_CHAPTER or digits[2:4] == "00":
        raise ValueError(f"the Harmonized System has no heading {digits[:4]}")
    return digits
