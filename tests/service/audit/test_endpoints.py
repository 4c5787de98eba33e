from __future__ import annotations

from collections.abc import Callable

from fastapi.testclient import TestClient

from service.security.principals import Role

Authorised = Callable[..., dict[str, str]]


def test_an_auditor_reads_the_log_of_its_tenant_page_by_page(client: TestClient, key_for: Authorised) -> None:
    admin, auditor = key_for(Role.ADMIN), key_for(Role.AUDITOR)
    for name in ("one", "two", "three"):
        client.post("/v1/organisations", headers=admin, json={"name": name})
    first = client.get("/v1/audit/entries", headers=auditor, params={"limit": 2}).json()
    rest = client.get("/v1/audit/entries", headers=auditor, params={"after": first["next_after"]}).json()
    assert [each["detail"]["name"] for each in first["items"] + rest["items"]] == ["one", "two", "three"]
    assert rest["next_after"] is None
    stranger = key_for(Role.AUDITOR, tenant="elsewhere")
    assert client.get("/v1/audit/entries", headers=stranger).json()["items"] == []


def test_entries_are_filtered_by_thing(client: TestClient, key_for: Authorised) -> None:
    admin = key_for(Role.ADMIN)
    made = [client.post("/v1/organisations", headers=admin, json={"name": n}).json()["id"] for n in "ab"]
    found = client.get("/v1/audit/entries", headers=admin, params={"object_id": made[1]}).json()["items"]
    assert [each["object_id"] for each in found] == [made[1]]


def test_the_chain_is_verified_over_http(client: TestClient, key_for: Authorised) -> None:
    client.post("/v1/organisations", headers=key_for(Role.ADMIN), json={"name": "one"})
    answer = client.get("/v1/audit/verification", headers=key_for(Role.AUDITOR)).json()
    assert (answer["intact"], answer["entries"], answer["broken_seq"]) == (True, 1, None)


def test_the_log_is_for_auditors_and_administrators(client: TestClient, key_for: Authorised) -> None:
    assert client.get("/v1/audit/entries", headers=key_for(Role.PLATFORM)).status_code == 403
