"""Webhooks over HTTP: registered, shown, tried, sent again, and nobody else's business."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.runtime import Runtime
from service.security.principals import Role
from service.settings import Settings
from service.webhooks import service
from service.webhooks.models import Delivery, DeliveryState, Endpoint

Headers = dict[str, str]
Authorised = Callable[..., Headers]
WANTED = {"url": "https://shop.example/hook", "events": ["decision.made"]}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Nothing is delivered, so that the outbox stays as a test left it."""
    return settings.model_copy(update={"job_workers": 0})


@pytest.fixture
def market(key_for: Authorised) -> Headers:
    return key_for(Role.PLATFORM, "Market")


@pytest.fixture
def made(client: TestClient, market: Headers) -> dict[str, Any]:
    answer = client.post("/v1/webhooks", headers=market, json=WANTED)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    assert answer.headers["Location"] == f"/v1/webhooks/{found['id']}"
    return found


def logged(client: TestClient, key_for: Authorised, object_id: str) -> list[tuple[str, dict[str, Any]]]:
    headers = key_for(Role.AUDITOR)
    entries = client.get("/v1/audit/entries", headers=headers, params={"object_id": object_id}).json()[
        "items"
    ]
    return [(each["action"], each["detail"]) for each in entries]


def test_the_secret_is_shown_once_and_kept_unreadable(
    client: TestClient, market: Headers, made: dict[str, Any], runtime: Runtime
) -> None:
    assert made["secret"].startswith("whs_")
    path = f"/v1/webhooks/{made['id']}"
    later = [client.get(path, headers=market), client.get("/v1/webhooks", headers=market)]
    assert [each.status_code for each in later] == [200, 200]
    assert not [each for each in later if made["secret"] in each.text or "secret" in each.text]
    with runtime.database.read() as session:
        assert made["secret"] not in session.get_one(Endpoint, made["id"]).secret_box


def test_registering_is_logged_without_the_secret(
    client: TestClient, key_for: Authorised, made: dict[str, Any]
) -> None:
    assert logged(client, key_for, made["id"]) == [("webhook.create", WANTED)]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/hook",
        "http://169.254.169.254/",
        "ftp://shop.example/",
        "https://shop.example:22/",
        "x",
    ],
)
def test_a_url_that_leads_into_the_house_or_nowhere_is_refused(
    client: TestClient, market: Headers, url: str
) -> None:
    answer = client.post("/v1/webhooks", headers=market, json={**WANTED, "url": url})
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/url-not-allowed")
    assert client.get("/v1/webhooks", headers=market).json()["items"] == []


@pytest.mark.parametrize("events", [[], ["made"], ["Decision.Made"], ["decision.made"] * 51, ["*.made"]])
def test_events_that_cannot_be_are_refused(client: TestClient, market: Headers, events: list[str]) -> None:
    assert client.post("/v1/webhooks", headers=market, json={**WANTED, "events": events}).status_code == 422


@pytest.mark.parametrize("role", [Role.BRAND_OWNER, Role.AGENT, Role.INSPECTOR, Role.AUDITOR])
def test_only_marketplaces_and_administrators_have_webhooks(
    client: TestClient, key_for: Authorised, role: Role
) -> None:
    headers = key_for(role)
    assert client.post("/v1/webhooks", headers=headers, json=WANTED).status_code == 403
    assert client.get("/v1/webhooks", headers=headers).status_code == 403


def test_webhooks_are_listed_page_by_page_and_the_last_page_says_so(
    client: TestClient, market: Headers
) -> None:
    made = [client.post("/v1/webhooks", headers=market, json=WANTED).json()["id"] for _ in range(4)]
    first = client.get("/v1/webhooks", headers=market, params={"limit": 2}).json()
    after = {"limit": 2, "after": first["next_after"]}
    second = client.get("/v1/webhooks", headers=market, params=after).json()
    assert [each["id"] for each in first["items"] + second["items"]] == made
    assert (first["next_after"], second["next_after"]) == (made[1], None)


def test_a_deleted_webhook_is_gone_with_all_that_waited_for_it(
    client: TestClient, key_for: Authorised, market: Headers, made: dict[str, Any], runtime: Runtime
) -> None:
    path = f"/v1/webhooks/{made['id']}"
    client.post(f"{path}/test", headers=market)
    assert client.delete(path, headers=market).status_code == 204
    assert client.get(path, headers=market).status_code == 404
    with runtime.database.read() as session:
        assert session.query(Delivery).count() == 0
    assert logged(client, key_for, made["id"])[-1] == ("webhook.delete", {})


