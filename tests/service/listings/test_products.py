"""Which product a picture shows, through the whole check."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from model.copies.verification import NO_COPY
from service.security.principals import Role
from tests.service.listings.conftest import House, png, textured
from tests.service.listings.test_checks import jpeg, record

Headers = dict[str, str]
KeyFor = Callable[..., Headers]


def enrolled(house: House, sku: str, picture: bytes) -> str:
    """A further product of the brand, by its one picture."""
    product = house.client.post(
        f"/v1/brands/{house.brand_id}/products", json={"sku": sku, "name": sku}, headers=house.owner
    ).json()["id"]
    sent = house.client.post(
        f"/v1/products/{product}/references", files={"file": ("a.png", picture)}, headers=house.owner
    )
    assert sent.status_code == 201, sent.text
    return str(product)


def test_the_product_is_told_with_its_place(house: House, key_for: KeyFor) -> None:
    enrolled(house, "K-2", png(textured(1, detail=5)))
    found = record(house, key_for, house.check([jpeg(textured(1), 60)]).json()["id"])
    (shown,) = found["shown"]
    assert (shown["verdict"], shown["product_id"]) == ("product", house.product_id)
    assert shown["probability"] > 0.9
    assert np.ptp(np.array(shown["query_region"]), axis=0).min() > 0.8


def test_candidates_stand_in_the_order_of_the_closer_look(
    house: House, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.closeups.service.verify", lambda query, reference: NO_COPY)
    enrolled(house, "K-2", png(textured(1, detail=5)))
    found = record(house, key_for, house.check([jpeg(textured(1, detail=5), 60)]).json()["id"])
    first, second = found["candidates"]
    assert first["probability"] > second["probability"]
    assert second["product_id"] == house.product_id


def test_a_verified_copy_tells_the_product_and_needs_no_other_look(
    house: House, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr("service.listings.question.rank", lambda *given: asked.append(given))
    mirrored = png(textured(1)[:, ::-1].copy())
    found = record(house, key_for, house.check([mirrored]).json()["id"])
    assert [(each["verdict"], each["product_id"]) for each in found["shown"]] == [
        ("product", house.product_id)
    ]
    assert asked == []


def test_an_inspector_is_told_the_product_and_no_number(house: House, key_for: KeyFor) -> None:
    decided = house.check([jpeg(textured(1), 60)]).json()
    view = house.client.get(f"/v1/decisions/{decided['id']}", headers=key_for(Role.INSPECTOR)).json()
    (shown,) = view["shown"]
    assert (shown["verdict"], shown["band"], shown["product_id"]) == ("product", "strong", house.product_id)
    assert shown["picture_region"]
    assert "probability" not in str(view)


def test_nobody_looks_closely_at_a_picture_that_resembles_nothing(house: House, key_for: KeyFor) -> None:
    found = record(house, key_for, house.check([png(textured(99))]).json()["id"])
    assert found["shown"] == []
    assert found["candidates"][0]["probability"] is None


def test_a_decision_says_with_what_products_were_ranked(house: House, key_for: KeyFor) -> None:
    assert record(house, key_for, house.check([house.photo]).json()["id"])["versions"]["products"]
