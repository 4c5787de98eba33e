"""An inspector's day, from photo to referral: on a phone in English with scripts, and in Japanese without any."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect

from model.encoders.base import RGB
from service.security.principals import Role
from tests.service.listings.conftest import png, textured

from .conftest import Open, Site

ITEM = "RR473124829JP"


@dataclass(frozen=True)
class Parcel:
    """Files on the officer's phone."""

    goods: Path
    dark: Path
    barcode: Path
    xray: Path


def enrolled(site: Site) -> None:
    """A brand with a recorded right, one product, its reference and an identification point."""
    with site.api(Role.BRAND_OWNER, "Ohashi") as api:
        brand = _made(api, "/v1/brands", name="Kumoru")
        product = _made(api, f"/v1/brands/{brand}/products", sku="K-1", name="Kumoru tea", category="tea")
        files = {"file": ("front.png", png(textured(1)), "image/png")}
        sent = api.post(f"/v1/products/{product}/references", files=files, data={"view": "front"})
        assert sent.status_code == 201, sent.text
        point = {"name": "Seam", "genuine": "double stitch", "counterfeit": "single stitch"}
        box = {"x0": 0.3, "y0": 0.3, "x1": 0.6, "y1": 0.6}
        _made(api, f"/v1/references/{sent.json()['id']}/identification-points", **point, **box)
        right = _made(api, f"/v1/brands/{brand}/rights", kind="trademark", number="INVENTED-1", office="JP")
        _made(api, f"/v1/rights/{right}/recordations", authority="JP", number="R-1", disclosure="secret")


@pytest.fixture(scope="module")
def house(site: Site) -> Site:
    enrolled(site)
    return site


@pytest.fixture
def parcel(tmp_path: Path) -> Parcel:
    return parcel_in(tmp_path)


