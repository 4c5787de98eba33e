"""Two whole services in one process, that reach each other as over HTTP, and a stranger with a key of its own."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.testclient import TestClient

from model.encoders.dummy import DummyEncoder
from service.app import create_app
from service.clock import now
from service.exchange import polling, repository
from service.exchange.keys import Party, own_party
from service.exchange.messages import seal, signed_text
from service.fetching import Answer, FetchLimits, Reason, UrlUnreachable
from service.house_key import HouseKey, fingerprint, house_key
from service.opening import open_runtime
from service.runtime import Runtime
from service.screening.findings import RuleStatus
from service.security.principals import Role
from service.security.service import create_key, organisation_named, tenant_named
from service.settings import Settings
from tests.service.conftest import CALIBRATION
from tests.service.databases import ENGINE, Engine, fresh_database

CUSTOMS, MARKET = "customs.test:8001", "market.test:8002"
Headers = dict[str, str]
SIGNAL = {
    "id": "s-1",
    "pdq": "f0" * 32,
    "pdq_quality": 100,
    "brand": "Kumoru",
    "category": "tea",
    "rights": [{"kind": "trademark", "office": "JP", "number": "123"}],
    "outcome": "confirmed",
    "place": "JP",
    "week": "2026-W48",
    "disclosure": "disclosed",
    "picture": None,
    "disputes": 0,
}


@dataclass
class Side:
    """One house."""

    name: str
    host: str
    client: TestClient
    runtime: Runtime
    tenant_id: str
    partners: dict[str, str] = field(default_factory=dict)
    """Name of another house to the id of its partner row here."""

    def key(self, role: Role, organisation: str = "someone") -> Headers:
        with self.runtime.database.write() as session:
            owner = organisation_named(session, tenant_named(session, "house").id, organisation)
            _, text = create_key(session, self.runtime.settings.signing_key(), owner, role, "test", None)
        return {"Authorization": f"Bearer {text}"}

    @property
    def admin(self) -> Headers:
        return self.key(Role.ADMIN, "Operator")

    @property
    def house_key(self) -> HouseKey:
        return house_key(self.runtime.settings.data_dir)

    @property
    def party(self) -> Party:
        return own_party(self.house_key, self.tenant_id)

    def ask(self, method: str, path: str, status: int = 200, **request: Any) -> Any:
        answer = self.client.request(method, f"/v1/exchange{path}", headers=self.admin, **request)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def introduce(self, kind: str = "customs", **more: Any) -> Any:
        new = {"name": self.name, "kind": kind, "address": f"http://{self.host}", "place": "JP", **more}
        return self.ask("PUT", "/introduction", json=new)

    def take_on(self, card: str, read_out: str) -> str:
        partner: str = self.ask("POST", "/partners", 201, json={"card": card})["id"]
        self.ask("POST", f"/partners/{partner}/acceptance", 201, json={"fingerprint": read_out})
        return partner

    def share(self, with_: str, **sharing: Any) -> None:
        self.ask("PATCH", f"/partners/{self.partners[with_]}", json={"shares": True, **sharing})

    def visit(self) -> dict[str, int]:
        return polling.visit_all(self.runtime, self.tenant_id)

    def partner(self, name: str) -> Any:
        return self.ask("GET", f"/partners/{self.partners[name]}")

    def signals(self) -> list[Any]:
        found: list[Any] = self.ask("GET", "/signals?limit=200")["items"]
        return found

    def incidents(self) -> dict[str, int]:
        """How many of each kind."""
        found: dict[str, int] = {}
        for each in self.ask("GET", "/incidents?limit=200")["items"]:
            found[each["kind"]] = found.get(each["kind"], 0) + each["count"]
        return found

    def brand(self, name: str = "Kumoru") -> str:
        answer = self.client.post(
            "/v1/brands", json={"name": name}, headers=self.key(Role.BRAND_OWNER, "Ohashi")
        )
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    def confirm(self, brand_id: str, picture: bytes) -> str:
        """Enrol a photo of a confirmed counterfeit."""
        answer = self.client.post(
            f"/v1/brands/{brand_id}/known-counterfeits",
            files={"file": ("x.png", picture)},
            data={"case_reference": "C-1"},
            headers=self.key(Role.BRAND_OWNER, "Ohashi"),
        )
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found

    def take_back(self, counterfeit_id: str) -> None:
        owner = self.key(Role.BRAND_OWNER, "Ohashi")
        assert (
            self.client.delete(f"/v1/known-counterfeits/{counterfeit_id}", headers=owner).status_code == 204
        )


@dataclass
class Stranger:
    """Whoever holds a key: writes any message, rightly or not."""

    key: HouseKey
    house: str = "elsewhere"

    @classmethod
    def new(cls, house: str = "elsewhere") -> Stranger:
        return cls(HouseKey(Ed25519PrivateKey.generate()), house)

    @property
    def party(self) -> Party:
        return own_party(self.key, self.house)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.key.public)

    def card(self, **other: Any) -> str:
        content = {
            "format": "mizugiwa-exchange-card-1",
            "name": "Stranger",
            "kind": "customs",
            "house": self.house,
            "public_key": self.key.public,
            "address": "",
            **other,
        }
        return signed_text(self.key, content)

    def message(self, to: Party, type_: str, body: Mapping[str, Any], **place: Any) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(seal(self.key, type_, self.party, to, body, **place))
        return found


def header(message: Mapping[str, Any]) -> Headers:
    text = json.dumps(message).encode()
    return {"Exchange-Request": base64.urlsafe_b64encode(text).decode().rstrip("=")}


def read_to_its_end(runtime: Runtime, tenant_id: str, partner_id: str, epoch: str) -> None:
    """As if the partner's feed had been read, where there was nothing yet: what it posts is taken in from then on."""
    with runtime.database.write() as session:
        row = repository.locked(session, tenant_id, partner_id)
        assert row is not None
        row.got_epoch, row.heard_at = epoch, now()


