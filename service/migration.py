"""Brings a database to the newest schema, forward only, before anything else touches it."""

from __future__ import annotations

from service.database import Database
from service.schema import METADATA


def migrate(database: Database) -> None:
    METADATA.create_all(database.engine)
