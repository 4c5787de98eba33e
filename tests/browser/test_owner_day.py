"""A brand owner's whole day, in a real browser: from photos in bulk to an opinion on detained goods."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from service.security.principals import Role
from tests.service.references.test_references import photo

from .conftest import Open, Site

Violations = Callable[[Page], list[str]]


def ok(answer: httpx.Response) -> str:
    assert answer.is_success, answer.text
    found: str = answer.json()["id"]
    return found


@dataclass(frozen=True)
class Asked:
    """A brand of somebody's, and goods that an authority asks its opinion on."""

    organisation: str
    brand: str
    link: str


def ask(site: Site, organisation: str, seed: int) -> Asked:
    """Goods that look like a known counterfeit of the organisation's brand are detained."""
    known = photo(seed)
    with site.api(Role.BRAND_OWNER, organisation) as owner:
        brand = ok(owner.post("/v1/brands", json={"name": f"Kumoru {organisation}"}))
        path = f"/v1/brands/{brand}/known-counterfeits"
        ok(owner.post(path, data={"case_reference": "C-17"}, files={"file": ("a.png", known)}))
    listing = {"listing": json.dumps({"reference": organisation, "seller": "shop", "title": "bag"})}
    with site.api(Role.PLATFORM, "Market") as market:
        decision = ok(market.post("/v1/listings/checks", data=listing, files={"pictures": ("a.png", known)}))
    case = {
        "subject": {"kind": "decision", "id": decision},
        "profile": "eu-608-2013",
        "country": "DE",
        "brand_id": brand,
        "why": "the seams",
        "goods": {"article": "Tote bag", "quantity": "12"},
    }
    with site.api(Role.INSPECTOR, "Customs") as officer:
        case_id = ok(officer.post("/v1/cases", json=case))
        step = {"step": "notified", "why": "both sides were told"}
        assert officer.post(f"/v1/cases/{case_id}/steps", json=step).is_success
        link = ok(officer.post(f"/v1/cases/{case_id}/opinion-links", json={"recipient": organisation}))
    return Asked(organisation, brand, link)


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    """Eight photos and one file that is none."""
    made = []
    for number in range(8):
        path = tmp_path / f"side-{number}.png"
        path.write_bytes(photo(100 + number))
        made.append(path)
    (tmp_path / "notes.png").write_bytes(b"not a picture")
    return [*made, tmp_path / "notes.png"]


def test_a_day_in_english_with_scripts(
    site: Site, open_as: Open, violations: Violations, photos: list[Path]
) -> None:
    asked = ask(site, "Ohashi", 7)
    page = open_as("ohashi", site.person(Role.BRAND_OWNER, "Ohashi", "ohashi"))
    page.goto(f"/brands/{asked.brand}/products")
    page.fill("#f-sku", "KU-1")
    page.fill("#f-name", "Tote bag")
    page.click("section:has(#new) button.primary")
    page.wait_for_url("**/products/prd_*")
    product = page.url.partition("?")[0]

    _send_with_a_broken_line(page, photos)
    expect(page.locator("#told")).to_have_text("8 of 9 photos", timeout=60_000)
    expect(page.locator("#files .state.stop")).to_contain_text("A picture was refused")
    expect(page.locator("#enrolled li")).to_have_count(8)
    assert violations(page) == []

    _send_and_leave(page, product, photos[0])

    page.click("#enrolled li:first-child a")
    _draw_by_mouse_and_keys(page)
    assert violations(page) == []

    page.goto(f"/brands/{asked.brand}/coverage")
    expect(page.locator("table.map")).to_contain_text("Tote bag")
    assert violations(page) == []

    page.goto("/opinions")
    assert violations(page) == []
    page.click("text=Look and answer")
    shown = page.locator("ul.pictures img").first
    assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
    page.check("input[value=counterfeit]")
    page.fill("[name=point_name] >> nth=0", "seam")
    page.click("#more")
    page.locator("[name=point_name]").last.fill("zip")
    page.fill("#f-reason", "The seams are glued.")
    page.set_input_files("#f-files", photos[0])
    assert violations(page) == []
    page.click("text=Send the opinion")
    expect(page.locator("#notice")).to_have_text("Sent.")
    expect(page.locator("ul.rows")).to_contain_text("Counterfeit")
    with site.api(Role.ADMIN, "Operator") as admin:
        link = admin.get(f"/v1/opinion-links/{asked.link}").json()
        (given,) = admin.get(f"/v1/cases/{link['case_id']}/opinions").json()
    assert [each["name"] for each in given["points"]] == ["seam", "zip"]
    assert len(given["evidence"]) == 1


def _send_with_a_broken_line(page: Page, photos: list[Path]) -> None:
    """The line breaks at the first photo, and once the server is too busy; nothing has to be chosen again."""
    broken = iter(range(2))

    def breaking(route: Route) -> None:
        match next(broken, None):
            case 0:
                route.abort("connectionreset")
            case 1:
                route.fulfill(status=503, headers={"Retry-After": "0"}, body="{}")
            case _:
                route.continue_()

    page.route("**/v1/products/*/references", breaking)
    page.fill("#f-view", "front")
    page.set_input_files("#f-files", photos)
    page.click("text=Enrol the photos")