def befriend(one: Side, other: Side) -> None:
    cards = {side.name: side.introduce(kind) for side, kind in ((one, "customs"), (other, "marketplace"))}
    for here, there in ((one, other), (other, one)):
        told = cards[there.name]
        here.partners[there.name] = here.take_on(told["card"], told["fingerprint"])


@contextmanager
def opened(folder: Path, name: str, host: str, engine: Engine = ENGINE, **settings: Any) -> Iterator[Side]:
    chosen = Settings(
        data_dir=folder,
        database_url=fresh_database(folder, engine),
        threads=1,
        job_workers=0,
        requests_per_minute=1_000_000,
        exchange_hosts_allowed=(CUSTOMS, MARKET),
        rule_status={"6": RuleStatus.LIVE},
        _env_file=None,
        **settings,
    )
    app = create_app(lambda: open_runtime(chosen, DummyEncoder(), CALIBRATION))
    with TestClient(app, raise_server_exceptions=False) as client:
        runtime = app.state.runtime
        with runtime.database.write() as session:
            tenant_id = tenant_named(session, "house").id
        yield Side(name, host, client, runtime, tenant_id)


class Wire:
    """Carries requests between the sides; can be cut, and lets a test look at and change what goes over it."""

    def __init__(self, *sides: Side) -> None:
        self._sides = {side.host: side for side in sides}
        self.cut = False
        self.seen: list[tuple[str, str, bytes]] = []
        self.changed: Callable[[bytes], bytes] = lambda body: body
        """Of an answer."""

    def ask(
        self,
        url: str,
        limits: FetchLimits,
        method: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Answer:
        parts = urlsplit(url)
        if self.cut:
            raise UrlUnreachable("The wire is cut.", Reason.CONNECTION)
        self.seen.append((method, parts.path, body or headers.get("Exchange-Request", "").encode()))
        client = self._sides[parts.netloc].client
        answer = client.request(method, parts.path, headers=dict(headers), content=body)
        return Answer(answer.status_code, self.changed(answer.content))


@contextmanager
def two_houses(
    folder: Path, monkeypatch: pytest.MonkeyPatch, engine: Engine = ENGINE, **settings: Any
) -> Iterator[tuple[Side, Side, Wire]]:
    with ExitStack() as stack:
        customs = stack.enter_context(opened(folder / "customs", "Customs", CUSTOMS, engine, **settings))
        market = stack.enter_context(opened(folder / "market", "Market", MARKET, engine, **settings))
        wire = Wire(customs, market)
        for module in ("incoming.pulling", "incoming.pictures", "outgoing.pushing"):
            monkeypatch.setattr(f"service.exchange.{module}.ask", wire.ask)
        yield customs, market, wire
