"""Trade numbers in, S12 out."""

from __future__ import annotations

import pytest

from service.screening.rules.documents import Code, SeenProduct, code_signals
from service.screening.signals import SignalCode, Strength

OWN, ANOTHER = "4006381333931", "4901234567894"
INVALID, IN_HOUSE = "4006381333932", "2012345678903"
CASE_OF_OWN = "14006381333938"
TOLD = SeenProduct("brd_a", "prd_1", OWN)


@pytest.mark.parametrize(
    ("numbers", "kinds"),
    [
        ([OWN], []),
        ([INVALID], ["invalid"]),
        ([IN_HOUSE], ["not_for_trade"]),
        ([ANOTHER], ["other_product"]),
        ([OWN, ANOTHER], []),
        ([CASE_OF_OWN], []),
        ([], []),
    ],
)
def test_what_a_number_says_of_the_product_that_is_seen(numbers: list[str], kinds: list[str]) -> None:
    signals = code_signals([Code(number) for number in numbers], [TOLD], {"brd_a"})
    assert [each.evidence["kind"] for each in signals] == kinds
    assert all((each.code, each.strength) == (SignalCode.S12, Strength.WEAK) for each in signals)


def test_a_product_without_a_registered_number_is_compared_with_none() -> None:
    assert code_signals([Code(ANOTHER)], [SeenProduct("brd_a", "prd_1", None)], {"brd_a"}) == []


def test_where_no_brand_is_seen_no_number_is_wrong() -> None:
    assert code_signals([Code(INVALID)], [], set()) == []


def test_a_number_in_a_picture_has_its_place() -> None:
    corners = ((0.2, 0.6), (0.4, 0.6), (0.4, 0.7), (0.2, 0.7))
    (signal,) = code_signals([Code(ANOTHER, 1, corners)], [TOLD], {"brd_a"})
    assert (signal.picture, signal.evidence["box"], signal.evidence["product_id"]) == (
        1,
        [0.2, 0.6, 0.4, 0.7],
        "prd_1",
    )