def _send_and_leave(page: Page, product: str, sent_before: Path) -> None:
    """A page that is closed while there is no connection offers to go on when it is opened again."""
    page.unroute_all()
    page.wait_for_selector("#upload[data-finished=yes]")
    page.context.set_offline(True)
    dropped = page.evaluate_handle(
        """() => { const held = new DataTransfer();
                   held.items.add(new File([new Uint8Array([1])], 'later.png', {type: 'image/png'}));
                   return held; }"""
    )
    page.dispatch_event("#upload", "drop", {"dataTransfer": dropped})
    expect(page.locator("#files li", has_text="later.png")).to_contain_text("waits")
    page.context.set_offline(False)
    expect(page.locator("#files li", has_text="later.png")).to_contain_text("not enrolled")
    page.route("**/v1/products/*/references", lambda route: route.abort("connectionreset"))
    page.set_input_files("#f-files", sent_before)
    page.fill("#f-view", "again")
    page.click("text=Enrol the photos")
    expect(page.locator("#files li").last).to_contain_text("tried again")
    page.unroute_all()
    page.goto(product)
    page.click("#resume")
    expect(page.locator("#files li")).to_contain_text("was there already")


def _draw_by_mouse_and_keys(page: Page) -> None:
    box = page.locator("#canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.6, steps=4)
    page.mouse.up()
    assert abs(float(page.input_value("#f-x0")) - 20) < 1
    assert abs(float(page.input_value("#f-y1")) - 60) < 1
    before = float(page.input_value("#f-x1"))
    page.focus("#canvas")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowRight")
    assert abs(float(page.input_value("#f-x1")) - before - 2) < 0.2
    page.fill("#f-name", "Seam")
    page.click("text=Save the point")
    expect(page.locator("rect.point")).to_have_count(1)


def test_a_day_in_japanese_without_scripts(site: Site, open_as: Open, photos: list[Path]) -> None:
    asked = ask(site, "Ishii", 8)
    login = site.person(Role.BRAND_OWNER, "Ishii", "ishii")
    page = open_as("ishii", login, language="ja", scripts=False, phone=True)
    page.goto(f"/brands/{asked.brand}/rights")
    page.fill("#f-office", "JP")
    page.fill("#f-number", "6000001")
    page.click("section:has(#new) button.primary")
    assert "保存しました。" in page.inner_text("#notice")
    page.goto(f"/brands/{asked.brand}/products")
    page.fill("#f-sku", "KU-1")
    page.fill("#f-name", "トート")
    page.click("section:has(#new) button.primary")

    page.fill("#f-view", "正面")
    page.set_input_files("#f-files", [*photos[:3], photos[-1]])
    page.click("text=写真を登録")
    assert page.inner_text("h1") == "登録の結果"
    assert "notes.png" in page.inner_text("table")
    page.click("text=商品に戻る")
    assert page.locator("#enrolled li").count() == 3

    page.click("#enrolled li:first-child a")
    page.fill("#f-name", "縫い目")
    for side, percent in {"x0": "10", "y0": "10", "x1": "30", "y1": "40"}.items():
        page.fill(f"#f-{side}", percent)
    page.click("text=ポイントを保存")
    assert "縫い目" in page.inner_text("ol.pointlist")

    page.goto("/opinions")
    page.click("text=確認して回答")
    page.fill("[name=point_name] >> nth=0", "縫い目")
    page.fill("#f-reason", "接着されています。")
    page.check("input[value=cannot_tell]")
    page.click("text=意見を送信")
    assert "送信しました。" in page.inner_text("#notice")
    assert "判断できない" in page.inner_text("ul.rows")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_is_accessible_and_fits_a_phone(
    site: Site, open_as: Open, violations: Violations, language: str
) -> None:
    organisation = f"Accessible-{language}"
    asked = ask(site, organisation, 20 + len(language) + (language == "ja"))
    with site.api(Role.BRAND_OWNER, organisation) as owner:
        paths = _filled(owner, asked.brand)
    login = organisation.lower()
    page = open_as(login, site.person(Role.BRAND_OWNER, organisation, login), language=language, phone=True)
    found = []
    for path in [*paths, f"/opinions/{asked.link}"]:
        page.goto(path)
        found += violations(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert not found


def _filled(owner: httpx.Client, brand: str) -> list[str]:
    """Something on each page; their addresses."""
    expiring = {"kind": "trademark", "number": "1", "office": "JP", "expires_on": "2026-01-01"}
    right = ok(owner.post(f"/v1/brands/{brand}/rights", json=expiring))
    recordation = ok(owner.post(f"/v1/rights/{right}/recordations", json={"authority": "JP", "number": "1"}))
    product = ok(owner.post(f"/v1/brands/{brand}/products", json={"sku": "A-1", "name": "Bag"}))
    band = {"currency": "JPY", "low": "1", "median": "2", "high": "3"}
    band_id = ok(owner.post(f"/v1/products/{product}/price-bands", json=band))
    file = {"file": ("a.png", io.BytesIO(photo(300)))}
    reference = ok(owner.post(f"/v1/products/{product}/references", files=file, data={"view": "front"}))
    point = {"name": "seal", "x0": 0.1, "y0": 0.1, "x1": 0.4, "y1": 0.4}
    ok(owner.post(f"/v1/references/{reference}/identification-points", json=point))
    seller = ok(owner.post(f"/v1/brands/{brand}/authorised-sellers", json={"seller": "official"}))
    counterfeit = owner.get(f"/v1/brands/{brand}/known-counterfeits").json()["items"][0]["id"]
    inside = ("", "/rights", "/products", "/sellers", "/marks", "/counterfeits", "/coverage")
    return [
        "/brands",
        "/opinions",
        "/opinions?all=true",
        "/enrolments",
        *(f"/brands/{brand}{each}" for each in inside),
        f"/rights/{right}",
        f"/rights/{right}/change",
        f"/recordations/{recordation}",
        f"/products/{product}",
        f"/price-bands/{band_id}",
        f"/references/{reference}",
        f"/sellers/{seller}",
        f"/counterfeits/{counterfeit}",
    ]
