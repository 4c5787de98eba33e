"""A brand owner's pages: what was typed is kept or told, and nobody else sees any of it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from service.clock import now
from service.security.principals import Role
from tests.service.conftest import Authorised
from tests.service.references.test_references import photo

from .conftest import Browser, SignedIn

Headers = dict[str, str]


class Owner:
    """A brand owner who is signed in, and has a key as well."""

    def __init__(self, browser: Browser, client: TestClient, headers: Headers) -> None:
        self.browser, self.client, self.headers = browser, client, headers

    def made(self, path: str, body: dict[str, Any]) -> str:
        answer = self.client.post(path, json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    def sent(self, path: str, data: bytes, field: str = "file", **form: str) -> str:
        answer = self.client.post(path, files={field: ("x.png", data)}, data=form, headers=self.headers)
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    def brand(self, name: str = "Kumoru") -> str:
        return self.made("/v1/brands", {"name": name, "spellings": ["クモル"]})

    def product(self, brand: str, sku: str = "A-1") -> str:
        return self.made(f"/v1/brands/{brand}/products", {"sku": sku, "name": f"Bag {sku}"})

    def filled(self, form_on: str, to: str, **fields: str) -> httpx2.Response:
        """A form of that page, sent there."""
        assert self.browser.get(form_on).status_code == 200
        return self.browser.post(to, fields)


@pytest.fixture
def owner(signed_in: SignedIn, client: TestClient, key_for: Authorised) -> Owner:
    return Owner(signed_in(Role.BRAND_OWNER, "Ohashi"), client, key_for(Role.BRAND_OWNER, "Ohashi"))


@pytest.fixture
def everything(owner: Owner) -> dict[str, str]:
    """Addresses of one page of each kind, with something on each."""
    brand = owner.brand()
    right = owner.made(
        f"/v1/brands/{brand}/rights",
        {
            "kind": "trademark",
            "number": "6000001",
            "office": "JP",
            "expires_on": f"{now().date() + timedelta(30)}",
        },
    )
    recordation = owner.made(
        f"/v1/rights/{right}/recordations",
        {"authority": "JP-CUSTOMS", "number": "T-1", "valid_until": f"{now().date() - timedelta(1)}"},
    )
    product, twin = owner.product(brand), owner.product(brand, "A-2")
    band = owner.made(
        f"/v1/products/{product}/price-bands", {"currency": "JPY", "low": "1", "median": "2", "high": "3"}
    )
    seller = owner.made(f"/v1/brands/{brand}/authorised-sellers", {"seller": "kumoru-official"})
    reference = owner.sent(f"/v1/products/{product}/references", photo(1), view="front")
    owner.sent(f"/v1/products/{twin}/references", photo(1), view="front")
    point = {
        "name": "seal",
        "genuine": "round",
        "counterfeit": "oval",
        "x0": 0.1,
        "y0": 0.1,
        "x1": 0.4,
        "y1": 0.4,
    }
    owner.made(f"/v1/references/{reference}/identification-points", point)
    counterfeit = owner.sent(f"/v1/brands/{brand}/known-counterfeits", photo(7), case_reference="C-17")
    return {
        "brands": "/brands",
        "brand": f"/brands/{brand}",
        "rights": f"/brands/{brand}/rights",
        "right": f"/rights/{right}",
        "right, changed": f"/rights/{right}/change",
        "recordation": f"/recordations/{recordation}",
        "products": f"/brands/{brand}/products",
        "product": f"/products/{product}",
        "band": f"/price-bands/{band}",
        "reference": f"/references/{reference}",
        "sellers": f"/brands/{brand}/sellers",
        "seller": f"/sellers/{seller}",
        "marks": f"/brands/{brand}/marks",
        "counterfeits": f"/brands/{brand}/counterfeits",
        "counterfeit": f"/counterfeits/{counterfeit}",
        "coverage": f"/brands/{brand}/coverage",
    }


def test_pages_are_their_owners_alone(owner: Owner, everything: dict[str, str], signed_in: SignedIn) -> None:
    stranger, officer = signed_in(Role.BRAND_OWNER, "Ishii"), signed_in(Role.INSPECTOR, "Customs")
    for name, path in everything.items():
        mine = owner.browser.get(path)
        assert mine.status_code == 200, f"{name}: {mine.text[:2000]}"
        assert len(mine.content) < 150_000
        assert stranger.get(path).status_code == (200 if name == "brands" else 404), name
        assert officer.get(path).status_code == 403, name
    assert "Kumoru" not in stranger.get("/brands").text


def test_what_ends_soon_stands_out(owner: Owner, everything: dict[str, str]) -> None:
    assert "2 rights end soon or have ended" in owner.browser.get("/brands").text
    overview = owner.browser.get(everything["brand"]).text
    assert "Ends soon" in overview
    assert "Ended" in overview


def test_brands_are_registered_changed_and_removed(owner: Owner) -> None:
    made = owner.filled("/brands", "/brands", name="Kumoru", spellings="クモル\r\nKUMORU")
    assert made.status_code == 303
    path = made.headers["location"].partition("?")[0]
    assert "クモル" in owner.browser.get(path).text
    assert owner.filled(path, path, name="Kumoru Bags").status_code == 303
    assert "Kumoru Bags" in owner.browser.get(path).text
    assert owner.filled(path, f"{path}/removal").status_code == 303
    assert owner.browser.get(path).status_code == 404


def test_what_is_refused_stays_in_its_form(owner: Owner) -> None:
    brand = owner.brand()
    same = owner.filled("/brands", "/brands", name="Kumoru")
    assert same.status_code == 409
    assert 'value="Kumoru"' in same.text
    rights = f"/brands/{brand}/rights"
    dates = {"registered_on": "2026-02-01", "expires_on": "2026-01-01"}
    wrong = owner.filled(rights, rights, kind="design", office="JP", number="123", **dates)
    assert wrong.status_code == 422
    assert "The last day lies before the first one." in wrong.text
    assert 'value="123"' in wrong.text


def test_rights_and_recordations_are_kept(owner: Owner) -> None:
    rights = f"/brands/{owner.brand()}/rights"
    made = owner.filled(rights, rights, kind="trademark", office="jp", number="6000001", classes="18, 25")
    path = made.headers["location"].partition("?")[0]
    assert "18, 25" in owner.browser.get(path).text
    added = owner.filled(
        path, f"{path}/recordations", authority="JP-CUSTOMS", number="T-1", disclosure="public"
    )
    assert added.status_code == 303
    shown = owner.browser.get(path).text
    recordation = re.search(r"/recordations/(\w+)", shown)
    assert recordation is not None
    changed = {"authority": "JP-CUSTOMS", "number": "T-2", "disclosure": "secret"}
    assert owner.filled(recordation[0], recordation[0], **changed).status_code == 303
    assert owner.filled(path, f"{recordation[0]}/removal").status_code == 303
    assert "T-2" not in owner.browser.get(path).text
    assert owner.filled(path, f"{path}/removal").status_code == 303
    assert owner.browser.get(path).status_code == 404


def test_products_prices_and_sellers_are_kept(owner: Owner) -> None:
    brand = owner.brand()
    products = f"/brands/{brand}/products"
    path = owner.filled(products, products, sku="A-1", name="Bag").headers["location"].partition("?")[0]
    prices = {"currency": "JPY", "low": "30000", "median": "20000", "high": "10000"}
    wrong = owner.filled(path, f"{path}/price-bands", **prices)
    assert wrong.status_code == 422
    assert "must rise in this order" in wrong.text
    right = owner.filled(path, f"{path}/price-bands", **(prices | {"low": "10000", "high": "30000"}))
    assert right.status_code == 303
    assert "¥20,000" in owner.browser.get(path).text
    sellers = f"/brands/{brand}/sellers"
    assert owner.filled(sellers, sellers, seller="Kumoru Official", territory="XX").status_code == 422
    assert owner.filled(sellers, sellers, seller="Kumoru Official", territory="jp").status_code == 303
    assert "kumoru official" in owner.browser.get(sellers).text


def test_photos_come_together_and_each_refusal_is_told(owner: Owner) -> None:
    path = f"/products/{owner.product(owner.brand())}"
    owner.browser.get(path)
    sent = [("files", (f"{seed}.png", photo(seed), "image/png")) for seed in (1, 2)]
    wrong = [
        ("files", ("notes.txt", b"not a picture", "text/plain")),
        ("files", ("1.png", photo(1), "image/png")),
    ]
    told = owner.browser.post(f"{path}/references", {"view": "front"}, files=sent + wrong)
    assert told.status_code == 422
    assert "2 photos were enrolled." in told.text
    assert "notes.txt" in told.text
    owner.browser.get(path)
    good = owner.browser.post(
        f"{path}/references", {"view": "back"}, files=[("files", ("3.png", photo(3), "image/png"))]
    )
    assert good.status_code == 303
    owner.browser.get(path)
    assert owner.browser.post(f"{path}/references", {"view": "back"}).status_code == 422


def test_points_are_drawn_by_numbers(owner: Owner, everything: dict[str, str]) -> None:
    path = everything["reference"]
    point = {"name": "zip", "x0": "10", "y0": "20", "x1": "30.5", "y1": "40"}
    assert owner.filled(path, f"{path}/points", **point).status_code == 303
    shown = owner.browser.get(path).text
    assert "<h3>zip</h3>" in shown
    narrow = owner.filled(path, f"{path}/points", **(point | {"x1": "10"}))
    assert narrow.status_code == 422
    assert "by one percent at least" in narrow.text
    assert 'value="20"' in narrow.text
    listed = owner.client.get(f"/v1{path}/identification-points", headers=owner.headers).json()
    assert listed[1]["x1"] == 0.305
    removal = f"{path}/points/{listed[1]['id']}/removal"
    assert owner.filled(path, removal).status_code == 303
    assert "<h3>zip</h3>" not in owner.browser.get(path).text


def test_known_counterfeits_are_added_changed_and_removed(owner: Owner) -> None:
    path = f"/brands/{owner.brand()}/counterfeits"
    owner.browser.get(path)
    files = [("files", (f"{seed}.png", photo(seed), "image/png")) for seed in (8, 9)]
    assert owner.browser.post(path, {"case_reference": "C-1"}, files=files).status_code == 303
    shown = re.findall(r'href="(/counterfeits/\w+)"', owner.browser.get(path).text)
    assert len(shown) == 2
    assert owner.filled(shown[0], shown[0], case_reference="C-2", note="seen").status_code == 303
    assert owner.filled(shown[0], f"{shown[0]}/removal").status_code == 303
    assert len(re.findall(r'href="(/counterfeits/\w+)"', owner.browser.get(path).text)) == 1


def test_the_coverage_map_tells_where_it_cannot_tell(owner: Owner, everything: dict[str, str]) -> None:
    whole = owner.browser.get("/coverage")
    assert whole.headers["location"] == everything["coverage"]
    shown = owner.browser.get(everything["coverage"]).text
    assert "Looks like another product" in shown
    assert "One photo only" in shown


def test_tables_are_enrolled_by_a_job_that_tells_its_errors(owner: Owner, client: TestClient) -> None:
    owner.browser.get("/enrolments")
    tables = [
        ("files", ("brands.csv", b"name\nKumoru\n", "text/csv")),
        ("files", ("products.csv", b"brand,sku,name\nKumoru,A-1,Bag\nNobody,A-2,Bag\n", "text/csv")),
    ]
    begun = owner.browser.post("/enrolments", {}, files=tables)
    assert begun.status_code == 303, begun.text
    path = begun.headers["location"].partition("?")[0]
    for _ in range(200):
        told = owner.client.get(f"/v1/jobs/{path.rsplit('/', 1)[1]}", headers=owner.headers).json()
        if told["state"] == "done":
            break
    shown = owner.browser.get(path).text
    assert "products.csv line 3" in shown
    assert "One row could not be used" in shown
    assert path in owner.browser.get("/enrolments").text


def test_what_is_no_zip_is_refused_at_once(owner: Owner) -> None:
    owner.browser.get("/enrolments")
    refused = owner.browser.post(
        "/enrolments", {}, files=[("files", ("kit.zip", b"no zip", "application/zip"))]
    )
    assert refused.status_code in {415, 422}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("brands.csv", "name\nKumoru\n")
    owner.browser.get("/enrolments")
    good = [("files", ("kit.zip", packed.getvalue(), "application/zip"))]
    assert owner.browser.post("/enrolments", {"dry_run": "yes"}, files=good).status_code == 303


def test_an_agent_says_for_whom_a_brand_is(
    signed_in: SignedIn, client: TestClient, key_for: Authorised
) -> None:
    agent = signed_in(Role.AGENT, "Agency")
    admin = key_for(Role.ADMIN, "Operator")
    names = client.get("/v1/organisations", headers=admin).json()["items"]
    agency = next(each["id"] for each in names if each["name"] == "Agency")
    key_for(Role.BRAND_OWNER, "Ohashi")
    names = client.get("/v1/organisations", headers=admin).json()["items"]
    ohashi = next(each["id"] for each in names if each["name"] == "Ohashi")
    client.post(
        "/v1/mandates", json={"agent_id": agency, "owner_id": ohashi}, headers=admin
    ).raise_for_status()
    assert "Ohashi" in agent.get("/brands").text
    made = agent.post("/brands", {"name": "Kumoru", "owner_id": ohashi})
    assert made.status_code == 303, made.text


def test_only_right_holders_have_opinions_to_give(owner: Owner, signed_in: SignedIn) -> None:
    assert "Nothing waits for your opinion." in owner.browser.get("/opinions").text
    assert signed_in(Role.ADMIN, "Operator").get("/opinions").status_code == 403
