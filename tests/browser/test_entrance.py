"""The way in, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from service.security.principals import Role

from .conftest import Open, Site

PAGES = ("/account", "/account/second-factor", "/nowhere-at-all")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_pages_of_the_entrance_are_accessible(
    site: Site, open_as: Open, violations: Callable[[Page], list[str]], language: str
) -> None:
    login = f"accessible-{language}"
    page = open_as(login, site.person(Role.INSPECTOR, "Customs", login), language=language)
    found = []
    for path in PAGES[:2]:
        page.goto(path)
        assert page.get_attribute("html", "lang") == language
        found += violations(page)
    page.goto("/account")
    page.click("text=Sign out" if language == "en" else "text=サインアウト")
    found += violations(page)
    assert not found


def test_language_is_switched_without_scripts(site: Site, open_as: Open) -> None:
    page = open_as("switcher", site.person(Role.INSPECTOR, "Customs", "switcher"), scripts=False)
    page.goto("/account")
    page.click("button[value=ja]")
    assert page.url.endswith("/account")
    assert page.inner_text("h1") == "アカウント"


def test_wrong_password_leaves_the_name_in_its_field(site: Site, chromium) -> None:  # type: ignore[no-untyped-def]
    context = chromium.new_context(base_url=site.address)
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#f-login", "nobody-here")
    page.fill("#f-password", "wrong")
    page.click("button.primary")
    assert page.input_value("#f-login") == "nobody-here"
    assert page.inner_text("[role=alert]")
    context.close()
