"""`mizugiwa webhooks`, on a data folder of its own."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.database import Database
from service.migration import migrate
from service.security.principals import Principal, Role
from service.security.service import organisation_named, tenant_named
from service.settings import Settings
from service.webhooks import service


def test_webhooks_of_all_tenants_are_listed_with_what_waits_and_no_secret(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("COLUMNS", "160")
    database = Database(settings.resolved_database_url)
    migrate(database)
    secrets = []
    for tenant in ("house", "elsewhere"):
        with database.write() as session:
            owner = organisation_named(session, tenant_named(session, tenant).id, "someone")
            principal = Principal("key_x", owner.tenant_id, owner.id, Role.PLATFORM)
            url = f"https://{tenant}.example/hook"
            _, secret = service.register(session, principal, settings.signing_key(), url, ["*"])
            secrets.append(secret)
            for _ in range(37 if tenant == "house" else 0):
                service.publish(session, owner.tenant_id, "decision.made", {})
    database.close()
    printed = CliRunner().invoke(app, ["webhooks", "list"])
    assert printed.exit_code == 0, printed.output
    numbers = {
        line.split("//")[1].split(".")[0]: re.findall(r"\b\d+\b", line)
        for line in printed.output.splitlines()
        if "//" in line
    }
    assert numbers == {"house": ["37", "0", "0"], "elsewhere": ["0", "0", "0"]}
    assert not [secret for secret in secrets if secret in printed.output]
