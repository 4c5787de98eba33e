"""Where a picture differs from the genuine product that it shows, through the whole check."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from service.security.principals import Role
from tests.service.listings.conftest import House, png, textured
from tests.service.listings.test_checks import jpeg, record

Headers = dict[str, str]
KeyFor = Callable[..., Headers]


@pytest.fixture(autouse=True)
def time_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is that tests run on."""
    monkeypatch.setattr("service.listings.differences.TIME_LEFT", 0.0)


def altered(*squares: tuple[int, int]) -> np.ndarray:
    """The genuine picture with squares turned over in light and dark."""
    picture = textured(1).copy()
    for top, left in squares:
        part = picture[top : top + 24, left : left + 24]
        picture[top : top + 24, left : left + 24] = np.where(part < 128, 255, 0)
    return picture


def signals(house: House, key_for: KeyFor, picture: bytes, code: str) -> list[dict[str, Any]]:
    found = record(house, key_for, house.check([picture]).json()["id"])
    return [each for each in found["findings"]["signals"] if each["code"] == code]


def drawn_point(house: House, reference_id: str, top: int, left: int) -> str:
    height, width = textured(1).shape[:2]
    region = {
        "x0": (left - 8) / width,
        "y0": (top - 8) / height,
        "x1": (left + 32) / width,
        "y1": (top + 32) / height,
    }
    answer = house.client.post(
        f"/v1/references/{reference_id}/identification-points",
        json={"name": "corner", **region},
        headers=house.owner,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def reference_of(house: House) -> str:
    listed = house.client.get(f"/v1/products/{house.product_id}/references", headers=house.owner)
    return str(listed.json()["items"][0]["id"])


def test_an_alteration_is_told_with_its_place(house: House, key_for: KeyFor) -> None:
    (found,) = signals(house, key_for, jpeg(altered((100, 120)), 90), "S8")

    assert found["strength"] == 1
    left, top, right, bottom = found["evidence"]["boxes"][0]["on_reference"]
    height, width = textured(1).shape[:2]
    assert left < 132 / width < right
    assert top < 112 / height < bottom


def test_a_genuine_picture_is_usual(house: House, key_for: KeyFor) -> None:
    (found,) = signals(house, key_for, jpeg(textured(1), 90), "S8")

    assert found["strength"] == 0
    assert found["evidence"]["boxes"] == []


def test_the_very_file_of_the_brand_is_not_compared(house: House, key_for: KeyFor) -> None:
    assert signals(house, key_for, png(textured(1)), "S8") == []


def test_one_failing_point_is_weak_and_two_are_strong(house: House, key_for: KeyFor) -> None:
    reference = reference_of(house)
    first = drawn_point(house, reference, 100, 120)
    second = drawn_point(house, reference, 30, 40)

    (one,) = signals(house, key_for, jpeg(altered((100, 120)), 90), "S4")
    (both,) = signals(house, key_for, jpeg(altered((100, 120), (30, 40)), 90), "S4")

    findings = {each["point_id"]: each["finding"] for each in one["evidence"]["points"]}
    assert one["strength"] == 1
    assert findings == {first: "differs", second: "agrees"}
    assert both["strength"] == 2


def test_where_time_is_short_nobody_compares_and_it_is_said(
    house: House, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.listings.differences.TIME_LEFT", 1.0)

    (found,) = signals(house, key_for, jpeg(altered((100, 120)), 90), "S8")

    assert found["strength"] == 0
    assert found["evidence"] == {"not_compared": "no time"}


def test_the_heat_map_is_drawn_for_officers_alone(house: House, key_for: KeyFor) -> None:
    picture = jpeg(altered((100, 120)), 90)
    decision = house.check([picture]).json()["id"]
    address = f"/v1/decisions/{decision}/heat-maps/{hashlib.sha256(picture).hexdigest()}"

    drawn = house.client.get(address, headers=key_for(Role.INSPECTOR))

    assert drawn.status_code == 200, drawn.text
    assert drawn.content.startswith(b"\x89PNG")
    assert house.client.get(address, headers=house.owner).status_code == 403
