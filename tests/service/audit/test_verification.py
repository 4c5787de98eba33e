from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from service.audit.repository import links_after
from service.audit.service import record
from service.audit.verification import Checkpoint, Fault, checkpoint, verify
from service.commands.audit import app
from service.database import Database
from service.migration import migrate
from service.security.principals import Principal, Role

PRINCIPAL = Principal("key_1", "ten_1", "org_1", Role.ADMIN)
TRIGGERS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'mizugiwa.db'}")
    migrate(opened)
    with opened.write() as session:
        for number in range(1, 6):
            record(session, PRINCIPAL, "brand.create", f"brd_{number}", {"name": "Ohashi"})
    yield opened
    opened.close()


def tamper(database: Database, *statements: str) -> None:
    """What somebody who owns the database file can do: the triggers go first."""
    with database.write() as session:
        for name in session.scalars(text(TRIGGERS)).all():
            session.execute(text(f"DROP TRIGGER {name}"))
        for statement in statements:
            session.execute(text(statement))


def found(database: Database, kept: Checkpoint | None = None) -> tuple[int | None, Fault | None]:
    with database.read() as session:
        result = verify(session, "ten_1", kept)
    return result.broken_seq, result.fault


def test_an_untouched_log_is_intact(database: Database) -> None:
    with database.read() as session:
        result = verify(session, "ten_1", checkpoint(session, "ten_1"))
    assert result.intact
    assert result.entries == 5


@pytest.mark.parametrize(
    ("statements", "seq", "fault"),
    [
        (["UPDATE audit_entries SET detail = '{}' WHERE seq = 3"], 3, Fault.ALTERED),
        (["UPDATE audit_entries SET at = '2020-01-01 00:00:00' WHERE seq = 2"], 2, Fault.ALTERED),
        (["UPDATE audit_entries SET key_id = 'key_2' WHERE seq = 5"], 5, Fault.ALTERED),
        (["DELETE FROM audit_entries WHERE seq = 2"], 2, Fault.MISSING),
        (["DELETE FROM audit_entries WHERE seq = 1"], 1, Fault.MISSING),
        (["DELETE FROM audit_entries WHERE seq > 3"], 4, Fault.TRUNCATED),
        (["DELETE FROM audit_entries"], 1, Fault.TRUNCATED),
        (["UPDATE audit_heads SET seq = 3"], 3, Fault.REWRITTEN),
        (["DELETE FROM audit_heads"], 1, Fault.BEYOND_HEAD),
        (
            [
                "UPDATE audit_entries SET seq = 99 WHERE seq = 2",
                "UPDATE audit_entries SET seq = 2 WHERE seq = 3",
                "UPDATE audit_entries SET seq = 3 WHERE seq = 99",
            ],
            2,
            Fault.ALTERED,
        ),
    ],
)
def test_the_first_broken_entry_is_named(
    database: Database, statements: list[str], seq: int, fault: Fault
) -> None:
    tamper(database, *statements)
    assert found(database) == (seq, fault)


def test_an_entry_that_was_hashed_anew_does_not_link_to_the_next(database: Database) -> None:
    with database.read() as session:
        link, _ = links_after(session, "ten_1", 2, 1)[0]
    forged = type(link)(**{**vars(link), "object_id": "brd_9"})
    tamper(
        database,
        f"UPDATE audit_entries SET object_id = 'brd_9', hash = '{forged.digest()}' WHERE seq = 3",
    )
    assert found(database) == (4, Fault.UNLINKED)


def test_a_tail_cut_off_together_with_the_head_shows_against_a_checkpoint(database: Database) -> None:
    with database.read() as session:
        kept = checkpoint(session, "ten_1")
    tamper(
        database,
        "DELETE FROM audit_entries WHERE seq > 3",
        "UPDATE audit_heads SET seq = 3, hash = (SELECT hash FROM audit_entries WHERE seq = 3)",
    )
    assert found(database) == (None, None)
    assert found(database, kept) == (4, Fault.TRUNCATED)


def test_a_chain_computed_anew_shows_against_a_checkpoint(database: Database) -> None:
    with database.read() as session:
        kept = checkpoint(session, "ten_1")
    tamper(database, "DELETE FROM audit_entries", "DELETE FROM audit_heads")
    with database.write() as session:
        for _ in range(7):
            record(session, PRINCIPAL, "brand.create", "brd_9")
    assert found(database) == (None, None)
    assert found(database, kept) == (5, Fault.REWRITTEN)


def test_the_commands_verify_and_compare_with_a_kept_checkpoint(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(tmp_path))
    run = CliRunner().invoke
    kept = tmp_path / "kept.jsonl"
    kept.write_text(run(app, ["checkpoint"]).output)
    assert json.loads(kept.read_text())["seq"] == 5
    intact = run(app, ["verify", "--checkpoint", str(kept)])
    assert intact.exit_code == 0, intact.output
    tamper(database, "DELETE FROM audit_entries", "DELETE FROM audit_heads")
    assert run(app, ["verify"]).exit_code == 0
    broken = run(app, ["verify", "--checkpoint", str(kept)])
    assert broken.exit_code == 1
    assert "ten_1: BROKEN at seq 1: truncated" in broken.output
