"""Customs and a marketplace, each a server of its own on loopback, as operators set them up from the terminal."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2 as httpx
import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from model.encoders.base import RGB
from model.evaluation.kit import build_kit, catalogue_views, known_counterfeits
from model.evaluation.kit.edits import reposted
from service.cli import app as cli
from service.exchange.keys import Party, key_id
from tests.service.exchange.houses import SIGNAL, Stranger, header
from tests.service.listings.conftest import png

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
_POLL_SECONDS = 60.0
"""A visit a minute is what is promised; the test asks for one and waits no longer than that."""
Headers = dict[str, str]


@dataclass
class House:
    name: str
    folder: Path
    port: int
    environment: dict[str, str]
    monkeypatch: pytest.MonkeyPatch

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *words: str, status: int = 0) -> str:
        """A command on this house's machine; what it prints."""
        for name, value in self.environment.items():
            self.monkeypatch.setenv(name, value)
        result = CliRunner().invoke(cli, words, catch_exceptions=False)
        assert result.exit_code == status, result.output
        return result.stdout

    def exchange(self, command: str, *words: str, status: int = 0) -> str:
        return self.run("exchange", command, *words, "--tenant", "house", status=status)

    def key(self, role: str, organisation: str = "Someone") -> Headers:
        words = ("--tenant", "house", "--organisation", organisation, "--role", role, "--label", "test")
        return {"Authorization": f"Bearer {self.run('keys', 'create', *words).strip().splitlines()[-1]}"}

    def ask(self, method: str, path: str, headers: Headers, status: int, **request: Any) -> Any:
        answer = httpx.request(method, self.address + path, headers=headers, timeout=60, **request)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def poll(self, admin: Headers) -> None:
        """One poll, to its end."""
        job = self.exchange("poll").strip()
        end = time.monotonic() + _POLL_SECONDS
        while self.ask("GET", f"/v1/jobs/{job}", admin, 200)["state"] not in ("done", "failed"):
            assert time.monotonic() < end, "the poll did not end within a minute"
            time.sleep(0.2)


@pytest.fixture
def houses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[House, House]]:
    ports = [_free_port(), _free_port()]
    allowed = json.dumps([f"127.0.0.1:{port}" for port in ports])
    with ExitStack() as stack:
        found = []
        for name, port in zip(("customs", "market"), ports, strict=True):
            environment = {
                "MIZUGIWA_DATA_DIR": str(tmp_path / name),
                "MIZUGIWA_THREADS": "1",
                "MIZUGIWA_ENCODER": "bundled",
                "MIZUGIWA_CHECK_BUDGET_SECONDS": "100",
                "MIZUGIWA_RULE_STATUS": '{"6": "live"}',
                "MIZUGIWA_EXCHANGE_HOSTS_ALLOWED": allowed,
            }
            house = House(name, tmp_path / name, port, environment, monkeypatch)
            if found:  # the encoder is the same, and making it takes longer than the rest
                shutil.copytree(found[0].folder / "encoders", house.folder / "encoders")
            stack.enter_context(_serving(house))
            found.append(house)
        yield found[0], found[1]


@contextmanager
def _serving(house: House) -> Iterator[None]:
    command = [str(Path(sys.executable).with_name("mizugiwa")), "serve", "--port", str(house.port)]
    with subprocess.Popen(command, env={**os.environ, **house.environment}) as server:
        try:
            _wait(lambda: _answers(house), server)
            yield
        finally:
            server.terminate()


