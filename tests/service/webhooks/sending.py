"""Run as a child: a courier that is killed mid-delivery."""

from __future__ import annotations

from pathlib import Path

import service.schema  # noqa: F401 - all tables, as a service has them
from service.database import Database
from service.settings import Settings
from service.webhooks.courier import Courier


def main(folder: str, url: str, receiver: str) -> None:
    settings = Settings(data_dir=Path(folder), fetch_hosts_allowed=(receiver,))
    database = Database(url)
    Courier(database, settings, lease_seconds=1.0).start()
