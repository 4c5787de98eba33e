"""Brands, and the rule that nobody else can tell whether one exists."""

from __future__ import annotations

import pytest

from service.brands.service import BrandNames, names_for_tenant
from service.clock import now
from service.ids import new_id
from service.security.models import Mandate, Organisation
from service.security.principals import Role
from tests.service.references.test_references import without


@pytest.fixture
def owner(key_for):
    return key_for(Role.BRAND_OWNER, "Ohashi")


@pytest.fixture
def brand(client, owner):
    return client.post("/v1/brands", json={"name": "Ohashi", "spellings": ["オオハシ"]}, headers=owner).json()


def organisation_id(runtime, name):
    with runtime.database.read() as session:
        return session.query(Organisation).filter_by(name=name).one().id


def test_a_brand_is_read_changed_and_removed(client, owner, brand):
    address = f"/v1/brands/{brand['id']}"
    assert client.get(address, headers=owner).json() == brand
    changed = client.patch(address, json={"name": "Ohashi Optical"}, headers=owner).json()
    assert (changed["name"], changed["spellings"]) == ("Ohashi Optical", ["オオハシ"])
    assert client.delete(address, headers=owner).status_code == 204
    assert client.get(address, headers=owner).status_code == 404


def test_a_name_is_taken_once_per_owner_until_it_is_removed(client, key_for, owner, brand):
    again = client.post("/v1/brands", json={"name": " Ohashi "}, headers=owner)
    assert (again.status_code, again.json()["brand_id"]) == (409, brand["id"])
    stranger = key_for(Role.BRAND_OWNER, "Stranger")
    assert client.post("/v1/brands", json={"name": "Ohashi"}, headers=stranger).status_code == 201
    client.delete(f"/v1/brands/{brand['id']}", headers=owner)
    assert client.post("/v1/brands", json={"name": "Ohashi"}, headers=owner).status_code == 201


@pytest.mark.parametrize("field", ["gated", "auto_block"])
def test_only_an_administrator_gates_or_lets_block(client, key_for, owner, brand, field):
    address = f"/v1/brands/{brand['id']}"
    assert client.patch(address, json={field: True}, headers=owner).status_code == 403
    assert client.post("/v1/brands", json={"name": "B", field: True}, headers=owner).status_code == 403
    assert client.patch(address, json={field: True}, headers=key_for(Role.ADMIN)).json()[field] is True


@pytest.mark.parametrize("role", [Role.PLATFORM, Role.INSPECTOR, Role.AUDITOR])
def test_there_is_no_directory_of_brands(client, key_for, brand, role):
    assert client.get("/v1/brands", headers=key_for(role)).status_code == 403
    assert client.post("/v1/brands", json={"name": "B"}, headers=key_for(role)).status_code == 403


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
@pytest.mark.parametrize("tenant", ["house", "other house"])
def test_another_owner_is_answered_as_if_it_did_not_exist(client, key_for, brand, method, tenant):
    stranger = key_for(Role.BRAND_OWNER, "Stranger", tenant=tenant)
    more = {"json": {"name": "B"}} if method == "patch" else {}
    theirs = getattr(client, method)(f"/v1/brands/{brand['id']}", headers=stranger, **more)
    absent = getattr(client, method)("/v1/brands/brd_absent", headers=stranger, **more)
    assert theirs.status_code == absent.status_code == 404
    assert without(theirs, brand["id"]) == without(absent, "brd_absent")
    assert client.get("/v1/brands", headers=stranger).json()["items"] == []


def test_an_administrator_of_another_tenant_sees_nothing(client, key_for, brand):
    other = key_for(Role.ADMIN, tenant="other house")
    assert client.get(f"/v1/brands/{brand['id']}", headers=other).status_code == 404
    assert client.get("/v1/brands", headers=other).json()["items"] == []


def test_an_agent_acts_for_owners_who_gave_a_mandate(client, runtime, key_for, owner, brand):
    agent = key_for(Role.AGENT, "Agents")
    ohashi = organisation_id(runtime, "Ohashi")
    new = {"name": "Second", "owner_id": ohashi}
    assert client.post("/v1/brands", json=new, headers=agent).status_code == 404
    with runtime.database.write() as session:
        session.add(
            Mandate(
                id=new_id("man"),
                tenant_id=session.get(Organisation, ohashi).tenant_id,
                agent_id=organisation_id(runtime, "Agents"),
                owner_id=ohashi,
                valid_from=now(),
                valid_until=None,
            )
        )
    assert client.post("/v1/brands", json=new, headers=agent).status_code == 201
    assert len(client.get("/v1/brands", headers=agent).json()["items"]) == 2


def test_an_unknown_owner_and_one_without_mandate_are_answered_alike(client, runtime, key_for, brand):
    agent, ohashi = key_for(Role.AGENT, "Agents"), organisation_id(runtime, "Ohashi")
    known = client.post("/v1/brands", json={"name": "B", "owner_id": ohashi}, headers=agent)
    unknown = client.post("/v1/brands", json={"name": "B", "owner_id": "org_absent"}, headers=agent)
    assert without(known, ohashi) == without(unknown, "org_absent")


def test_lists_come_in_pages_without_gap_or_repeat(client, owner):
    made = [client.post("/v1/brands", json={"name": f"B{n}"}, headers=owner).json()["id"] for n in range(5)]
    seen, after = [], None
    while True:
        page = client.get("/v1/brands", params={"limit": 2, "after": after}, headers=owner).json()
        seen += [each["id"] for each in page["items"]]
        after = page["next_after"]
        if after is None:
            break
    assert seen == sorted(made)


@pytest.mark.parametrize("name", ["", "   ", "a\u0000b", "x" * 201])
def test_a_name_that_nobody_could_write_is_refused(client, owner, name):
    assert client.post("/v1/brands", json={"name": name}, headers=owner).status_code == 422


def test_checks_learn_every_name_of_the_tenant(client, runtime, key_for, brand):
    client.post("/v1/brands", json={"name": "Else"}, headers=key_for(Role.BRAND_OWNER, "Stranger"))
    with runtime.database.read() as session:
        tenant_id = session.query(Organisation).filter_by(name="Ohashi").one().tenant_id
        names = names_for_tenant(session, tenant_id)
        assert names_for_tenant(session, "ten_absent") == []
    assert BrandNames(brand["id"], "Ohashi", ("オオハシ",), gated=False, auto_block=False) in names
    assert len(names) == 2
