"""Rights and recordations."""

from __future__ import annotations

import pytest

from service.security.principals import Role

RIGHT = {"kind": "trademark", "number": "T-1", "office": "jp", "classes": ["9"], "disclosure": "secret"}


@pytest.fixture
def owner(key_for):
    return key_for(Role.BRAND_OWNER, "Ohashi")


@pytest.fixture
def right(client, owner):
    brand = client.post("/v1/brands", json={"name": "Ohashi"}, headers=owner).json()
    return client.post(f"/v1/brands/{brand['id']}/rights", json=RIGHT, headers=owner).json()


def test_a_right_keeps_what_was_said_of_it(client, owner, right):
    shown = client.get(f"/v1/rights/{right['id']}", headers=owner).json()
    assert shown["office"] == "JP"
    assert shown["disclosure"] == "secret"


def test_the_same_right_is_registered_once(client, owner, right):
    answer = client.post(f"/v1/brands/{right['brand_id']}/rights", json=RIGHT, headers=owner)
    assert answer.status_code == 409


def test_a_right_does_not_expire_before_it_begins(client, owner, right):
    wrong = {**RIGHT, "registered_on": "2026-02-02", "expires_on": "2026-02-01"}
    assert client.put(f"/v1/rights/{right['id']}", json=wrong, headers=owner).status_code == 422


def test_removing_a_right_removes_its_recordations(client, owner, right):
    recordation = client.post(
        f"/v1/rights/{right['id']}/recordations", json={"authority": "Tokyo", "number": "R"}, headers=owner
    ).json()
    address = f"/v1/recordations/{recordation['id']}"
    assert client.get(address, headers=owner).status_code == 200
    client.delete(f"/v1/rights/{right['id']}", headers=owner)
    assert client.get(address, headers=owner).status_code == 404


def test_another_owner_sees_neither(client, key_for, owner, right):
    recordation = client.post(
        f"/v1/rights/{right['id']}/recordations", json={"authority": "Tokyo", "number": "R"}, headers=owner
    ).json()
    stranger = key_for(Role.BRAND_OWNER, "Stranger")
    for address in (
        f"/v1/rights/{right['id']}",
        f"/v1/rights/{right['id']}/recordations",
        f"/v1/recordations/{recordation['id']}",
        f"/v1/brands/{right['brand_id']}/rights",
    ):
        assert client.get(address, headers=stranger).status_code == 404
