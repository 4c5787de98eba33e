from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.parcels.codes import hs_code, postal_item, s10_check_digit
from service.parcels.schemas import Declaration


@pytest.mark.parametrize("number", ["RR473124829SE", "EE 876 543 216 JP", "cp-12345678-5-de"])
def test_item_numbers_of_the_standards_form_are_kept_without_blanks(number: str) -> None:
    assert postal_item(number) == number.replace(" ", "").replace("-", "").upper()


@given(st.text("0123456789", min_size=8, max_size=8), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(serial: str, shift: int) -> None:
    right = s10_check_digit(serial)
    postal_item(f"RR{serial}{right}JP")
    with pytest.raises(ValueError, match="check digit"):
        postal_item(f"RR{serial}{(right + shift) % 10}JP")


@pytest.mark.parametrize("number", ["", "RR47312482SE", "1R473124829SE", "RR473124829S", "RR4731２4829SE"])
def test_what_is_no_item_number_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="S10"):
        postal_item(number)


@pytest.mark.parametrize(
    ("code", "digits"), [("6403", "6403"), ("6403.99", "640399"), ("4202.21.0000", "4202210000")]
)
def test_tariff_codes_are_kept_as_digits(code: str, digits: str) -> None:
    assert hs_code(code) == digits


@pytest.mark.parametrize("code", ["64", "64039", "7701", "0001.10", "6400", "640399123456", "64o3"])
def test_what_is_no_tariff_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=r"HS code|heading"):
        hs_code(code)


@pytest.mark.parametrize(
    "said",
    [
        {"currency": "XXX", "value": "1"},
        {"value": "1"},
        {"currency": "JPY"},
        {"origin": "XX"},
        {"quantity": 0},
        {"postal_item": "RR473124828SE"},
        {"hs_code": "7700"},
        {"colour": "blue"},
    ],
)
def test_a_declaration_with_something_wrong_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Declaration.model_validate(said)
