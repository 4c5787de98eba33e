from __future__ import annotations

import numpy as np
import pytest

from model.evaluation.kit.barcodes import bars, in_store_number
from model.text import Agreement, NumberKind, TradeNumberInvalid, agreement, find_barcodes, trade_number

JAPANESE = "4901234567894"


def picture(digits: str) -> np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]:
    drawn = np.full((200, 480, 3), 255, np.uint8)
    ink = np.repeat(bars(digits), 4)
    drawn[40:160, 50 : 50 + len(ink)][:, ink] = 0
    return drawn


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_a_barcode_is_read_with_its_place_however_it_lies(quarter_turns: int) -> None:
    code = find_barcodes(np.rot90(picture(JAPANESE), quarter_turns))[0]
    corners = np.array(code.polygon)
    assert (code.text, code.symbology) == (JAPANESE, "EAN13")
    assert sorted(np.ptp(corners, axis=0)) == pytest.approx([119, 379], abs=8)


def test_a_picture_without_codes_has_none() -> None:
    assert find_barcodes(np.full((64, 64, 3), 255, np.uint8)) == []


def test_numbers_of_all_lengths_become_fourteen_digits() -> None:
    assert {trade_number(text).gtin for text in ("036000291452", "0036000291452", "0 036000 291452")} == {
        "00036000291452"
    }


@pytest.mark.parametrize(
    ("digits", "kind", "issuer"),
    [
        (JAPANESE, NumberKind.TRADE, "GS1 Japan"),
        ("9784873119038", NumberKind.BOOK, "Bookland (ISBN)"),
    ],
)
def test_the_prefix_says_who_gave_the_number_out(digits: str, kind: NumberKind, issuer: str) -> None:
    number = trade_number(digits)
    assert (number.kind, number.issuer) == (kind, issuer)


def test_numbers_of_the_kit_are_of_nobody_in_trade() -> None:
    assert trade_number(in_store_number(12, 34)).kind is NumberKind.IN_HOUSE


@pytest.mark.parametrize("text", ["4901234567890", "123", "49012345678９4", "", "abcdefghijklm"])
def test_wrong_numbers_are_refused_with_what_is_wrong(text: str) -> None:
    with pytest.raises(TradeNumberInvalid, match="is no trade number"):
        trade_number(text)


def test_a_code_is_compared_with_those_of_the_product() -> None:
    code = find_barcodes(picture(JAPANESE))[0]
    assert agreement(code, frozenset({"04901234567894"})) is Agreement.SAME
    assert agreement(code, frozenset({"00036000291452"})) is Agreement.OTHER_PRODUCT
    assert agreement(code, frozenset()) is Agreement.UNKNOWN
