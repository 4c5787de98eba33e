"""Receivers on the loopback address, and a courier without the rest of a service."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from service.database import Database
from service.security.principals import Principal, Role
from service.security.service import organisation_named, tenant_named
from service.settings import Settings
from service.webhooks import service
from service.webhooks.courier import Courier
from service.webhooks.models import Delivery, Endpoint
from tests.service.databases import Engine, fresh_database


@dataclass
class Receiver:
    """Answers with `status` after `pause` seconds and remembers what it got."""

    address: str
    status: int = 200
    pause: float = 0.0
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [headers["Mizugiwa-Id"] for headers, _ in self.got]


@dataclass
class Post:
    database: Database
    settings: Settings
    principal: Principal

    def courier(self) -> Courier:
        courier = Courier(self.database, self.settings, lease_seconds=1.0)
        courier.start()
        return courier

    def endpoint(self, receiver: Receiver, *events: str) -> tuple[str, str]:
        with self.database.write() as session:
            url, key = f"http://{receiver.address}/hook", self.settings.signing_key()
            made, secret = service.register(session, self.principal, key, url, events or ("*",))
            return made.id, secret

    def publish(self, event: str = "listing.decided", organisation_id: str | None = None) -> None:
        with self.database.write() as session:
            service.publish(session, self.principal.tenant_id, event, {"id": "lst_1"}, organisation_id)

    def deliveries(self) -> list[Delivery]:
        with self.database.read() as session:
            found = session.query(Delivery).order_by(Delivery.id).all()
            session.expunge_all()
        return found

    def stored(self, endpoint_id: str) -> Endpoint:
        with self.database.read() as session:
            found = session.get_one(Endpoint, endpoint_id)
            session.expunge(found)
        return found


def wait(until: Callable[[], bool], seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


@pytest.fixture
def receivers() -> Iterator[Callable[..., Receiver]]:
    servers: list[ThreadingHTTPServer] = []

    def make(status: int = 200, pause: float = 0.0) -> Receiver:
        class Hook(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                time.sleep(receiver.pause)
                self.send_response(receiver.status)
                self.send_header("Content-Length", "0")
                self.send_header("Location", f"http://{receiver.address}/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
        server.daemon_threads = True
        servers.append(server)
        receiver = Receiver(f"127.0.0.1:{server.server_address[1]}", status, pause)
        Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        return receiver

    yield make
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def post(tmp_path: Path, engine: Engine) -> Iterator[Callable[..., Post]]:
    url = fresh_database(tmp_path, engine)
    database = Database(url)
    with database.write() as session:
        owner = organisation_named(session, tenant_named(session, "house").id, "someone")
        principal = Principal("key_x", owner.tenant_id, owner.id, Role.PLATFORM)

    def make(*receivers: Receiver) -> Post:
        allowed = tuple(receiver.address for receiver in receivers)
        settings = Settings(data_dir=tmp_path, database_url=url, fetch_hosts_allowed=allowed)
        return Post(database, settings, principal)

    yield make
    database.close()
