"""Pictures of every page with the demo's data behind it: `make screenshots` writes them to docs/pages.

Desktop in English, phone in Japanese. Pages of one thing are found as a person finds them: by the first link of a list.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from service.demo.serving import served
from service.opening import open_runtime
from service.settings import Settings
from tests.browser.conftest import DESKTOP, NAMES, PHONE, QUIET

PAGES: dict[str, dict[str, str]] = {
    "inspector": {
        "inspect": "/inspect",
        "worklist": "/worklist",
        "inspection": "/worklist a[href^='/inspections/']",
        "cases": "/cases",
        "case": "/cases main a[href^='/cases/']",
    },
    "reviewer": {
        "queue": "/review",
        "decision": "/review main a[href^='/review/']",
        "appeals": "/appeals",
        "rules": "/rules",
        "drift": "/drift",
        "rule": "/rules main a[href^='/rules/']",
    },
    "owner": {
        "brands": "/brands",
        "brand": "/brands main a[href^='/brands/']",
        "product": "/coverage main a[href^='/products/']",
        "coverage": "/coverage",
        "opinions": "/opinions",
        "enrolments": "/enrolments",
    },
    "admin": {
        "overview": "/admin",
        "people": "/admin/people",
        "keys": "/admin/keys",
        "organisations": "/admin/organisations",
        "partners": "/admin/partners",
        "encoder": "/admin/encoder",
        "jobs": "/admin/jobs",
        "audit": "/admin/audit",
        "settings": "/admin/settings",
        "try": "/try",
    },
}
"""By the demo's logins: an address, or an address and the first link of it to follow."""
_LOOKS = (("en", DESKTOP), ("ja", PHONE))
_QUALITY = 60
_HIGHEST = 1800
"""Pixels; long lists go on in the same way."""


def take(demo: Path, into: Path) -> list[Path]:
    """Serve the demo's data and photograph every page; raises where a page is not there."""
    passwords = dict(_passwords(demo / "keys.env"))
    settings = Settings(data_dir=demo / "data", encoder="bundled", job_workers=0, _env_file=None)  # type: ignore[call-arg]
    into.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []
    with served(open_runtime(settings)) as client, _chromium() as chromium:
        for login, pages in PAGES.items():
            for language, size in _LOOKS:
                page = _signed_in(chromium, str(client.base_url), login, passwords[login], language, size)
                for name, where in pages.items():
                    taken.append(_taken(page, where, into / f"{login}-{name}-{language}.jpg"))
                page.context.close()
    return taken


def _taken(page: Page, where: str, path: Path) -> Path:
    address, _, link = where.partition(" ")
    answer = page.goto(address, wait_until="networkidle")
    if link:
        found = page.locator(link).first
        answer = page.goto(found.get_attribute("href") or address, wait_until="networkidle")
    if answer is None or not answer.ok:
        raise SystemExit(f"{page.url} answered {answer.status if answer else 'nothing'}")
    size = page.viewport_size or DESKTOP
    high = min(page.evaluate("document.documentElement.scrollHeight"), _HIGHEST)
    page.set_viewport_size({"width": size["width"], "height": max(high, size["height"])})
    page.screenshot(path=path, type="jpeg", quality=_QUALITY)
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    return path


def _signed_in(
    chromium: Browser, address: str, login: str, password: str, language: str, size: dict[str, int]
) -> Page:
    context = chromium.new_context(base_url=address, locale=language, viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("#f-login", login)
    page.fill("#f-password", password)
    page.click("form:has(#f-login) button.primary")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def _passwords(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text().splitlines():
        name, _, value = line.partition("=")
        if name.endswith("_PASSWORD"):
            yield name.removeprefix("DEMO_").removesuffix("_PASSWORD").lower(), value


@contextmanager
def _chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise SystemExit("no Chromium is installed; on Debian `apt-get install chromium` brings one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


if __name__ == "__main__":
    for picture in take(Path(sys.argv[1]), Path(sys.argv[2])):
        print(picture)  # noqa: T201 - a command
