"""The administrator's pages."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from service.security.principals import Role
from tests.service.exchange.houses import Stranger

from .conftest import Browser, SignedIn

PAGES = (
    "/admin",
    "/admin/people",
    "/admin/keys",
    "/admin/organisations",
    "/admin/partners",
    "/admin/encoder",
    "/admin/jobs",
    "/admin/audit",
    "/admin/settings",
)


@pytest.fixture
def admin(signed_in: SignedIn) -> Browser:
    return signed_in(Role.ADMIN)


def organisation(admin: Browser) -> str:
    items = admin.get("/v1/organisations").json()["items"]
    found: str = items[0]["id"]
    return found


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_is_shown_and_small(admin: Browser, language: str) -> None:
    for path in PAGES:
        answer = admin.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200, path
        assert len(answer.content) < 150_000
        assert f'<html lang="{language}">' in answer.text


def test_others_do_not_see_them(signed_in: SignedIn) -> None:
    for role in (Role.PLATFORM, Role.INSPECTOR, Role.BRAND_OWNER, Role.AUDITOR):
        browser = signed_in(role)
        assert {browser.get(path).status_code for path in PAGES} == {403}


def test_person_is_added_and_signs_in_with_the_password_that_was_shown(
    admin: Browser, client: TestClient
) -> None:
    admin.get("/admin/people")
    new = {"name": "Hana Ito", "login": "hana", "organisation_id": organisation(admin), "role": "inspector"}
    answer = admin.post("/admin/people", new)
    assert answer.status_code == 201
    password = re.findall(r"<code>([a-z0-9]{4}(?:-[a-z0-9]{4}){3})</code>", answer.text)[0]
    assert Browser(client).sign_in("hana", password).status_code == 303
    assert password not in admin.get("/admin/people").text


def test_form_that_lacks_something_keeps_what_was_typed(admin: Browser) -> None:
    admin.get("/admin/people")
    answer = admin.post("/admin/people", {"name": "Hana Ito", "login": ""})
    assert answer.status_code == 422
    assert 'value="Hana Ito"' in answer.text
    assert "Fill this in." in answer.text


def test_person_who_is_shut_out_is_out_at_once(admin: Browser, signed_in: SignedIn) -> None:
    inspector = signed_in(Role.INSPECTOR)
    user_id = next(
        each["id"] for each in admin.get("/v1/users").json()["items"] if each["role"] == "inspector"
    )
    admin.get("/admin/people")
    assert admin.post(f"/admin/people/{user_id}/removal").status_code == 303
    assert inspector.get("/account").headers["location"].startswith("/sign-in")


def test_key_is_shown_once_and_works_until_it_is_revoked(admin: Browser, client: TestClient) -> None:
    admin.get("/admin/keys")
    answer = admin.post(
        "/admin/keys", {"label": "till", "organisation_id": organisation(admin), "role": "platform"}
    )
    key = re.findall(r"mzg_[0-9a-f]{12}_[\w-]+", answer.text)[0]
    headers = {"Authorization": f"Bearer {key}"}
    (own,) = client.get("/v1/keys", headers=headers).json()["items"]
    assert key not in admin.get("/admin/keys").text
    admin.post(f"/admin/keys/{own['id']}/removal")
    assert client.get("/v1/keys", headers=headers).status_code == 401


def test_partner_is_introduced_compared_told_and_ended(admin: Browser) -> None:
    admin.get("/admin/partners")
    admin.post("/admin/partners/introduction", {"name": "Customs", "kind": "customs"})
    stranger = Stranger.new("hse_1")
    made = admin.post("/admin/partners", {"card": stranger.card(address="http://exchange.example.com")})
    address = made.headers["location"].split("?")[0]
    admin.get(address)
    assert admin.post(f"{address}/acceptance", {"fingerprint": "0000"}).status_code == 409
    assert admin.post(f"{address}/acceptance", {"fingerprint": stranger.fingerprint}).status_code == 303
    admin.get(address)
    admin.post(f"{address}/sharing", {"shares": "on"})
    partner = admin.get(f"/v1/exchange{address.removeprefix('/admin')}").json()
    assert (partner["shares"], partner["shares_pictures"]) == (True, False)
    assert admin.post(f"{address}/removal").status_code == 303
    assert admin.get(address).status_code == 404


def test_log_is_filtered_and_verified(admin: Browser) -> None:
    shown = admin.get("/admin/audit", params={"action": "user.sign_in"})
    assert shown.text.count("<code>user.sign_in</code>") == 1
    verified = admin.post("/admin/audit/verification")
    assert "intact" in verified.text


def test_settings_show_no_secret(admin: Browser) -> None:
    text = admin.get("/admin/settings").text
    assert "MIZUGIWA_SECRET_KEY" in text
    assert "MIZUGIWA_CHECK_BUDGET_SECONDS" in text


def test_encoder_that_serves_is_not_moved_to(admin: Browser) -> None:
    admin.get("/admin/encoder")
    assert admin.post("/admin/encoder/moves", {"encoder": "no such one"}).status_code == 422
