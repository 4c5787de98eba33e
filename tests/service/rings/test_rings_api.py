"""Who shares pictures of their own, over listings and parcels."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from service.security.principals import Role
from tests.service.listings.conftest import png, textured
from tests.service.parcels.conftest import SENDER, Customs, customs

__all__ = ["customs"]

Authorised = Callable[..., dict[str, str]]


def offer(customs: Customs, headers: dict[str, str], seller: str, *photos: int) -> None:
    for at, photo in enumerate(photos):
        listing = {"reference": f"{seller}-{at}", "seller": seller}
        answer = customs.client.post(
            "/v1/listings/checks",
            data={"listing": json.dumps(listing)},
            files={"pictures": ("a.png", png(textured(photo)))},
            headers=headers,
        )
        assert answer.status_code == 201, answer.text


def rings(customs: Customs) -> list[dict[str, Any]]:
    answer = customs.client.get("/v1/rings", headers=customs.officer)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["rings"]
    return found


def test_sellers_and_a_sender_with_the_same_own_pictures_are_a_ring(
    customs: Customs, key_for: Authorised
) -> None:
    market = key_for(Role.PLATFORM, "Market")
    offer(customs, market, "shop-a", 41, 42, 43)
    offer(customs, market, "shop-b", 41, 42, 43)
    offer(customs, market, "honest", 41, 50)
    customs.inspected(png(textured(41)), png(textured(42)), png(textured(43)), sender=SENDER)
    [ring] = rings(customs)
    assert sorted(each["kind"] for each in ring["members"]) == ["seller", "seller", "sender"]
    assert {each["id"] for each in ring["members"] if each["kind"] == "seller"} == {"shop-a", "shop-b"}
    assert all(len(each["shared"]) == 3 for each in ring["links"])
    assert "Oda Trading" not in json.dumps(ring)


def test_the_brands_own_picture_binds_nobody(customs: Customs, key_for: Authorised) -> None:
    market = key_for(Role.PLATFORM, "Market")
    for seller in ("shop-a", "shop-b", "shop-c"):
        offer(customs, market, seller, 1, 60)
    assert rings(customs) == []
