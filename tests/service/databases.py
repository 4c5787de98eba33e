"""An empty, migrated database for each test: made once in a process, then copied."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from service.database import Database
from service.migration import migrate


def fresh_database(data_dir: Path) -> str:
    """The address of a new database that is where the settings look for it in that data folder."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / "mizugiwa.db"
    path.write_bytes(_migrated())
    return f"sqlite:///{path}"


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/mizugiwa.db")
        migrate(database)
        database.close()
        return (Path(folder) / "mizugiwa.db").read_bytes()
