"""What arrives, and what becomes of what does not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from service.clock import now
from service.webhooks import courier as carrying
from service.webhooks import service
from service.webhooks.models import DeliveryState
from service.webhooks.outbox import Attempt
from service.webhooks.signing import verify_signature

from .conftest import Post, Receiver, wait

Receivers = Callable[..., Receiver]
Posts = Callable[..., Post]


def test_an_event_arrives_signed_with_the_secret_shown_at_registration(
    receivers: Receivers, post: Posts
) -> None:
    receiver = receivers()
    house = post(receiver)
    _, secret = house.endpoint(receiver, "listing.decided")
    courier = house.courier()
    house.publish()
    wait(lambda: [each.state for each in house.deliveries()] == [DeliveryState.DELIVERED])
    courier.close()
    ((headers, body),) = receiver.got
    assert verify_signature(secret, headers, body)
    document = json.loads(body)
    assert (document["event"], document["data"]) == ("listing.decided", {"id": "lst_1"})
    assert document["id"] == headers["Mizugiwa-Id"]


def test_only_who_asked_for_it_and_whom_it_concerns_is_told(receivers: Receivers, post: Posts) -> None:
    receiver = receivers()
    house = post(receiver)
    house.endpoint(receiver, "case.opened")
    house.publish("listing.decided")
    house.publish("case.opened", organisation_id="org_other")
    assert house.deliveries() == []
    house.publish("case.opened", organisation_id=house.principal.organisation_id)
    assert len(house.deliveries()) == 1


def test_a_failure_is_tried_again_with_the_same_id_and_body(
    receivers: Receivers, post: Posts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "retry_delay", lambda attempts: 0.05)
    receiver = receivers(status=500)
    house = post(receiver)
    house.endpoint(receiver)
    courier = house.courier()
    house.publish()
    wait(lambda: len(receiver.got) >= 3)
    receiver.status = 204
    wait(lambda: house.deliveries()[0].state == DeliveryState.DELIVERED)
    courier.close()
    assert len(set(receiver.ids)) == 1
    assert len({body for _, body in receiver.got}) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 400, 503])
def test_anything_but_success_is_a_failure_and_no_redirect_is_followed(
    receivers: Receivers, post: Posts, status: int
) -> None:
    receiver = receivers(status=status)
    house = post(receiver)
    endpoint_id, _ = house.endpoint(receiver)
    courier = house.courier()
    house.publish()
    wait(lambda: house.deliveries()[0].last_status == status)
    courier.close()
    (delivery,) = house.deliveries()
    assert (delivery.state, len(receiver.got)) == (DeliveryState.PENDING, 1)
    assert delivery.next_attempt_at > now()
    assert house.stored(endpoint_id).failures_in_a_row == 1


def test_gone_disables_the_endpoint_until_a_redelivery(receivers: Receivers, post: Posts) -> None:
    receiver = receivers(status=410)
    house = post(receiver)
    endpoint_id, _ = house.endpoint(receiver)
    courier = house.courier()
    house.publish()
    wait(lambda: house.stored(endpoint_id).disabled_reason is not None)
    house.publish()
    (delivery,) = house.deliveries()
    assert delivery.state == DeliveryState.DEAD
    receiver.status = 200
    with house.database.write() as session:
        service.redeliver(session, house.principal, endpoint_id, delivery.id)
    wait(lambda: house.deliveries()[0].state == DeliveryState.DELIVERED)
    courier.close()
    assert house.stored(endpoint_id).disabled_reason is None


def test_an_address_in_the_house_is_not_posted_to(receivers: Receivers, post: Posts) -> None:
    receiver = receivers()
    house = post()
    house.endpoint(receiver)
    courier = house.courier()
    house.publish()
    wait(lambda: house.deliveries()[0].last_error is not None)
    courier.close()
    assert receiver.got == []


def test_dead_endpoints_do_not_delay_a_living_one(
    receivers: Receivers, post: Posts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "TIMEOUT_SECONDS", 3.0)
    dead, living = [receivers(pause=30) for _ in range(3)], receivers()
    house = post(*dead, living)
    for receiver in dead:
        house.endpoint(receiver, "bulk.event")
    house.endpoint(living, "listing.decided")
    for _ in range(10):
        house.publish("bulk.event")
    courier = house.courier()
    wait(lambda: sum(len(receiver.got) for receiver in dead) >= 12)
    began = time.monotonic()
    house.publish()
    wait(lambda: len(living.got) == 1)
    assert time.monotonic() - began < 1.5
    courier.close()


def test_attempts_end_after_a_day() -> None:
    attempts, at = 1, now()
    began = at
    while True:
        attempt = Attempt("dlv", "whk", "", "", True, "evt", "", attempts, began)
        due = carrying._next_attempt(attempt, at)
        if due is None:
            break
        attempts, at = attempts + 1, due
    assert timedelta(hours=20) < at - began <= timedelta(hours=24)
    assert 15 < attempts < 40