def parcel_in(folder: Path) -> Parcel:
    altered = textured(1).copy()
    height, width = altered.shape[:2]
    altered[int(height * 0.4) : int(height * 0.5), int(width * 0.4) : int(width * 0.5)] = (200, 30, 60)
    code = zxingcpp.create_barcode(ITEM, zxingcpp.BarcodeFormat.Code128)
    bars = np.asarray(zxingcpp.write_barcode_to_image(code, scale=3))
    capture = cv2.cvtColor(textured(3), cv2.COLOR_RGB2GRAY) // 3 + 60
    pictures = {
        "goods": _jpeg(altered),
        "dark": png((textured(1) // 40).astype(np.uint8)),
        "barcode": _jpeg(cv2.cvtColor(np.pad(bars, 60, constant_values=255), cv2.COLOR_GRAY2RGB)),
        "xray": png(cv2.cvtColor(capture, cv2.COLOR_GRAY2RGB)),
    }
    paths = {name: folder / f"{name}.png" for name in pictures}
    for name, data in pictures.items():
        paths[name].write_bytes(data)
    return Parcel(**paths)


def test_from_photo_to_referral_on_a_phone(
    house: Site, open_as: Open, parcel: Parcel, violations: Callable[[Page], list[str]]
) -> None:
    page = open_as("phone", house.person(Role.INSPECTOR, "Customs", "phone"), phone=True)
    found = _take_in_with_scripts(page, parcel, violations)
    found += _look_and_answer(page, violations)
    found += _work_list(page, violations)
    found += _case_and_referral(page, violations)
    assert not found
    assert _width(page) <= 390


def test_from_photo_to_referral_in_japanese_without_scripts(
    house: Site, open_as: Open, parcel: Parcel
) -> None:
    password = house.person(Role.INSPECTOR, "Customs", "plain")
    page = open_as("plain", password, language="ja", scripts=False, phone=True)
    page.goto("/inspect")
    page.set_input_files("input[name=photos] >> nth=1", [parcel.goods, parcel.dark])
    page.set_input_files("input[name=xrays]", parcel.xray)
    page.set_input_files("#f-barcode", parcel.barcode)
    page.fill("#f-description", "お茶")
    page.click("button[value=photos]")
    assert page.locator(".taken").count() == 3
    assert "写真が暗すぎます" in page.inner_text(".taken.poor")
    assert page.input_value("#f-postal_item") == ITEM
    assert page.input_value("#f-description") == "お茶"
    page.check(".taken.poor input[name=drop]")
    page.click("button[value=advice]")
    assert "ブランド" in page.inner_text(".advice")
    assert page.locator(".compare .pane img").count() >= 2
    edges = page.request.get(str(page.get_attribute("a[href*='enhance=edge']", "href")))
    assert edges.headers["content-type"] == "image/png"
    page.check("input[name=answer][value=disagree]")
    page.click("form[data-checklist] button")
    assert page.locator("#f-reason[aria-invalid]").count() == 1
    page.check("input[name^=point-][value=differs]")
    page.fill("#f-reason", "縫い目が異なる")
    page.click("form[data-checklist] button")
    assert "縫い目が異なる" in page.inner_text("#answer blockquote")
    page.click("#case summary")
    page.fill("#f-why", "検査の結果による")
    page.click("#case button")
    assert re.search(r"/cases/cas_", page.url)
    page.click("button[name=language][value=ja]")
    page.fill("#f-reason", "職員の所見")
    page.click("main form .big, form > button.big")
    assert page.input_value("#f-reason") == "職員の所見"
    document = page.request.get(str(page.get_attribute(".bar a.primary", "href")))
    assert document.body().startswith(b"%PDF-")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_empty_pages_say_what_to_do_first(
    house: Site, open_as: Open, violations: Callable[[Page], list[str]], language: str
) -> None:
    login = f"first-{language}"
    page = open_as(login, house.person(Role.INSPECTOR, "Customs", login, tenant=login), language=language)
    found = []
    for path in ("/worklist", "/cases", "/inspect"):
        page.goto(path)
        found += violations(page)
        assert path == "/inspect" or page.locator(".empty a.button").count() == 1
    assert not found


def _take_in_with_scripts(page: Page, parcel: Parcel, violations: Callable[[Page], list[str]]) -> list[str]:
    page.goto("/inspect")
    assert _width(page) <= 390
    page.context.set_offline(True)
    page.set_input_files("input[name=photos] >> nth=0", [parcel.goods, parcel.dark])
    page.fill("#f-description", "tea, 2 tins")
    page.wait_for_selector(".status:has-text('No network')")
    page.context.set_offline(False)
    page.reload()
    assert page.input_value("#f-description") == "tea, 2 tins"
    page.wait_for_selector(".taken.poor:has-text('too dark')")
    page.set_input_files("input[name=xrays]", parcel.xray)
    page.set_input_files("#f-barcode", parcel.barcode)
    expect(page.locator("#f-postal_item")).to_have_value(ITEM)
    page.fill("#f-hs_code", "12")
    page.click("button.big")
    page.wait_for_selector("#f-hs_code[aria-invalid=true]")
    page.fill("#f-hs_code", "0902")
    page.click(".taken.poor .remove")
    found = violations(page)
    page.click("button.big")
    page.wait_for_url("**/inspections/*")
    page.goto("/inspect")
    assert page.locator(".taken").count() == 0
    assert page.input_value("#f-description") == ""
    page.go_back()
    return found


def _look_and_answer(page: Page, violations: Callable[[Page], list[str]]) -> list[str]:
    page.wait_for_selector(".compare.live")
    page.check("input[name=compare-mode][value=slider]")
    page.check("[data-layer=heat]")
    for layer in (".heat", ".laid"):
        expect(page.locator(layer)).not_to_have_js_property("naturalWidth", 0)
    page.click("[data-zoom=in]")
    assert (
        len(set(page.eval_on_selector_all(".content", "all => all.map(each => each.style.transform)"))) == 1
    )
    page.check("input[value=inverse]")
    assert page.get_attribute(".xray svg image", "filter") == "url(#xray-0-inverse)"
    found = violations(page)
    assert _width(page) <= 390
    page.check("input[name^=point-][value=differs]")
    page.check("input[name=answer][value=agree]")
    page.click("form[data-checklist] button")
    page.wait_for_selector("#answer blockquote")
    assert "Seam: differs" in page.inner_text("#answer blockquote")
    return found


def _work_list(page: Page, violations: Callable[[Page], list[str]]) -> list[str]:
    page.goto("/worklist")
    found = violations(page)
    page.click(".job a >> nth=0")
    page.wait_for_url("**/inspections/*")
    inspection = page.url
    page.click(".bar a:has-text('Parcel')")
    page.wait_for_url("**/parcels/*")
    page.click("button:has-text('I open the parcel now')")
    page.wait_for_selector(".badge:has-text('opened')")
    page.click("button:has-text('Read the names')")
    page.wait_for_selector("#parties:has-text('No names are kept')")
    found += violations(page)
    page.check("input[name=outcome][value=counterfeit]")
    page.click("button:has-text('Record the outcome')")
    page.wait_for_selector(".bar .badge.stop")
    page.goto(inspection)
    return found


def _case_and_referral(page: Page, violations: Callable[[Page], list[str]]) -> list[str]:
    page.click("#case summary")
    page.fill("#f-why", "Advice of the inspection")
    page.click("#case button")
    page.wait_for_url("**/cases/*")
    page.check("input[name=step][value=notified]")
    page.fill("form[action$='/steps'] #f-why", "Notice sent to both sides")
    page.click("button:has-text('Take the step')")
    page.wait_for_selector(".badge:has-text('both sides notified')")
    page.click("summary:has-text('Ask for an opinion by a link')")
    page.fill("#f-recipient", "Ohashi, legal")
    page.click("button:has-text('Make the link')")
    assert "/opinion#mzl_" in page.inner_text(".secret")
    found = violations(page)
    page.goto("/cases")
    found += violations(page)
    page.click(".job a")
    page.click("button:has-text('Draft in English')")
    page.wait_for_selector("#f-reason")
    page.fill("#f-reason", "The seam is single-stitched.")
    page.click("button:has-text('Save as the next version')")
    page.wait_for_selector("h1:has-text('version 2')")
    assert page.input_value("#f-reason") == "The seam is single-stitched."
    return found + violations(page)


def _made(api: httpx.Client, path: str, **body: Any) -> str:
    answer = api.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _jpeg(pixels: RGB) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


def _width(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
