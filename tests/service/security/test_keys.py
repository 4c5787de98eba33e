from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from service.audit import repository as audit
from service.audit.verification import verify
from service.clock import now
from service.commands.keys import app
from service.database import Database
from service.security.principals import Role
from service.security.service import tenant_named
from service.settings import Settings

Authorised = Callable[..., dict[str, str]]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture
def admin(key_for: Authorised) -> dict[str, str]:
    return key_for(Role.ADMIN)


@pytest.fixture
def organisation(client: TestClient, admin: dict[str, str]) -> str:
    identity: str = client.post("/v1/organisations", headers=admin, json={"name": "Ohashi"}).json()["id"]
    return identity


@pytest.fixture
def made(client: TestClient, admin: dict[str, str], organisation: str) -> dict[str, str]:
    wanted = {"organisation_id": organisation, "role": "brand_owner", "label": "till"}
    answer = client.post("/v1/keys", headers=admin, json=wanted)
    assert answer.status_code == 201
    found: dict[str, str] = answer.json()
    return found


def works(client: TestClient, key: str) -> bool:
    return client.get("/v1/keys", headers=bearer(key)).status_code == 200


def test_a_new_key_works_and_is_never_shown_again(
    client: TestClient, admin: dict[str, str], made: dict[str, str]
) -> None:
    assert works(client, made["key"])
    listed = client.get("/v1/keys", headers=admin)
    assert made["id"] in [each["id"] for each in listed.json()["items"]]
    assert made["key"].split("_")[2] not in listed.text


def test_a_revoked_key_ends_at_once(client: TestClient, admin: dict[str, str], made: dict[str, str]) -> None:
    assert client.delete(f"/v1/keys/{made['id']}", headers=admin).status_code == 204
    assert not works(client, made["key"])


def test_rotation_leaves_no_moment_without_a_valid_key(client: TestClient, made: dict[str, str]) -> None:
    answer = client.post(
        f"/v1/keys/{made['id']}/rotation", headers=bearer(made["key"]), json={"grace_seconds": 60}
    )
    assert answer.status_code == 201
    assert works(client, made["key"])
    assert works(client, answer.json()["key"])
    again = client.post(f"/v1/keys/{made['id']}/rotation", headers=bearer(made["key"]))
    assert again.status_code == 409


def test_without_grace_the_rotated_key_ends_at_once(client: TestClient, made: dict[str, str]) -> None:
    answer = client.post(
        f"/v1/keys/{made['id']}/rotation", headers=bearer(made["key"]), json={"grace_seconds": 0}
    )
    assert not works(client, made["key"])
    assert works(client, answer.json()["key"])


def test_grace_is_at_most_seven_days(client: TestClient, made: dict[str, str]) -> None:
    answer = client.post(
        f"/v1/keys/{made['id']}/rotation", headers=bearer(made["key"]), json={"grace_seconds": 604_801}
    )
    assert answer.status_code == 422


def test_an_expired_key_is_refused(
    client: TestClient, made: dict[str, str], monkeypatch: pytest.MonkeyPatch, admin: dict[str, str]
) -> None:
    wanted = {
        "organisation_id": made["organisation_id"],
        "role": "auditor",
        "label": "short",
        "expires_at": (now() + timedelta(hours=1)).isoformat(),
    }
    key = client.post("/v1/keys", headers=admin, json=wanted).json()["key"]
    assert works(client, key)
    later = now() + timedelta(hours=2)
    monkeypatch.setattr("service.security.service.now", lambda: later)
    assert not works(client, key)


def test_others_manage_only_the_key_in_hand(
    client: TestClient, made: dict[str, str], key_for: Authorised
) -> None:
    other = key_for(Role.BRAND_OWNER, "Ohashi")
    assert client.delete(f"/v1/keys/{made['id']}", headers=other).status_code == 404
    assert client.post(f"/v1/keys/{made['id']}/rotation", headers=other).status_code == 404
    assert made["id"] not in client.get("/v1/keys", headers=other).text


def test_an_administrator_manages_no_key_of_another_tenant(
    client: TestClient, made: dict[str, str], key_for: Authorised
) -> None:
    stranger = key_for(Role.ADMIN, tenant="elsewhere")
    assert client.delete(f"/v1/keys/{made['id']}", headers=stranger).status_code == 404
    wanted = {"organisation_id": made["organisation_id"], "role": "admin", "label": "x"}
    assert client.post("/v1/keys", headers=stranger, json=wanted).status_code == 422


def test_what_the_command_makes_is_in_the_log_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(tmp_path))
    options = ["--tenant", "house", "--organisation", "Ohashi", "--role", "admin", "--label", "first"]
    for _ in range(2):
        made = CliRunner().invoke(app, ["create", *options])
        assert made.exit_code == 0, made.output
    database = Database(Settings().resolved_database_url)
    with database.read() as session:
        house = tenant_named(session, "house").id
        entries = [link for link, _ in audit.links_after(session, house, 0, 10)]
        assert verify(session, house).intact
    database.close()
    assert [(entry.action, entry.key_id) for entry in entries] == [
        ("tenant.create", "command-line"),
        ("organisation.create", "command-line"),
        ("key.create", "command-line"),
        ("key.create", "command-line"),
    ]
    assert entries[0].object_id == house
    assert "mzg_" not in "".join(entry.detail for entry in entries)


def test_the_commands_make_list_rotate_and_revoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "250")
    run = CliRunner().invoke
    options = ["--tenant", "house", "--organisation", "Ohashi", "--role", "admin", "--label", "first"]
    made = run(app, ["create", *options, "--expires-days", "30"])
    assert made.exit_code == 0, made.output
    assert made.stdout.startswith("mzg_")
    identity = made.stderr.split()[0]
    assert identity in run(app, ["list", "--tenant", "house"]).stdout
    rotated = run(app, ["rotate", identity, "--tenant", "house"])
    assert rotated.stdout.startswith("mzg_")
    assert run(app, ["revoke", identity, "--tenant", "house"]).exit_code == 0
    assert "revoked" in run(app, ["list", "--tenant", "house"]).stdout
    unknown = run(app, ["revoke", "key_0", "--tenant", "house"])
    assert unknown.exit_code == 1
    assert "no such key" in unknown.stderr
