"""`mizugiwa exchange` as an operator types it."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app as cli
from service.clock import now
from tests.service.databases import fresh_database
from tests.service.exchange.houses import Stranger

TENANT = ("--tenant", "house")


@pytest.fixture(autouse=True)
def _machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "data"
    monkeypatch.setenv("MIZUGIWA_DATABASE_URL", fresh_database(folder))
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(folder))
    monkeypatch.chdir(tmp_path)
    words = ("--organisation", "Operator", "--role", "admin", "--label", "test")
    assert CliRunner().invoke(cli, ["keys", "create", *TENANT, *words]).exit_code == 0


def run(*words: str, status: int = 0) -> str:
    result = CliRunner().invoke(cli, ["exchange", *words], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result.output


def accepted(stranger: Stranger, folder: Path) -> str:
    card = folder / "card.json"
    card.write_text(stranger.card())
    partner = run("enrol", str(card), *TENANT).splitlines()[0]
    refused = run("accept", partner, *TENANT, "--fingerprint", "1234", status=1)
    assert "The fingerprint of the partner's key is another." in refused
    run("accept", partner, *TENANT, "--fingerprint", stranger.fingerprint.upper())
    return partner


def test_a_card_is_printed_that_others_take(tmp_path: Path) -> None:
    words = (
        "--name",
        "Customs",
        "--kind",
        "customs",
        "--address",
        "https://customs.example",
        "--place",
        "JP",
    )
    printed = run("introduce", *TENANT, *words)
    card = json.loads(printed.splitlines()[0])
    assert (card["name"], card["address"]) == ("Customs", "https://customs.example")
    assert "read this out" in printed


def test_what_would_leave_is_shown_and_a_name_leaves_by_itself(stranger: Stranger, tmp_path: Path) -> None:
    partner = accepted(stranger, tmp_path)
    run("share", partner, *TENANT, "--pictures")
    empty = json.loads(run("dry-run", partner, *TENANT))
    assert (empty["messages"], empty["waiting"]) == ([], [])

    words = (
        "--subject",
        "seller_account",
        "--value",
        "shop-9",
        "--purpose",
        "stop it",
        "--legal-basis",
        "law",
    )
    run("nominal", partner, *TENANT, *words, "--expires", f"{now() + timedelta(days=9):%Y-%m-%d}")
    [waiting] = json.loads(run("dry-run", partner, *TENANT))["waiting"]
    assert (waiting["type"], waiting["body"]["value"]) == ("nominal", "shop-9")
    refused = run("nominal", partner, *TENANT, *words, "--expires", "2020-01-01", status=1)
    assert "366 days" in refused


def test_an_unknown_signal_and_an_unknown_house_end_with_words(stranger: Stranger) -> None:
    assert "no shared signal" in run("opine", "hld_x", *TENANT, "--opinion", "disputes", status=1)
    assert "No tenant" in run("partners", "--tenant", "nobody", status=1)
    assert "hour" in run("incidents", *TENANT)
