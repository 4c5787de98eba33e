from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from service.clock import now
from service.runtime import Runtime
from service.security.principals import Principal, Role
from service.security.service import authenticate

Authorised = Callable[..., dict[str, str]]


@pytest.fixture
def admin(key_for: Authorised) -> dict[str, str]:
    return key_for(Role.ADMIN)


@pytest.fixture
def parties(client: TestClient, admin: dict[str, str]) -> tuple[str, str]:
    """Ids of an agent and an owner."""
    agent, owner = (
        client.post("/v1/organisations", headers=admin, json={"name": name}).json()["id"]
        for name in ("Agent", "Owner")
    )
    return agent, owner


def mandate(client: TestClient, admin: dict[str, str], parties: tuple[str, str], **more: str) -> str:
    answer = client.post(
        "/v1/mandates", headers=admin, json={"agent_id": parties[0], "owner_id": parties[1], **more}
    )
    assert answer.status_code == 201, answer.text
    identity: str = answer.json()["id"]
    return identity


def agent(runtime: Runtime, key_for: Authorised) -> Principal:
    return authenticate(runtime, key_for(Role.AGENT, "Agent")["Authorization"])


def test_an_agent_acts_for_the_owner_of_a_mandate_until_it_is_revoked(
    client: TestClient, runtime: Runtime, key_for: Authorised, admin: dict[str, str], parties: tuple[str, str]
) -> None:
    assert not agent(runtime, key_for).may_act_for(parties[1])
    identity = mandate(client, admin, parties)
    assert agent(runtime, key_for).may_act_for(parties[1])
    assert client.delete(f"/v1/mandates/{identity}", headers=admin).status_code == 204
    assert not agent(runtime, key_for).may_act_for(parties[1])


def test_a_mandate_counts_from_its_first_moment(
    client: TestClient, runtime: Runtime, key_for: Authorised, admin: dict[str, str], parties: tuple[str, str]
) -> None:
    mandate(client, admin, parties, valid_from=(now() + timedelta(days=1)).isoformat())
    assert not agent(runtime, key_for).may_act_for(parties[1])


def test_a_mandate_ends_with_its_last_moment(
    client: TestClient,
    runtime: Runtime,
    key_for: Authorised,
    admin: dict[str, str],
    parties: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mandate(client, admin, parties, valid_until=(now() + timedelta(days=1)).isoformat())
    later = now() + timedelta(days=2)
    monkeypatch.setattr("service.security.service.now", lambda: later)
    assert not agent(runtime, key_for).may_act_for(parties[1])


def test_a_mandate_that_ends_before_it_begins_is_refused(
    client: TestClient, admin: dict[str, str], parties: tuple[str, str]
) -> None:
    body = {"agent_id": parties[0], "owner_id": parties[1], "valid_until": "2020-01-01T00:00:00Z"}
    assert client.post("/v1/mandates", headers=admin, json=body).status_code == 422


def test_only_its_parties_and_administrators_see_a_mandate(
    client: TestClient, key_for: Authorised, admin: dict[str, str], parties: tuple[str, str]
) -> None:
    identity = mandate(client, admin, parties)
    for headers in (admin, key_for(Role.AGENT, "Agent"), key_for(Role.BRAND_OWNER, "Owner")):
        assert identity in client.get("/v1/mandates", headers=headers).text
    assert identity not in client.get("/v1/mandates", headers=key_for(Role.AGENT, "Third")).text


def test_only_administrators_give_mandates(
    client: TestClient, key_for: Authorised, parties: tuple[str, str]
) -> None:
    body = {"agent_id": parties[0], "owner_id": parties[1]}
    answer = client.post("/v1/mandates", headers=key_for(Role.AGENT, "Agent"), json=body)
    assert answer.status_code == 403


def test_an_organisation_of_another_tenant_is_answered_like_none(
    client: TestClient, key_for: Authorised, parties: tuple[str, str]
) -> None:
    stranger = key_for(Role.ADMIN, tenant="elsewhere")
    body = {"agent_id": parties[0], "owner_id": parties[1]}
    answer = client.post("/v1/mandates", headers=stranger, json=body)
    assert answer.status_code == 422
    assert "no organisation" in answer.json()["detail"]
