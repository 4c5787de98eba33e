from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError

from service.database import WRITING, Database
from service.migration import migrate, migration_config
from service.schema import METADATA
from tests.service.databases import Engine, empty_database

pytestmark = pytest.mark.both_engines


@pytest.fixture
def database(engine: Engine, tmp_path: Path) -> Iterator[Database]:
    opened = Database(empty_database(tmp_path, engine))
    yield opened
    opened.close()


def test_migrations_make_the_schema_that_the_models_declare(database: Database) -> None:
    migrate(database)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)
    before = inspect(database.engine).get_table_names()
    migrate(database)
    assert inspect(database.engine).get_table_names() == before


def move(database: Database, step: Callable[[Config, str], None], revision: str) -> None:
    with database.engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        config = migration_config()
        config.attributes["connection"] = connection
        step(config, revision)


def test_the_rule_of_a_verdict_is_kept_when_its_column_grows_and_shrinks(database: Database) -> None:
    move(database, command.upgrade, "0014")
    values = {
        "id": "ver_1", "tenant_id": "t", "decision_id": "dec_1", "outcome": "genuine", "note": "", "rule": "9b",
        "automatic_decision": "review", "seller": "shop", "given_by": "key_1", "given_at": "2026-01-01",
    }  # fmt: skip
    insertion = (
        f"insert into verdicts ({', '.join(values)}) values ({', '.join(':' + name for name in values)})"
    )
    with database.write() as session:
        session.execute(text("insert into tenants (id, name, created_at) values ('t', 't', '2026-01-01')"))
        session.execute(text(insertion), values)
    for step, revision in ((command.upgrade, "0015"), (command.downgrade, "0014")):
        move(database, step, revision)
        with database.read() as session:
            assert session.scalars(text("select rule from verdicts")).all() == ["9b"]


def test_the_schema_can_be_taken_back_to_nothing(database: Database) -> None:
    migrate(database)
    move(database, command.downgrade, "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]


def test_a_migrated_database_refuses_to_change_the_audit_log(database: Database) -> None:
    migrate(database)
    with database.write() as session:
        session.execute(text("insert into tenants (id, name, created_at) values ('t', 't', '2026-01-01')"))
        columns = {c["name"]: c for c in inspect(database.engine).get_columns("audit_entries")}
        values = {name: 1 if "INT" in str(c["type"]) else "{}" for name, c in columns.items()}
        values |= {"tenant_id": "t", "at": "2026-01-01 00:00:00"}
        known = {name: value for name, value in values.items() if name in columns}
        names = ", ".join(known)
        session.execute(
            text(f"insert into audit_entries ({names}) values ({', '.join(':' + n for n in known)})"), known
        )
    with pytest.raises(DatabaseError, match="append"), database.write() as session:
        session.execute(text("delete from audit_entries"))
