"""Brings a database to the newest schema, forward only, before anything else touches it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from service.database import WRITING, Database

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Apply the migrations that are missing, in one transaction that other processes wait for."""
    config = migration_config()
    with database.engine.connect().execution_options(**{WRITING: True}) as connection, connection.begin():
        if MigrationContext.configure(connection).get_current_revision() != _newest():
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


@cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(migration_config()).get_current_head()


def migration_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    return config
