"""The outbox forgets what ended long ago, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from service.clock import now
from service.webhooks import courier as carrying
from service.webhooks.models import Delivery, DeliveryState, OutboxEvent

from .conftest import Post, Receiver, wait

Receivers = Callable[..., Receiver]
Posts = Callable[..., Post]


def held(house: Post) -> int:
    with house.database.read() as session:
        return session.query(OutboxEvent).count()


def delivered(house: Post, number: int) -> list[str]:
    """Ids of that many new deliveries that have arrived."""
    known = {each.id for each in house.deliveries()}
    for _ in range(number):
        house.publish()
    courier = house.courier()
    wait(lambda: all(each.state == DeliveryState.DELIVERED for each in house.deliveries()))
    courier.close()
    return [each.id for each in house.deliveries() if each.id not in known]


def aged(house: Post, ids: list[str], days: float, state: DeliveryState | None = None) -> None:
    with house.database.write() as session:
        for delivery_id in ids:
            delivery = session.get_one(Delivery, delivery_id)
            delivery.next_attempt_at = now() - timedelta(days=days)
            delivery.state = delivery.state if state is None else state.value


def tidied(house: Post) -> list[str]:
    """Ids of the deliveries that are left after a courier tidied up once."""
    carrying.Courier(house.database, house.settings)._tidy()
    return [each.id for each in house.deliveries()]


@pytest.fixture
def house(receivers: Receivers, post: Posts) -> Post:
    receiver = receivers()
    made = post(receiver)
    made.endpoint(receiver)
    return made


def test_what_arrived_thirty_days_ago_is_forgotten_with_its_event(house: Post) -> None:
    old, young = delivered(house, 3), delivered(house, 2)
    aged(house, old, 30.1)
    aged(house, young, 29.9)
    assert tidied(house) == young
    assert held(house) == 2


def test_what_was_given_up_is_forgotten_and_what_waits_never(house: Post) -> None:
    given_up, waiting = delivered(house, 2)
    aged(house, [given_up], 31, DeliveryState.DEAD)
    aged(house, [waiting], 31, DeliveryState.PENDING)
    assert tidied(house) == [waiting]


def test_an_event_stays_while_another_webhook_waits_for_it(house: Post, receivers: Receivers) -> None:
    house.endpoint(receivers(status=500))
    house.publish()
    first, second = (each.id for each in house.deliveries())
    aged(house, [first], 31, DeliveryState.DELIVERED)
    assert tidied(house) == [second]
    assert held(house) == 1
    aged(house, [second], 31, DeliveryState.DEAD)
    assert tidied(house) == []
    assert held(house) == 0


def test_the_time_is_a_setting(house: Post) -> None:
    ids = delivered(house, 1)
    aged(house, ids, 3)
    assert tidied(house) == ids
    house.settings = house.settings.model_copy(update={"webhook_retention_days": 2})
    assert tidied(house) == []


def test_a_long_past_is_forgotten_piece_by_piece(house: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "_FORGOTTEN_AT_ONCE", 2)
    aged(house, delivered(house, 5), 31)
    assert tidied(house) == []
    assert held(house) == 0


def test_a_courier_at_work_forgets_from_time_to_time(house: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "_TIDY_SECONDS", 0.2)
    courier = house.courier()
    house.publish()
    wait(lambda: [each.state for each in house.deliveries()] == [DeliveryState.DELIVERED])
    aged(house, [each.id for each in house.deliveries()], 31)
    wait(lambda: held(house) == 0)
    courier.close()
    assert house.deliveries() == []
