"""The daily look: by itself, for houses that decide, once a day; and by command."""

from __future__ import annotations

from datetime import timedelta

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.clock import now
from service.control.jobs import KIND
from service.control.repository import overdue
from service.jobs.handlers import kinds
from service.verdicts.models import VerdictOutcome

from .conftest import House


def waiting(house: House) -> list[str]:
    day_ago = now() - timedelta(days=1)
    with house.runtime.database.read() as session:
        return list(overdue(session, day_ago, day_ago))


def test_a_house_that_decided_yesterday_is_looked_at(house: House) -> None:
    house.judged(1, None, ago=timedelta(days=2))
    assert waiting(house) == [house.tenant_id]


def test_a_house_that_began_today_is_not(house: House) -> None:
    house.judged(1, None, ago=timedelta(hours=2))
    assert waiting(house) == []


def test_once_a_day_is_enough(house: House) -> None:
    house.judged(1, None, ago=timedelta(days=2))
    house.look()
    assert waiting(house) == []


def test_something_does_the_job() -> None:
    assert KIND in kinds()


def test_the_command_shows_and_does_the_same(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(house.runtime.settings.data_dir))
    house.judged(29, VerdictOutcome.COUNTERFEIT)
    shown = CliRunner().invoke(app, ["control", "show", "--tenant", "house"], catch_exceptions=False)
    assert "earns" in shown.output
    assert "takes 299 labelled findings" in " ".join(shown.output.split())
    assert not house.may_block()
    done = CliRunner().invoke(app, ["control", "run", "--tenant", "house"], catch_exceptions=False)
    assert "right_earned" in done.output
    assert house.may_block()


def test_drift_is_shown_by_command(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(house.runtime.settings.data_dir))
    shown = CliRunner().invoke(app, ["control", "drift", "--tenant", "house"], catch_exceptions=False)
    assert "drift: cannot tell" in shown.output
    assert shown.exit_code == 0
