"""A served house and a real Chromium, for what only a browser can show."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from model.encoders.dummy import DummyEncoder
from service.app import create_app
from service.opening import open_runtime
from service.runtime import Runtime
from service.security.keys import operator
from service.security.principals import Role
from service.security.service import create_key, organisation_named, tenant_named
from service.settings import Settings
from service.users import service as users
from tests.service.conftest import CALIBRATION

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@dataclass(frozen=True)
class Site:
    """A running service."""

    address: str
    runtime: Runtime

    def person(self, role: Role, organisation: str, login: str, tenant: str = "house") -> str:
        """Lets somebody sign in; their password."""
        with self.runtime.database.write() as session:
            tenant_id = tenant_named(session, tenant).id
            holder = organisation_named(session, tenant_id, organisation)
            _, password = users.create(session, operator(tenant_id), holder, role, login, login.title())
        return password

    @contextmanager
    def api(self, role: Role, organisation: str, tenant: str = "house") -> Iterator[httpx.Client]:
        """The API of this service, asked with a fresh key."""
        with self.runtime.database.write() as session:
            holder = organisation_named(session, tenant_named(session, tenant).id, organisation)
            _, key = create_key(session, self.runtime.settings.signing_key(), holder, role, "test", None)
        headers = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=self.address, headers=headers, timeout=60) as client:
            yield client


@contextmanager
def serving(settings: Settings) -> Iterator[Site]:
    """The application behind a real server on loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = create_app(lambda: open_runtime(settings, DummyEncoder(), CALIBRATION))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 60
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    assert server.started, "the service did not start within a minute"
    try:
        yield Site(f"http://127.0.0.1:{port}", app.state.runtime)
    finally:
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One service for the tests of a file, which give their people and things names of their own."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("site"), threads=2, _env_file=None)
    with serving(settings) as running:
        yield running


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("no Chromium is installed; on Debian `apt-get install chromium` brings one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


Open = Callable[..., Page]


@pytest.fixture
def open_as(chromium: Browser, site: Site) -> Iterator[Open]:
    """A fresh browser window of somebody who signed in: `open_as(login, password, language="ja", scripts=False)`.

    What a page's own scripts let go wrong, or what its content policy had to stop, fails the test.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(
        login: str, password: str, *, language: str = "en", scripts: bool = True, phone: bool = False
    ) -> Page:
        context = chromium.new_context(
            base_url=site.address,
            locale=language,
            java_script_enabled=scripts,
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            has_touch=phone,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _is_complaint(said) else None)
        page.goto("/sign-in")
        page.fill("#f-login", login)
        page.fill("#f-password", password)
        page.click("form:has(#f-login) button.primary")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints, complaints


def _is_complaint(said: ConsoleMessage) -> bool:
    """Chromium also writes down every answer of 400 and more, which tests look at themselves."""
    return said.type == "error" and "Failed to load resource" not in said.text


@pytest.fixture(scope="session")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed; `make browser` brings it with npm")
    return AXE.read_text(encoding="utf-8")


@pytest.fixture
def violations(axe: str) -> Callable[[Page], list[str]]:
    """What axe finds wrong with a page, by WCAG 2.2 A and AA, each with where it stands."""

    def found(page: Page) -> list[str]:
        page.evaluate(axe)
        ran: dict[str, Any] = page.evaluate(
            "async rules => await axe.run(document, {runOnly: {type: 'tag', values: rules}})", _RULES
        )
        return [
            f"{page.url}: {each['id']}: {each['help']}: {[node['target'] for node in each['nodes']]}"
            for each in ran["violations"]
        ]

    return found
