"""An empty, migrated database for each test: made once in a process, then copied.

`MIZUGIWA_TEST_DATABASE=postgresql` runs the tests on a real PostgreSQL, which every process starts for itself.
"""

from __future__ import annotations

import os
import tempfile
from enum import StrEnum
from functools import cache
from pathlib import Path

from service.database import Database
from service.migration import migrate
from tests.service import postgresql


class Engine(StrEnum):
    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


ENGINE = Engine(os.environ.get("MIZUGIWA_TEST_DATABASE", Engine.SQLITE))
"""Of all tests that do not name one."""


def fresh_database(data_dir: Path, engine: Engine = ENGINE) -> str:
    """The address of a new database; on SQLite it is where the settings look for it in that data folder."""
    data_dir.mkdir(parents=True, exist_ok=True)
    if engine is Engine.POSTGRESQL:
        return postgresql.created(template=_postgresql_template())
    path = data_dir / "mizugiwa.db"
    path.write_bytes(_sqlite_template())
    return f"sqlite:///{path}"


def empty_database(data_dir: Path, engine: Engine = ENGINE) -> str:
    """The address of a new database without a table."""
    return postgresql.created() if engine is Engine.POSTGRESQL else f"sqlite:///{data_dir / 'mizugiwa.db'}"


def stored_bytes(url: str) -> bytes:
    """All that is kept in the database at that address, as it lies in its files or in a dump."""
    if not url.startswith("sqlite"):
        return postgresql.dumped(url)
    path = url.removeprefix("sqlite:///")
    return b"".join(each.read_bytes() for each in (Path(path), Path(f"{path}-wal")) if each.exists())


@cache
def _sqlite_template() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        _migrate(f"sqlite:///{folder}/mizugiwa.db")
        return (Path(folder) / "mizugiwa.db").read_bytes()


@cache
def _postgresql_template() -> str:
    url = postgresql.created(kept=True)
    _migrate(url)
    return url


def _migrate(url: str) -> None:
    database = Database(url)
    migrate(database)
    database.close()
