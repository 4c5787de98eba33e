"""A real HTTP server on the loopback address that misbehaves in every way on request."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest

from service.fetching import FetchLimits


class Rogue(BaseHTTPRequestHandler):
    """Each path does one thing; `/redirect?to=URL` redirects."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        try:
            getattr(self, path.path.strip("/").replace("-", "_"))(parse_qs(path.query))
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def picture(self, _query: object) -> None:
        self._answer(b"picture bytes")

    def wrong_type(self, _query: object) -> None:
        self._answer(b"<html>", kind="text/html")

    def missing(self, _query: object) -> None:
        self._answer(b"", status=404)

    def large(self, _query: object) -> None:
        self._head(200, "image/png", {"Content-Length": "99999999"})

    def bomb(self, _query: object) -> None:
        self._answer(gzip.compress(b"\0" * 50_000_000, 1), **{"Content-Encoding": "gzip"})

    def redirect(self, query: dict[str, list[str]]) -> None:
        self._answer(b"", status=302, Location=query["to"][0])

    def loop(self, _query: object) -> None:
        self._answer(b"", status=302, Location="/loop")

    def endless(self, _query: object) -> None:
        self._head(200, "image/png", {"Connection": "close"})
        while True:
            self.wfile.write(b"x" * 65_536)

    def drip(self, _query: object) -> None:
        self._head(200, "image/png", {"Connection": "close"})
        self._drip_bytes()

    def drip_header(self, _query: object) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        self._drip_bytes()

    def endless_header(self, _query: object) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
        while True:
            self.wfile.write(b"x" * 65_536)

    def nonsense(self, _query: object) -> None:
        self.wfile.write(b"SSH-2.0-OpenSSH_9.9\r\n\r\n")
        self.close_connection = True

    def host(self, _query: object) -> None:
        self._answer(self.headers["Host"].encode())

    def _drip_bytes(self) -> None:
        for _ in range(200):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.05)

    def _answer(self, body: bytes, status: int = 200, kind: str = "image/png", **headers: str) -> None:
        self._head(status, kind, {"Content-Length": str(len(body)), **headers})
        self.wfile.write(body)

    def _head(self, status: int, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[str]:
    """Host and port."""
    rogue = ThreadingHTTPServer(("127.0.0.1", 0), Rogue)
    rogue.daemon_threads = True
    Thread(target=rogue.serve_forever, args=(0.05,), daemon=True).start()
    yield f"127.0.0.1:{rogue.server_address[1]}"
    rogue.shutdown()
    rogue.server_close()


@pytest.fixture
def limits(server: str) -> FetchLimits:
    return FetchLimits(max_bytes=100_000, seconds=2.0, hosts_allowed=(server,))
