"""Products and exact price bands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from service.products.service import price_bands_for
from service.security.models import Organisation
from service.security.principals import Role

BAND = {"currency": "jpy", "low": "9000", "median": "10000.10", "high": "12345678901.123456"}


@pytest.fixture
def owner(key_for):
    return key_for(Role.BRAND_OWNER, "Ohashi")


@pytest.fixture
def product(client, owner):
    brand = client.post("/v1/brands", json={"name": "Ohashi"}, headers=owner).json()
    new = {"sku": "A-1", "name": "Lens", "category": "  Ｏptics "}
    return client.post(f"/v1/brands/{brand['id']}/products", json=new, headers=owner).json()


def test_a_category_is_kept_in_the_form_in_which_it_is_compared(product):
    assert product["category"] == "optics"


def test_a_sku_is_taken_once_in_a_brand(client, owner, product):
    answer = client.post(
        f"/v1/brands/{product['brand_id']}/products", json={"sku": "A-1", "name": "x"}, headers=owner
    )
    assert (answer.status_code, answer.json()["product_id"]) == (409, product["id"])


def test_a_change_leaves_the_rest(client, owner, product):
    changed = client.patch(f"/v1/products/{product['id']}", json={"barcode": "4901234567894"}, headers=owner)
    assert changed.json() == {**product, "barcode": "4901234567894"}


def test_amounts_stay_exact(client, runtime, owner, product):
    made = client.post(f"/v1/products/{product['id']}/price-bands", json=BAND, headers=owner)
    assert made.status_code == 201
    assert client.get(made.headers["Location"], headers=owner).json()["high"] == "12345678901.123456"
    with runtime.database.read() as session:
        tenant_id = session.query(Organisation).filter_by(name="Ohashi").one().tenant_id
        (band,) = price_bands_for(session, tenant_id, [product["id"]], "JPY")
        assert price_bands_for(session, tenant_id, [product["id"]], "EUR") == []
        assert price_bands_for(session, "ten_absent", [product["id"]], "JPY") == []
    assert (band.median, band.high) == (Decimal("10000.10"), Decimal("12345678901.123456"))


@pytest.mark.parametrize(
    "change",
    [
        {"currency": "XYZ"}, {"currency": "DEM"}, {"low": "0"}, {"low": "-1"}, {"median": "8"}, {"high": "NaN"},
        {"territory": "ZZ"}, {"valid_from": "2026-02-02", "valid_until": "2026-02-01"},
    ],
)  # fmt: skip
def test_what_is_no_price_band_is_refused(client, owner, product, change):
    answer = client.post(f"/v1/products/{product['id']}/price-bands", json=BAND | change, headers=owner)
    assert answer.status_code == 422


def test_a_band_holds_on_its_last_day_and_in_its_territory():
    from service.products.prices import PriceFacts

    one = Decimal(1)
    band = PriceFacts("p", "JPY", one, one, one, "JP", date(2026, 1, 1), date(2026, 1, 31))
    assert band.covers("JP", date(2026, 1, 31))
    assert not band.covers("JP", date(2026, 2, 1))
    assert not band.covers("US", date(2026, 1, 31))


def test_another_owner_sees_neither(client, key_for, owner, product):
    made = client.post(f"/v1/products/{product['id']}/price-bands", json=BAND, headers=owner)
    stranger = key_for(Role.BRAND_OWNER, "Stranger")
    for address in (
        f"/v1/products/{product['id']}",
        f"/v1/products/{product['id']}/price-bands",
        made.headers["Location"],
        f"/v1/brands/{product['brand_id']}/products",
    ):
        assert client.get(address, headers=stranger).status_code == 404
