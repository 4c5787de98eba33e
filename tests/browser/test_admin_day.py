"""An administrator's day, and the page to try things out on, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from service.security.principals import Role
from tests.service.listings.conftest import png, textured

from .conftest import Open, Site

PAGES = ("", "/people", "/keys", "/organisations", "/partners", "/encoder", "/jobs", "/audit", "/settings")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_is_accessible_on_a_phone_and_fits_it(
    site: Site, open_as: Open, violations: Callable[[Page], list[str]], language: str
) -> None:
    login = f"admin-{language}"
    page = open_as(login, site.person(Role.ADMIN, "Operator", login), language=language, phone=True)
    found, too_wide = [], []
    for path in ("/try", *(f"/admin{each}" for each in PAGES)):
        page.goto(path)
        found += violations(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)
    assert not found
    assert not too_wide


def test_administrator_lets_somebody_in_and_shuts_them_out_again(site: Site, open_as: Open) -> None:
    page = open_as("chief", site.person(Role.ADMIN, "Operator", "chief"))
    page.goto("/admin/people")
    page.fill("#f-name", "Hana Ito")
    page.fill("#f-login", "hana")
    page.select_option("#f-role", "inspector")
    page.click("section:has(#f-login) button.primary")
    shown = re.search(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}", page.inner_text(".once"))
    assert shown is not None
    hana = open_as("hana", shown[0])
    hana.goto("/account")
    assert "customs inspector" in hana.inner_text("main")
    page.goto("/admin/people")
    page.click("tr:has-text('Hana Ito') >> text=Shut out")
    assert hana.goto("/account")
    assert "/sign-in" in hana.url


@pytest.mark.parametrize("scripts", [True, False])
def test_picture_is_tried_out_with_scripts_and_without(
    site: Site, open_as: Open, tmp_path: Path, scripts: bool
) -> None:
    login = f"trier-{scripts}".lower()
    picture = tmp_path / "photo.png"
    picture.write_bytes(png(textured(5)))
    page = open_as(login, site.person(Role.AUDITOR, "Auditors", login), scripts=scripts)
    page.goto("/try")
    page.set_input_files("#f-picture", picture)
    page.click("#try button")
    page.wait_for_selector("#findings")
    assert "No reference that is near enough." in page.inner_text("#findings")