def _answers(house: House) -> bool:
    try:
        return httpx.get(f"{house.address}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def _wait(until: Callable[[], bool], server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 300
    while not until():
        assert server.poll() is None, "the server ended before it answered"
        assert time.monotonic() < end, "the server did not answer"
        time.sleep(0.2)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def _befriend(customs: House, market: House) -> tuple[str, str]:
    """Cards by file, fingerprints by voice; ids of the market at customs and of customs at the market."""
    cards, voices = {}, {}
    for house, kind in ((customs, "customs"), (market, "marketplace")):
        house.key("admin", "Operator")
        card = house.folder / "card.json"
        words = ("--name", house.name, "--kind", kind, "--address", house.address)
        card.write_text(house.exchange("introduce", *words))
        cards[house.name], voices[house.name] = card, house.run("evidence", "public-key").splitlines()[-1]
    found = []
    for here, there in ((customs, market), (market, customs)):
        partner = here.exchange("enrol", str(cards[there.name])).strip().splitlines()[0]
        here.exchange("accept", partner, "--fingerprint", "0000 0000", status=1)
        here.exchange("accept", partner, "--fingerprint", voices[there.name])
        found.append(partner)
    return found[0], found[1]


def _enrolled_brand(house: House, name: str, reference: bytes | None = None) -> str:
    owner = house.key("brand_owner", "Owner")
    brand = house.ask("POST", "/v1/brands", owner, 201, json={"name": name})["id"]
    if reference is not None:
        new = {"sku": "K-1", "name": "Product"}
        product = house.ask("POST", f"/v1/brands/{brand}/products", owner, 201, json=new)["id"]
        files = {"file": ("a.png", reference)}
        house.ask("POST", f"/v1/products/{product}/references", owner, 201, files=files)
    found: str = brand
    return found


def _edited(photo: RGB) -> bytes:
    """Cropped, toned, written on and made smaller, as sellers do."""
    out = BytesIO()
    Image.fromarray(reposted(photo, np.random.default_rng(5))).save(out, "JPEG", quality=80)
    return out.getvalue()


def test_customs_tells_the_marketplace_and_takes_it_back(houses: tuple[House, House]) -> None:
    customs, market = houses
    kit = build_kit(seed=3, brands=2)
    [known] = known_counterfeits(kit, 3, 1)
    at_customs, at_market = _befriend(customs, market)
    admin = market.key("admin", "Operator")
    brand = _enrolled_brand(market, known.product.brand.name, png(catalogue_views(known.product)[0]))
    market.ask("PATCH", f"/v1/brands/{brand}", admin, 200, json={"auto_block": True})
    customs.exchange("share", at_customs, "--pictures")
    platform, picture = market.key("platform", "Market"), _edited(known.pixels)

    def checked(reference: str) -> tuple[str, set[str]]:
        answer = market.ask(
            "POST",
            "/v1/listings/checks",
            platform,
            201,
            data={"listing": json.dumps({"reference": reference, "seller": "shop"})},
            files=[("pictures", ("a.jpg", picture))],
        )
        return answer["decision"], {each["code"] for each in answer["reasons"]}

    before = checked("before")
    assert "K-COPY" not in before[1]

    there = _enrolled_brand(customs, known.product.brand.name)
    owner = customs.key("brand_owner", "Owner")
    told = json.loads(customs.exchange("dry-run", at_customs))
    assert told["messages"] == told["waiting"] == []
    confirmed = customs.ask(
        "POST",
        f"/v1/brands/{there}/known-counterfeits",
        owner,
        201,
        files={"file": ("seized.png", png(known.pixels))},
        data={"case_reference": "JP-2026-17"},
    )["id"]
    [leaving] = json.loads(customs.exchange("dry-run", at_customs))["messages"]
    assert "JP-2026-17" not in json.dumps(leaving)

    market.poll(admin)
    decision, codes = checked("while it stands")
    assert (decision, "K-COPY" in codes) == ("block", True)
    assert re.search("kept", market.exchange("signals", "--partner", at_market))

    _nothing_moves_it(market)
    assert checked("whatever is thrown at it")[0] == "block"

    customs.ask("DELETE", f"/v1/known-counterfeits/{confirmed}", owner, 204)
    market.poll(admin)
    assert checked("after") == before
    assert market.run("audit", "verify")


def _nothing_moves_it(market: House) -> None:
    """Whoever has no partner's key can neither add to what is shared nor take from it; each try is told."""
    admin = market.key("admin", "Operator")
    card = json.loads(market.ask("GET", "/v1/exchange/introduction", admin, 200)["card"])
    to, stranger = Party(key=key_id(card["public_key"]), house=card["house"]), Stranger.new()
    shared = market.ask("GET", "/v1/exchange/signals", admin, 200)["items"][0]
    partner = market.ask("GET", f"/v1/exchange/partners/{shared['partner_id']}", admin, 200)
    gone = {"of": "signal", "id": shared["signal"]["id"]}
    forged = stranger.message(to, "withdrawal", gone, epoch="e", sequence=9)
    posing = {**forged, "sender": {"key": stranger.party.key, "house": partner["house"]}}
    address = f"/exchange/v1/{to.house}"
    for message in (forged, posing, stranger.message(to, "signal", SIGNAL, epoch="e", sequence=9)):
        market.ask("POST", f"{address}/inbox", {}, 401, json={"messages": [message]})
    asked = stranger.message(
        to, "feed-request", {"epoch": None, "after": 0, "limit": 1, "snapshot": False, "encoder": None}
    )
    market.ask("GET", f"{address}/feed", header(asked), 401)
    assert market.ask("GET", "/v1/exchange/signals", admin, 200)["items"] == [shared]
    kinds = {each["kind"] for each in market.ask("GET", "/v1/exchange/incidents", admin, 200)["items"]}
    assert "unknown" in kinds
    assert not kinds & {"forged", "contradiction", "answer"}, "these the partner would have had to sign"
