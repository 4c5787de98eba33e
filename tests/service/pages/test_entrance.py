"""Signing in: who gets in, who does not, and what a stranger's page can make a browser do."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from fastapi.testclient import TestClient

from service.clock import now
from service.runtime import Runtime
from service.security.principals import Role
from service.users import repository
from tests.service.conftest import Authorised

from .conftest import Browser, Person, SignedIn


def test_person_with_the_right_password_gets_in(browser: Browser, person: Person) -> None:
    answer = browser.sign_in(*person(Role.INSPECTOR))
    assert answer.status_code == 303
    assert browser.get("/account").status_code == 200


def test_cookie_is_for_this_host_over_https_and_not_for_scripts(browser: Browser, person: Person) -> None:
    cookie = browser.sign_in(*person(Role.INSPECTOR)).headers["set-cookie"]
    assert cookie.startswith("__Host-mizugiwa=")
    assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


@pytest.mark.parametrize("login", ["inspector-0", "nobody", "in\x00valid", ""])
def test_wrong_password_and_unknown_person_are_refused_alike(
    browser: Browser, person: Person, login: str
) -> None:
    person(Role.INSPECTOR)
    answer = browser.sign_in(login, "not the password")
    assert answer.status_code == 403
    assert "The name, the password or the code is wrong" in answer.text
    assert "set-cookie" not in answer.headers


def test_five_refusals_lock_even_the_right_password_out_until_the_lock_ends(
    browser: Browser, person: Person, runtime: Runtime
) -> None:
    login, password = person(Role.INSPECTOR)
    for _ in range(5):
        browser.sign_in(login, "not the password")
    locked = browser.sign_in(login, password)
    assert locked.status_code == 429
    with runtime.database.write() as session:
        found = repository.by_login(session, login)
        assert found is not None
        found.locked_until = now() - timedelta(seconds=1)
    assert browser.sign_in(login, password).status_code == 303


def test_form_of_another_site_is_refused(signed_in: SignedIn) -> None:
    browser = signed_in(Role.INSPECTOR)
    browser.get("/account")
    answer = browser.client.post(
        "/sign-out", data={"_csrf": browser._csrf}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert answer.status_code == 403
    assert browser.get("/account").status_code == 200


@pytest.mark.parametrize("token", ["", "0" * 64, None])
def test_form_without_the_sessions_token_is_refused(signed_in: SignedIn, token: str | None) -> None:
    browser = signed_in(Role.INSPECTOR)
    answer = browser.client.post("/sign-out", data={} if token is None else {"_csrf": token})
    assert answer.status_code == 403
    assert browser.get("/account").status_code == 200


def test_api_is_read_with_the_cookie_and_written_only_with_the_token_too(signed_in: SignedIn) -> None:
    browser = signed_in(Role.ADMIN)
    browser.get("/account")
    assert browser.get("/v1/organisations").status_code == 200
    made = {"json": {"name": "Kawa"}}
    assert browser.client.post("/v1/organisations", **made).status_code == 403
    with_token = browser.client.post("/v1/organisations", headers={"X-CSRF-Token": browser._csrf}, **made)
    assert with_token.status_code == 201


def test_session_ends_at_sign_out(signed_in: SignedIn) -> None:
    browser = signed_in(Role.INSPECTOR)
    browser.get("/account")
    kept = dict(browser.client.cookies)
    assert browser.post("/sign-out").status_code == 303
    browser.client.cookies.update(kept)
    assert browser.get("/account").headers["location"].startswith("/sign-in")


def test_code_is_asked_for_once_a_second_factor_is_set_and_opens_once(
    browser: Browser, person: Person
) -> None:
    login, password = person(Role.INSPECTOR)
    browser.sign_in(login, password)
    page = browser.get("/account/second-factor").text
    secret = page.split('name="secret" value="')[1].split('"')[0]
    code = pyotp.TOTP(secret).now()
    assert browser.post("/account/second-factor", {"secret": secret, "code": code}).status_code == 303
    browser.post("/sign-out")
    half = browser.sign_in(login, password)
    assert half.headers["location"].startswith("/sign-in/code")
    assert browser.get("/account").headers["location"].startswith("/sign-in"), "half open is not open"
    assert browser.post("/sign-in/code", {"code": code}).status_code == 403, "it was used to set the factor"
    later = pyotp.TOTP(secret).at(now() + timedelta(seconds=30))
    assert (
        browser.post("/sign-in/code", {"code": later, "next": "/account"}).headers["location"] == "/account"
    )
    assert browser.get("/account").status_code == 200


def test_api_key_opens_the_pages_until_it_is_revoked(browser: Browser, key_for: Authorised) -> None:
    key = key_for(Role.ADMIN)["Authorization"].removeprefix("Bearer ")
    browser.get("/sign-in")
    assert browser.post("/sign-in", {"key": key, "next": "/"}).status_code == 303
    browser.get("/account")
    key_id = browser.get("/v1/keys").json()["items"][0]["id"]
    headers = {"X-CSRF-Token": browser._csrf}
    assert browser.client.delete(f"/v1/keys/{key_id}", headers=headers).status_code == 204
    assert browser.get("/account").headers["location"].startswith("/sign-in")


def test_new_password_replaces_the_old_and_ends_other_sessions(client: TestClient, person: Person) -> None:
    login, password = person(Role.INSPECTOR)
    here, elsewhere = Browser(client), Browser(client)
    here.sign_in(login, password)
    elsewhere.sign_in(login, password)
    here.get("/account")
    new = "violet harbour seldom ticks"
    changed = here.post("/account/password", {"old": password, "new": new, "again": new})
    assert changed.status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 303
    assert Browser(client).sign_in(login, password).status_code == 403
    assert Browser(client).sign_in(login, new).status_code == 303


@pytest.mark.parametrize("weak", ["short", "password1234", "inspector-0-inspector-0"])
def test_weak_password_is_refused(browser: Browser, weak: str, person: Person) -> None:
    login, password = person(Role.INSPECTOR)
    browser.sign_in(login, password)
    browser.get("/account")
    answer = browser.post("/account/password", {"old": password, "new": weak, "again": weak})
    assert answer.status_code == 422
    assert "four unrelated words" in answer.text


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil"])
def test_link_leads_nowhere_else_after_signing_in(browser: Browser, person: Person, onward: str) -> None:
    login, password = person(Role.INSPECTOR)
    browser.get("/sign-in")
    answer = browser.post("/sign-in", {"login": login, "password": password, "next": onward})
    assert answer.headers["location"] == "/"


def test_page_asked_for_before_signing_in_comes_after_it(browser: Browser) -> None:
    assert browser.get("/account?x=1").headers["location"] == "/sign-in?next=%2Faccount%3Fx%3D1"


def test_language_is_the_browsers_until_another_is_chosen(browser: Browser) -> None:
    japanese = {"Accept-Language": "ja-JP, en;q=0.5"}
    assert '<html lang="ja">' in browser.get("/sign-in", headers=japanese).text
    assert browser.post("/language", {"language": "en", "next": "/sign-in"}).headers["location"] == "/sign-in"
    assert '<html lang="en">' in browser.get("/sign-in", headers=japanese).text


def test_pages_let_nothing_run_that_is_not_ours(browser: Browser) -> None:
    policy = browser.get("/sign-in").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
