"""Run as a child that is killed: one house that serves on loopback, and visits its partners every half second."""

from __future__ import annotations

import time
from pathlib import Path
from threading import Thread

import uvicorn

from model.encoders.dummy import DummyEncoder
from model.scoring.identity import IdentityCalibration
from service.app import create_app
from service.exchange import polling, repository
from service.opening import open_runtime
from service.runtime import Runtime
from service.settings import Settings


def main(folder: str, url: str, port: str, *allowed: str) -> None:
    settings = Settings(
        data_dir=Path(folder),
        database_url=url,
        threads=1,
        job_workers=0,
        exchange_hosts_allowed=allowed,
        _env_file=None,
    )
    encoder = DummyEncoder()
    calibration = IdentityCalibration(
        fingerprint=encoder.info.fingerprint, version="test", slope=20.0, intercept=-14.0, source="", pairs=0
    )
    runtime = open_runtime(settings, encoder, calibration)
    app = create_app(lambda: runtime)
    server = uvicorn.Server(uvicorn.Config(app, port=int(port), log_level="error", access_log=False))
    Thread(target=server.run, daemon=True).start()
    Thread(target=_visit, args=(runtime,), daemon=True).start()
    while not server.started:
        time.sleep(0.01)


def _visit(runtime: Runtime) -> None:
    while True:
        with runtime.database.read() as session:
            tenants = repository.tenants_with_partners(session)
        for tenant in tenants:
            polling.visit_all(runtime, tenant)
        time.sleep(0.5)
