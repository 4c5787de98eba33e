"""Who hears of what followed from a measurement."""

from __future__ import annotations

from service.security.principals import Role
from service.verdicts.models import VerdictOutcome

from .conftest import Headers, House


def deliveries(house: House, headers: Headers) -> list[str]:
    hook = house.client.post(
        "/v1/webhooks", json={"url": "https://hooks.example.com/", "events": ["*"]}, headers=headers
    ).json()["id"]
    house.judged(29, VerdictOutcome.COUNTERFEIT)
    house.look()
    found = house.client.get(f"/v1/webhooks/{hook}/deliveries", headers=headers).json()["items"]
    return [each["event"] for each in found]


def test_administrators_are_told(house: House) -> None:
    assert {"control.right_earned", "control.calibrated"} <= set(deliveries(house, house.admin))


def test_the_marketplace_is_not(house: House) -> None:
    assert deliveries(house, house.key_for(Role.PLATFORM, "Market")) == []
