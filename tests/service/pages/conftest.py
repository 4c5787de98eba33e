"""A browser without a screen: cookies are kept, nothing is followed, forms are sent as a page would send them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from fastapi.testclient import TestClient

from service.runtime import Runtime
from service.security.keys import operator
from service.security.principals import Role
from service.security.service import organisation_named, tenant_named
from service.users import service as users

CSRF = re.compile(r'name="_csrf" value="([0-9a-f]+)"')
SENT_BY_A_PAGE = {"Sec-Fetch-Site": "same-origin"}


class Browser:
    """Over https, as a browser meets the service behind its proxy."""

    def __init__(self, client: TestClient) -> None:
        self.client = TestClient(
            client.app,
            base_url="https://mizugiwa.example",
            follow_redirects=False,
            raise_server_exceptions=False,
        )
        self._csrf = ""

    def get(self, path: str, **request: Any) -> httpx2.Response:
        answer = self.client.get(path, **request)
        found = (
            CSRF.search(answer.text)
            if answer.headers.get("content-type", "").startswith("text/html")
            else None
        )
        self._csrf = found[1] if found else self._csrf
        return answer

    def post(self, path: str, data: dict[str, Any] | None = None, **request: Any) -> httpx2.Response:
        """As a form of the page that was last looked at."""
        fields = {"_csrf": self._csrf} | (data or {})
        return self.client.post(path, data=fields, headers=SENT_BY_A_PAGE, **request)

    def sign_in(self, login: str, password: str) -> httpx2.Response:
        self.get("/sign-in")
        return self.post("/sign-in", {"login": login, "password": password, "next": "/"})


Person = Callable[..., tuple[str, str]]
SignedIn = Callable[..., Browser]


@pytest.fixture
def person(runtime: Runtime) -> Person:
    """Login and first password of somebody new: `person(Role.INSPECTOR, "Customs", tenant="house")`."""
    count = iter(range(1000))

    def make(role: Role, organisation: str = "someone", tenant: str = "house") -> tuple[str, str]:
        login = f"{role}-{next(count)}"
        with runtime.database.write() as session:
            tenant_id = tenant_named(session, tenant).id
            holder = organisation_named(session, tenant_id, organisation)
            _, password = users.create(session, operator(tenant_id), holder, role, login, login.title())
        return login, password

    return make


@pytest.fixture
def browser(client: TestClient) -> Browser:
    return Browser(client)


@pytest.fixture
def signed_in(client: TestClient, person: Person) -> SignedIn:
    """A browser of somebody new who is signed in: `signed_in(Role.ADMIN)`."""

    def make(role: Role, organisation: str = "someone", tenant: str = "house") -> Browser:
        browser = Browser(client)
        answer = browser.sign_in(*person(role, organisation, tenant))
        assert answer.status_code == 303, answer.text
        return browser

    return make
