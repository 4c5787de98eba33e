"""A courier that is killed at random moments, again and again, delivers every event at least once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from service.webhooks.models import Delivery, DeliveryState
from tests.service.jobs.killing import template

from .conftest import Post, Receiver, wait

KILLS = 10
EVENTS = 120
_SCRIPT = Path(__file__).with_name("sending.py")


@pytest.mark.long
@pytest.mark.timeout(120)
def test_every_event_arrives_though_the_courier_is_killed_ten_times_mid_delivery(
    receivers: Callable[..., Receiver], post: Callable[..., Post], tmp_path: Path
) -> None:
    receiver = receivers(pause=0.1)
    house = post(receiver)
    house.endpoint(receiver)
    for _ in range(EVENTS):
        house.publish()
    dice = random.Random(21)
    with template(_SCRIPT, str(tmp_path), house.settings.database_url, receiver.address) as couriers:
        for kill in range(KILLS):
            with couriers.worker():
                if kill % 2:
                    _wait_for_another(receiver)
                time.sleep(dice.uniform(0.0, 0.15))
        cut_off_at = _delivered(house)
        with couriers.worker():
            wait(lambda: _delivered(house) == EVENTS, 60)
    assert cut_off_at < EVENTS, "the kills came after the work; they prove nothing"
    assert set(receiver.ids) == {each.event_id for each in house.deliveries()}
    assert len(receiver.ids) > EVENTS, "no kill hit a delivery on its way; they prove nothing"
    assert max(Counter(receiver.ids).values()) <= KILLS + 1


def _wait_for_another(receiver: Receiver) -> None:
    """So that half of the kills hit deliveries on their way, however slow the machine; the others hit anything."""
    before = len(receiver.got)
    wait(lambda: len(receiver.got) > before)


def _delivered(house: Post) -> int:
    delivered = select(func.count()).where(Delivery.state == DeliveryState.DELIVERED.value)
    with house.database.read() as session:
        return session.scalar(delivered.select_from(Delivery)) or 0
