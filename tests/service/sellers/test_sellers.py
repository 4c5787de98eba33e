"""Authorised sellers: brand × category × territory × days."""

from __future__ import annotations

from datetime import date

import pytest

from service.security.models import Organisation
from service.security.principals import Role
from service.sellers.service import AuthorisationRecord, records_for

DAY = date(2026, 6, 1)


@pytest.fixture
def owner(key_for):
    return key_for(Role.BRAND_OWNER, "Ohashi")


@pytest.fixture
def brand(client, owner):
    return client.post("/v1/brands", json={"name": "Ohashi"}, headers=owner).json()


def test_an_account_is_found_whatever_its_case_and_width(client, runtime, owner, brand):
    new = {"seller": " Ｇood-Shop ", "territory": "jp"}
    made = client.post(f"/v1/brands/{brand['id']}/authorised-sellers", json=new, headers=owner)
    assert (made.status_code, made.json()["seller"], made.json()["territory"]) == (201, "good-shop", "JP")
    with runtime.database.read() as session:
        tenant_id = session.query(Organisation).filter_by(name="Ohashi").one().tenant_id
        (found,) = records_for(session, tenant_id, "GOOD-SHOP", [brand["id"]])
        assert records_for(session, tenant_id, "good-shop2", [brand["id"]]) == []
        assert records_for(session, tenant_id, "good-shop", ["brd_other"]) == []
        assert records_for(session, "ten_absent", "good-shop", [brand["id"]]) == []
    assert found.id == made.json()["id"]


def test_the_same_record_is_refused_and_a_removed_one_can_come_again(client, runtime, owner, brand):
    address = f"/v1/brands/{brand['id']}/authorised-sellers"
    made = client.post(address, json={"seller": "shop"}, headers=owner)
    assert client.post(address, json={"seller": "SHOP"}, headers=owner).status_code == 409
    assert client.delete(made.headers["Location"], headers=owner).status_code == 204
    assert client.post(address, json={"seller": "shop"}, headers=owner).status_code == 201


@pytest.mark.parametrize(
    ("category", "territory", "start", "end", "covered"),
    [
        (None, None, None, None, True),
        ("shoes", "JP", DAY, DAY, True),
        ("bags", None, None, None, False),
        (None, "US", None, None, False),
        (None, None, date(2026, 6, 2), None, False),
        (None, None, None, date(2026, 5, 31), False),
    ],
)
def test_a_record_covers_what_it_names(category, territory, start, end, covered):
    record = AuthorisationRecord("s", "b", category, territory, start, end)
    assert record.covers("Shoes", "jp", DAY) is covered


def test_a_narrowed_record_does_not_cover_what_is_not_known():
    assert not AuthorisationRecord("s", "b", "shoes", None, None, None).covers(None, "JP", DAY)
    assert not AuthorisationRecord("s", "b", None, "JP", None, None).covers("shoes", None, DAY)


def test_another_owner_sees_none(client, key_for, owner, brand):
    address = f"/v1/brands/{brand['id']}/authorised-sellers"
    made = client.post(address, json={"seller": "shop"}, headers=owner)
    stranger = key_for(Role.BRAND_OWNER, "Stranger")
    assert client.get(address, headers=stranger).status_code == 404
    assert client.get(made.headers["Location"], headers=stranger).status_code == 404
    assert client.post(address, json={"seller": "mine"}, headers=stranger).status_code == 404
