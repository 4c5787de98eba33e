"""Run as a child: a courier that is killed mid-delivery. Arguments: data folder, the receiver's host:port."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from service.database import Database
from service.schema import METADATA
from service.settings import Settings
from service.webhooks.courier import Courier

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    settings = Settings(data_dir=folder, fetch_hosts_allowed=(sys.argv[2],))
    database = Database(f"sqlite:///{folder / 'mizugiwa.db'}")
    METADATA.create_all(database.engine)
    Courier(database, settings, lease_seconds=1.0).start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    time.sleep(600)
