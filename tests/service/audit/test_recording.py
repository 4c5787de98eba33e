from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError

from service.audit.models import AuditEntry
from service.audit.service import record
from service.database import Database
from service.migration import migrate
from service.security.principals import Principal, Role

PRINCIPAL = Principal("key_1", "ten_1", "org_1", Role.ADMIN)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(f"sqlite:///{tmp_path / 'audit.db'}")
    migrate(opened)
    yield opened
    opened.close()


def entries(database: Database) -> list[AuditEntry]:
    with database.read() as session:
        found = list(session.scalars(select(AuditEntry).order_by(AuditEntry.tenant_id, AuditEntry.seq)))
        session.expunge_all()
        return found


def test_entries_of_one_transaction_follow_each_other(database: Database) -> None:
    with database.write() as session:
        record(session, PRINCIPAL, "brand.create", "brd_1", {"name": "Ohashi"})
        record(session, PRINCIPAL, "brand.delete", "brd_1")
    first, second = entries(database)
    assert (first.seq, second.seq) == (1, 2)
    assert first.previous_hash == "0" * 64
    assert second.previous_hash == first.hash
    assert first.detail == '{"name":"Ohashi"}'


def test_what_is_rolled_back_leaves_no_entry_and_no_gap(database: Database) -> None:
    def fail() -> None:
        with database.write() as session:
            record(session, PRINCIPAL, "brand.create", "brd_1")
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError):
        fail()
    with database.write() as session:
        record(session, PRINCIPAL, "brand.create", "brd_2")
    assert [(each.seq, each.object_id) for each in entries(database)] == [(1, "brd_2")]


def test_each_tenant_has_its_own_chain(database: Database) -> None:
    other = Principal("key_2", "ten_2", "org_2", Role.ADMIN)
    with database.write() as session:
        record(session, PRINCIPAL, "brand.create", "brd_1")
        record(session, other, "brand.create", "brd_2")
    assert [(each.tenant_id, each.seq) for each in entries(database)] == [("ten_1", 1), ("ten_2", 1)]


def test_many_writers_at_once_make_one_chain_without_a_gap(database: Database) -> None:
    def write(worker: int) -> None:
        for turn in range(25):
            with database.write() as session:
                record(session, PRINCIPAL, "brand.create", f"brd_{worker}_{turn}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    chain = entries(database)
    assert [each.seq for each in chain] == list(range(1, 201))
    assert len({each.object_id for each in chain}) == 200
    assert [each.previous_hash for each in chain[1:]] == [each.hash for each in chain[:-1]]


def test_detail_takes_times_decimals_and_hostile_text(database: Database) -> None:
    with database.write() as session:
        record(
            session,
            PRINCIPAL,
            "price_band.create",
            "prb_1",
            {"low": Decimal("9.90"), "from": datetime(2026, 1, 1, tzinfo=UTC), "title": "\ud800\x00水"},
        )
    (entry,) = entries(database)
    assert entry.detail == (
        '{"from":"2026-01-01T00:00:00+00:00","low":"9.90","title":"\\ud800\\u0000\\u6c34"}'
    )


def test_detail_of_other_kinds_is_refused(database: Database) -> None:
    with pytest.raises(TypeError, match="bytes has no place"), database.write() as session:
        record(session, PRINCIPAL, "brand.create", "brd_1", {"picture": b"..."})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET action = 'nothing'",
        "DELETE FROM audit_entries",
        "INSERT OR REPLACE INTO audit_entries SELECT * FROM audit_entries",
        "DELETE FROM audit_heads",
        "UPDATE audit_heads SET seq = 0",
        "INSERT OR REPLACE INTO audit_heads VALUES ('ten_1', 0, '')",
    ],
)
def test_the_database_refuses_to_change_the_past(database: Database, statement: str) -> None:
    with database.write() as session:
        record(session, PRINCIPAL, "brand.create", "brd_1")
    with pytest.raises((IntegrityError, OperationalError), match=r"append-only|only moves forward"):
        _execute(database, statement)
    assert [each.action for each in entries(database)] == ["brand.create"]


def _execute(database: Database, statement: str) -> None:
    with database.write() as session:
        session.execute(text(statement))
