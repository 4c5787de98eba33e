"""A registered mark in a listing's picture, through the whole check."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import pytest

from service.security.principals import Role
from tests.service.listings.conftest import House, png, textured
from tests.service.listings.test_checks import record
from tests.service.marks.test_marks import mark, send

KeyFor = Callable[..., dict[str, str]]


def bearing() -> bytes:
    """Something else with the mark on a white label."""
    ground = textured(99, side=600)
    ground[190:410, 190:410] = 255
    ground[220:380, 220:380] = cv2.resize(mark(), (160, 160), interpolation=cv2.INTER_AREA)
    return png(ground)


def test_a_mark_shows_its_brand_with_its_box(house: House, key_for: KeyFor) -> None:
    assert send(house.client, house.brand_id, house.owner).status_code == 201
    decided = house.check([bearing()]).json()
    (seen,) = [
        each
        for each in record(house, key_for, decided["id"])["findings"]["signals"]
        if "mark_id" in each["evidence"]
    ]
    assert (seen["code"], seen["brand_id"], seen["picture"]) == ("S1", house.brand_id, 0)
    assert seen["evidence"]["box"] == pytest.approx([220 / 600, 220 / 600, 380 / 600, 380 / 600], abs=0.04)
    view = house.client.get(f"/v1/decisions/{decided['id']}", headers=key_for(Role.INSPECTOR)).json()
    assert any(each["box"] == seen["evidence"]["box"] for each in view["signals"])


def test_the_mark_of_one_tenant_is_not_looked_for_in_another(house: House, key_for: KeyFor) -> None:
    elsewhere = key_for(Role.BRAND_OWNER, "Ohashi", tenant="elsewhere")
    brand = house.client.post("/v1/brands", json={"name": "Kumoru"}, headers=elsewhere).json()["id"]
    assert send(house.client, brand, elsewhere).status_code == 201
    found = record(house, key_for, house.check([bearing()]).json()["id"])
    assert [each for each in found["findings"]["signals"] if "mark_id" in each["evidence"]] == []
