"""The coverage map: what is enrolled of a brand, and where its pictures tell too little."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.security.principals import Role
from tests.service.conftest import Authorised
from tests.service.references.test_references import photo

Headers = dict[str, str]


class Brand:
    """A brand whose owner enrols."""

    def __init__(self, client: TestClient, headers: Headers) -> None:
        self.client, self.headers = client, headers
        self.id = self._made("/v1/brands", {"name": "Ohashi"})

    def _made(self, path: str, body: dict[str, Any]) -> str:
        answer = self.client.post(path, json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    def product(self, sku: str) -> str:
        return self._made(f"/v1/brands/{self.id}/products", {"sku": sku, "name": f"Lens {sku}"})

    def reference(self, product: str, data: bytes, view: str = "front") -> str:
        answer = self.client.post(
            f"/v1/products/{product}/references",
            files={"file": ("x.png", data)},
            data={"view": view},
            headers=self.headers,
        )
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    def coverage(self, **query: Any) -> dict[str, Any]:
        answer = self.client.get(f"/v1/brands/{self.id}/coverage", params=query, headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def brand(client: TestClient, key_for: Authorised) -> Brand:
    return Brand(client, key_for(Role.BRAND_OWNER, "Ohashi"))


def test_gaps_close_as_a_product_is_enrolled(brand: Brand) -> None:
    product = brand.product("A-1")

    def gaps() -> list[str]:
        found: list[str] = brand.coverage()["items"][0]["gaps"]
        return found

    assert gaps() == ["no_references", "no_points", "no_price_band"]
    first = brand.reference(product, photo(1))
    assert gaps() == ["one_reference", "no_points", "no_price_band"]
    brand.reference(product, photo(2))
    assert gaps() == ["one_view", "no_points", "no_price_band"]
    brand.reference(product, photo(3), view="label")
    brand._made(
        f"/v1/references/{first}/identification-points", {"name": "seal", "x0": 0, "y0": 0, "x1": 1, "y1": 1}
    )
    band = {"currency": "JPY", "low": "1", "median": "2", "high": "3"}
    brand._made(f"/v1/products/{product}/price-bands", band)
    assert gaps() == []
    (item,) = brand.coverage()["items"]
    assert (item["references"], item["views"], item["points"]) == (3, {"front": 2, "label": 1}, 1)


def test_a_product_of_blurred_photos_alone_is_told_of(brand: Brand) -> None:
    brand.reference(brand.product("A-1"), photo(1, blur=6))
    (item,) = brand.coverage()["items"]
    assert item["poor"] == 1
    assert "poor_photos" in item["gaps"]


def test_products_of_the_same_looks_name_each_other(brand: Brand) -> None:
    first, second, other = (brand.product(sku) for sku in ("A-1", "A-2", "A-3"))
    mine = brand.reference(first, photo(1))
    twin = brand.reference(second, photo(1))
    brand.reference(other, photo(99))
    one, two, three = brand.coverage()["items"]
    assert one["siblings"] == [
        {"product_id": second, "name": "Lens A-2", "reference_id": mine, "sibling_reference_id": twin}
    ]
    assert two["siblings"][0]["product_id"] == first
    assert "alike" in one["gaps"]
    assert three["siblings"] == []


def test_totals_are_of_the_whole_brand_on_every_page(brand: Brand) -> None:
    for number, photos in enumerate((0, 1, 2)):
        product = brand.product(f"A-{number}")
        for each in range(photos):
            brand.reference(product, photo(10 * number + each))
    first = brand.coverage(limit=2)
    second = brand.coverage(limit=2, after=first["next_after"])
    assert first["totals"] == second["totals"]
    assert first["totals"] == {
        "products": 3,
        "without_references": 1,
        "with_one_reference": 1,
        "without_points": 3,
        "without_price_band": 3,
    }
    assert [len(each["items"]) for each in (first, second)] == [2, 1]


def test_another_owner_learns_nothing(brand: Brand, client: TestClient, key_for: Authorised) -> None:
    stranger = key_for(Role.BRAND_OWNER, "Ishii")
    assert client.get(f"/v1/brands/{brand.id}/coverage", headers=stranger).status_code == 404
    assert client.get(f"/v1/control/brands/{brand.id}", headers=stranger).status_code == 404


def test_an_owner_reads_how_its_brand_stands_with_the_auto_block_right(
    brand: Brand, client: TestClient
) -> None:
    found = client.get(f"/v1/control/brands/{brand.id}", headers=brand.headers)
    assert found.status_code == 200, found.text
    assert found.json()["verdict"] == "waits"
    assert found.json()["auto_block"] is False
    assert found.json()["missing"] > 0
