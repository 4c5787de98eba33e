"""Who may sign in: made, reset, shut out and let in again by administrators alone."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from service.cli import app
from service.runtime import Runtime
from service.security.principals import Role
from service.settings import Settings
from service.users import signing_in
from service.users.service import SignInRefused
from tests.service.conftest import Authorised


@pytest.fixture
def admin(key_for: Authorised) -> dict[str, str]:
    return key_for(Role.ADMIN)


def new_user(client: TestClient, admin: dict[str, str], **other: Any) -> dict[str, Any]:
    holder = client.get("/v1/organisations", headers=admin).json()["items"][0]["id"]
    wanted = {"organisation_id": holder, "role": "inspector", "login": "Hana", "name": "Hana Ito"} | other
    answer = client.post("/v1/users", headers=admin, json=wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def may_sign_in(runtime: Runtime, login: str, password: str) -> bool:
    try:
        signing_in.with_password(runtime, login, password)
    except SignInRefused:
        return False
    return True


def test_first_password_lets_the_person_in_whatever_case_the_login_has(
    client: TestClient, runtime: Runtime, admin: dict[str, str]
) -> None:
    made = new_user(client, admin)
    assert may_sign_in(runtime, "  hANA ", made["password"])


def test_password_is_shown_once_and_kept_as_a_hash(client: TestClient, admin: dict[str, str]) -> None:
    made = new_user(client, admin)
    shown = client.get(f"/v1/users/{made['id']}", headers=admin).json()
    assert "password" not in shown
    assert made["password"] not in client.get("/v1/audit/entries", headers=admin).text


def test_login_belongs_to_one_person_of_the_whole_installation(
    client: TestClient, admin: dict[str, str], key_for: Authorised
) -> None:
    new_user(client, admin)
    elsewhere = key_for(Role.ADMIN, tenant="elsewhere")
    holder = client.get("/v1/organisations", headers=elsewhere).json()["items"][0]["id"]
    wanted = {"organisation_id": holder, "role": "inspector", "login": "HANA", "name": "Another"}
    assert client.post("/v1/users", headers=elsewhere, json=wanted).status_code == 409


def test_reset_replaces_the_password(client: TestClient, runtime: Runtime, admin: dict[str, str]) -> None:
    made = new_user(client, admin)
    password = client.post(f"/v1/users/{made['id']}/reset", headers=admin).json()["password"]
    assert not may_sign_in(runtime, "hana", made["password"])
    assert may_sign_in(runtime, "hana", password)


def test_person_who_was_shut_out_comes_in_again_after_their_return(
    client: TestClient, runtime: Runtime, admin: dict[str, str]
) -> None:
    made = new_user(client, admin)
    assert client.delete(f"/v1/users/{made['id']}", headers=admin).status_code == 204
    assert not may_sign_in(runtime, "hana", made["password"])
    assert client.post(f"/v1/users/{made['id']}/return", headers=admin).status_code == 204
    assert may_sign_in(runtime, "hana", made["password"])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_others_neither_see_nor_make_people(client: TestClient, key_for: Authorised, role: Role) -> None:
    headers = key_for(role)
    assert client.get("/v1/users", headers=headers).status_code == 403
    assert client.post("/v1/users", headers=headers, json={}).status_code in {403, 422}


def test_subject_needs_an_identity_provider(client: TestClient, admin: dict[str, str]) -> None:
    holder = client.get("/v1/organisations", headers=admin).json()["items"][0]["id"]
    wanted = {"organisation_id": holder, "role": "inspector", "login": "a", "name": "A", "oidc_subject": "1"}
    answer = client.post("/v1/users", headers=admin, json=wanted)
    assert answer.status_code == 422
    assert "MIZUGIWA_OIDC_ISSUER" in answer.text


def test_command_makes_a_person_and_prints_the_password_alone(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(settings.data_dir))
    words = [
        "users",
        "create",
        "hana",
        "--tenant",
        "house",
        "--organisation",
        "Customs",
        "--role",
        "inspector",
    ]
    made = CliRunner().invoke(app, words)
    assert made.exit_code == 0, made.output
    assert len(made.stdout.split()) == 1
    again = CliRunner().invoke(app, words)
    assert again.exit_code == 1
    listed = CliRunner().invoke(app, ["users", "list", "--tenant", "house"])
    assert "hana" in listed.stdout
