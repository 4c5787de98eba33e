from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from service.errors import TooManyRequests
from service.security.gate import Gate
from service.security.principals import Role
from service.settings import Settings

Authorised = Callable[..., dict[str, str]]
WRONG = {"Authorization": "Bearer mzg_000000000000_wrong"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"requests_per_minute": 5})


def test_a_key_is_limited_and_told_when_to_come_back(client: TestClient, key_for: Authorised) -> None:
    headers = key_for(Role.ADMIN)
    answers = [client.get("/v1/keys", headers=headers) for _ in range(6)]
    assert [each.status_code for each in answers] == [200] * 5 + [429]
    assert answers[0].headers["RateLimit-Limit"] == "5"
    assert answers[0].headers["RateLimit-Remaining"] == "4"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    assert answers[-1].json()["type"] == "/problems/too-many-requests"


def test_one_key_does_not_use_up_what_another_may(client: TestClient, key_for: Authorised) -> None:
    busy, calm = key_for(Role.ADMIN), key_for(Role.ADMIN)
    for _ in range(6):
        client.get("/v1/keys", headers=busy)
    assert client.get("/v1/keys", headers=calm).status_code == 200


def test_guessing_keys_is_slowed_while_valid_keys_pass(client: TestClient, key_for: Authorised) -> None:
    statuses = [client.get("/v1/keys", headers=WRONG).status_code for _ in range(31)]
    assert statuses == [401] * 30 + [429]
    assert client.get("/v1/keys", headers=key_for(Role.ADMIN)).status_code == 200


def test_when_a_key_was_last_used_is_noted(client: TestClient, key_for: Authorised) -> None:
    headers = key_for(Role.AUDITOR)
    client.get("/v1/keys", headers=headers)
    client.app.state.runtime.pool.shutdown(wait=True)  # type: ignore[attr-defined]
    (key,) = client.get("/v1/keys", headers=headers).json()["items"]
    assert key["last_used_at"] is not None


def test_addresses_of_one_ipv6_network_count_together() -> None:
    gate = Gate(5, failures_per_minute=1)
    gate.count_failure("2001:db8::1", "no such key")
    with pytest.raises(TooManyRequests):
        gate.count_failure("2001:db8::2", "no such key")
    gate.count_failure("2001:db8:0:1::1", "no such key")
