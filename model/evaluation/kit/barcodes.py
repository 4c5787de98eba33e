"""EAN-13 numbers and bars, after the GS1 General Specifications (sections 5.2 and 7.9)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEFT_ODD = (
    "0001101",
    "0011001",
    "0010011",
    "0111101",
    "0100011",
    "0110001",
    "0101111",
    "0111011",
    "0110111",
    "0001011",
)
_PARITY = ("OOOOOO", "OOEOEE", "OOEEOE", "OOEEEO", "OEOOEE", "OEEOOE", "OEEEOO", "OEOEOE", "OEOEEO", "OEEOEO")

MODULES = 95
"""Width of the symbol in modules, without its quiet zones."""


def in_store_number(company: int, item: int) -> str:
    """13 digits of the range 20–29, which GS1 leaves for use inside a company and gives to nobody.

    Args:
        company: 0 to 99999.
        item: 0 to 99999.
    """
    body = f"2{company % 100000:05d}{item % 1000000:06d}"
    return body + check_digit(body)


def check_digit(body: str) -> str:
    """The thirteenth digit for twelve."""
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(body))
    return str(-total % 10)


def bars(digits: str) -> NDArray[np.bool_]:
    """The symbol's modules, shape (95,), True where ink is."""
    pattern = "101"
    for digit, parity in zip(digits[1:7], _PARITY[int(digits[0])], strict=True):
        pattern += _left(int(digit), parity)
    pattern += "01010"
    pattern += "".join(_right(int(digit)) for digit in digits[7:]) + "101"
    return np.array([module == "1" for module in pattern])


def _left(digit: int, parity: str) -> str:
    return _LEFT_ODD[digit] if parity == "O" else _right(digit)[::-1]


def _right(digit: int) -> str:
    return "".join("1" if module == "0" else "0" for module in _LEFT_ODD[digit])