def test_a_test_event_is_put_on_its_way_whatever_the_webhook_asked_for(
    client: TestClient, key_for: Authorised, market: Headers, made: dict[str, Any]
) -> None:
    answer = client.post(f"/v1/webhooks/{made['id']}/test", headers=market)
    sent = answer.json()
    assert (answer.status_code, sent["event"], sent["state"]) == (202, "webhook.test", "pending")
    listed = client.get(f"/v1/webhooks/{made['id']}/deliveries", headers=market).json()["items"]
    assert listed == [sent]
    assert logged(client, key_for, made["id"])[-1] == ("webhook.test", {"delivery_id": sent["id"]})


def test_deliveries_are_listed_by_state_and_page_by_page(
    client: TestClient, market: Headers, made: dict[str, Any], runtime: Runtime
) -> None:
    path = f"/v1/webhooks/{made['id']}"
    sent = [client.post(f"{path}/test", headers=market).json()["id"] for _ in range(3)]
    with runtime.database.write() as session:
        session.get_one(Delivery, sent[2]).state = DeliveryState.DEAD.value

    def listed(**query: Any) -> tuple[list[str], str | None]:
        page = client.get(f"{path}/deliveries", headers=market, params=query).json()
        return [each["id"] for each in page["items"]], page["next_after"]

    assert listed(limit=2) == (sent[:2], sent[1])
    assert listed(limit=2, after=sent[1]) == (sent[2:], None)
    assert listed(state="dead") == (sent[2:], None)


def test_a_delivery_is_sent_again_with_the_same_id_and_enables_its_webhook(
    client: TestClient, key_for: Authorised, market: Headers, made: dict[str, Any], runtime: Runtime
) -> None:
    path = f"/v1/webhooks/{made['id']}"
    sent = client.post(f"{path}/test", headers=market).json()
    with runtime.database.write() as session:
        delivery = session.get_one(Delivery, sent["id"])
        delivery.state, delivery.attempts = DeliveryState.DEAD.value, 20
        session.get_one(Endpoint, made["id"]).disabled_reason = "It was gone."
    answer = client.post(f"{path}/deliveries/{sent['id']}/redelivery", headers=market)
    again = answer.json()
    assert (answer.status_code, again["event_id"], again["event"]) == (202, sent["event_id"], "webhook.test")
    assert (again["state"], again["attempts"]) == ("pending", 0)
    assert client.get(path, headers=market).json()["disabled_reason"] is None
    assert logged(client, key_for, made["id"])[-1] == ("webhook.redeliver", {"delivery_id": sent["id"]})


@pytest.mark.parametrize(
    ("role", "organisation", "tenant"),
    [(Role.PLATFORM, "Other market", "house"), (Role.ADMIN, "Market", "elsewhere")],
)
def test_webhooks_of_others_are_not_there(
    client: TestClient,
    key_for: Authorised,
    market: Headers,
    made: dict[str, Any],
    role: Role,
    organisation: str,
    tenant: str,
) -> None:
    path = f"/v1/webhooks/{made['id']}"
    sent = client.post(f"{path}/test", headers=market).json()
    stranger = key_for(role, organisation, tenant=tenant)
    asked = [
        ("GET", path),
        ("POST", f"{path}/test"),
        ("GET", f"{path}/deliveries"),
        ("POST", f"{path}/deliveries/{sent['id']}/redelivery"),
        ("DELETE", path),
    ]
    assert {client.request(*each, headers=stranger).status_code for each in asked} == {404}
    assert client.get("/v1/webhooks", headers=stranger).json()["items"] == []
    assert client.get(f"{path}/deliveries", headers=market).json()["items"] == [sent]


def test_a_delivery_is_not_found_under_another_webhook(
    client: TestClient, market: Headers, made: dict[str, Any]
) -> None:
    sent = client.post(f"/v1/webhooks/{made['id']}/test", headers=market).json()
    other = client.post("/v1/webhooks", headers=market, json=WANTED).json()
    path = f"/v1/webhooks/{other['id']}/deliveries/{sent['id']}/redelivery"
    assert client.post(path, headers=market).status_code == 404


def test_an_administrators_webhook_hears_of_every_organisation(
    client: TestClient, key_for: Authorised, runtime: Runtime, made: dict[str, Any]
) -> None:
    admin, other = key_for(Role.ADMIN, "Operator"), key_for(Role.PLATFORM, "Other market")
    whole = client.post("/v1/webhooks", headers=admin, json=WANTED).json()["id"]
    client.post("/v1/webhooks", headers=other, json=WANTED)
    with runtime.database.write() as session:
        market = session.get_one(Endpoint, made["id"])
        service.publish(session, market.tenant_id, "decision.made", {}, market.organisation_id)
    with runtime.database.read() as session:
        assert {each.endpoint_id for each in session.query(Delivery)} == {whole, made["id"]}
