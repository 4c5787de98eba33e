"""Pictures by address: from a real server on loopback, allowed for the test; refused where it is not."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from service.settings import Settings
from tests.service.listings.conftest import House, png, textured


class _Pictures(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/one.png"
        self.send_response(200 if found else 404)
        body = png(textured(1)) if found else b""
        self.send_header("Content-Type", "image/png")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture(scope="module")
def shop() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Pictures)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def settings(settings: Settings, shop: str) -> Settings:
    return settings.model_copy(update={"fetch_hosts_allowed": (shop,)})


def ask(house: House, url: str) -> tuple[int, dict[str, object]]:
    listing = {"reference": "L", "seller": "s", "pictures": [{"url": url}]}
    answer = house.client.post("/v1/listings/checks", json=listing, headers=house.platform)
    return answer.status_code, answer.json()


def test_a_picture_is_fetched_from_its_address(house: House, shop: str) -> None:
    status, answer = ask(house, f"http://{shop}/one.png")
    assert status == 201, answer
    assert answer["decision"] == "review"


def test_an_address_without_a_picture_is_refused_by_its_place(house: House, shop: str) -> None:
    status, answer = ask(house, f"http://{shop}/none.png")
    assert status == 422
    assert answer["picture"] == 0


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x.png", "http://[::1]/x.png", "file:///etc/passwd"])
def test_an_address_inside_the_house_is_not_asked(house: House, url: str) -> None:
    status, answer = ask(house, url)
    assert status == 422
    assert answer["type"] == "/problems/url-not-allowed"
