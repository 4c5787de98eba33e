"""Run as a child: a courier that is killed mid-delivery."""

from __future__ import annotations

from pathlib import Path

from service.database import Database
from service.schema import METADATA
from service.settings import Settings
from service.webhooks.courier import Courier


def main(folder: str, receiver: str) -> None:
    settings = Settings(data_dir=Path(folder), fetch_hosts_allowed=(receiver,))
    database = Database(f"sqlite:///{folder}/mizugiwa.db")
    METADATA.create_all(database.engine)
    Courier(database, settings, lease_seconds=1.0).start()
