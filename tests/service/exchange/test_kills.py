"""Ten thousand signals between two houses that are killed again and again: both end with the same."""

from __future__ import annotations

import random
import secrets
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from service.brands.models import Brand
from service.clock import now
from service.counterfeits.models import KnownCounterfeit
from service.database import Database
from service.exchange import partners
from service.exchange.models import Held, Outgoing, Partner
from service.exchange.schemas import NewIntroduction, Sharing
from service.house_key import fingerprint, house_key
from service.ids import new_id
from service.security.keys import operator
from service.security.service import organisation_named, tenant_named
from service.settings import Settings
from service.vectors.models import StoredVector
from tests.service.databases import fresh_database
from tests.service.jobs.killing import LONGEST_LIFE_SECONDS, template

SIGNALS, WITHDRAWN, ADDED, KILLS = 10_000, 700, 300, 20
LIVES = 6
_SCRIPT = Path(__file__).with_name("serving.py")


class Machine:
    """The data folder of a house, whose service runs elsewhere and is killed."""

    def __init__(self, folder: Path, allowed: tuple[str, ...], host: str) -> None:
        url = fresh_database(folder)
        self.settings = Settings(
            data_dir=folder, database_url=url, exchange_hosts_allowed=allowed, _env_file=None
        )
        self.database = Database(self.settings.resolved_database_url)
        self.host = host
        with self.database.write() as session:
            self.tenant = tenant_named(session, "house").id
            self.owner = organisation_named(session, self.tenant, "owner").id
        self.key = house_key(folder)

    def card(self) -> str:
        with self.database.write() as session:
            new = NewIntroduction(name="House", kind="customs", address=f"http://{self.host}", place="JP")
            partners.introduce(session, operator(self.tenant), new)
            return partners.card(session, self.key, self.tenant)

    def take_on(self, card: str, voice: str) -> None:
        with self.database.write() as session:
            who = operator(self.tenant)
            found = partners.enrol(session, self.settings, who, card)
            partners.accept(session, who, found.id, voice)
            partners.share(session, who, found.id, Sharing(shares=True))

    def confirm(self, count: int) -> None:
        """Rows of known counterfeits with hashes alone: enrolling ten thousand pictures would test something else."""
        with self.database.write() as session:
            brand = session.scalar(select(Brand.id)) or self._brand(session)
            session.execute(insert(KnownCounterfeit), [self._row(brand) for _ in range(count)])

    def _brand(self, session: Session) -> str:
        brand = Brand(
            id=new_id("brd"),
            tenant_id=self.tenant,
            owner_id=self.owner,
            name="Kumoru",
            spellings=[],
            gated=False,
            auto_block=False,
            created_at=now(),
        )
        session.add(brand)
        session.flush()
        return brand.id

    def _row(self, brand: str) -> dict[str, object]:
        return {
            "id": new_id("cft"),
            "tenant_id": self.tenant,
            "brand_id": brand,
            "blob": secrets.token_hex(32),
            "case_reference": "C",
            "note": "",
            "width": 9,
            "height": 9,
            "format": "png",
            "pdq": secrets.token_hex(32),
            "pdq_quality": 100,
            "warnings": [],
            "created_at": now(),
        }

    def withdraw(self, count: int) -> None:
        with self.database.write() as session:
            present = select(KnownCounterfeit.id).where(KnownCounterfeit.removed_at.is_(None))
            ids = session.scalars(present.order_by(func.random()).limit(count)).all()
            gone = update(KnownCounterfeit).where(KnownCounterfeit.id.in_(ids))
            session.execute(gone.values(removed_at=now()))

    def standing(self) -> dict[str, str]:
        """Id to hash of what it confirmed."""
        query = select(KnownCounterfeit.id, KnownCounterfeit.pdq).where(KnownCounterfeit.removed_at.is_(None))
        with self.database.read() as session:
            return {row.id: row.pdq for row in session.execute(query)}

    def shared(self) -> dict[str, str]:
        """Id to hash of what its partner says."""
        query = select(Held.about, Held.body).where(Held.kind == "signal", Held.body.is_not(None))
        with self.database.read() as session:
            return {about: body["pdq"] for about, body in session.execute(query) if body is not None}

    def indexed(self) -> int:
        with self.database.read() as session:
            query = select(func.count()).where(StoredVector.library == "shared", StoredVector.space == "pdq")
            return session.scalar(query) or 0

    def cursor(self) -> tuple[int, int]:
        """How much it has sent, and had."""
        with self.database.read() as session:
            row = session.scalars(select(Partner)).one()
            return row.sent_sequence, row.got_through


@pytest.mark.long
@pytest.mark.timeout(900)
def test_ten_thousand_signals_survive_twenty_kills_of_either_side(tmp_path: Path) -> None:
    ports = [_free_port(), _free_port()]
    allowed = tuple(f"127.0.0.1:{port}" for port in ports)
    customs, market = (
        Machine(tmp_path / name, allowed, host)
        for name, host in zip(("customs", "market"), allowed, strict=True)
    )
    customs_card, market_card = customs.card(), market.card()
    customs.take_on(market_card, fingerprint(market.key.public))
    market.take_on(customs_card, fingerprint(customs.key.public))
    customs.confirm(SIGNALS - ADDED)
    market.confirm(ADDED)

    dice = random.Random(11)
    with ExitStack() as stack:
        templates = [
            stack.enter_context(
                template(
                    _SCRIPT, str(side.settings.data_dir), side.settings.database_url, str(port), *allowed
                )
            )
            for side, port in ((customs, ports[0]), (market, ports[1]))
        ]
        lives = [stack.enter_context(ExitStack()) for _ in templates]
        for life, each in zip(lives, templates, strict=True):
            life.enter_context(each.worker())
        unfinished = 0
        for kill in range(KILLS):
            time.sleep(dice.uniform(0.1, 1.5))
            unfinished += market.shared() != customs.standing()
            hit = dice.randrange(2)
            lives[hit].close()
            lives[hit].enter_context(templates[hit].worker())
            customs.withdraw(WITHDRAWN // KILLS)
            if kill == KILLS // 2:
                customs.confirm(ADDED)
        for _ in range(LIVES):  # a worker ends by itself after a while, so that none is left behind
            if _level(customs, market, LONGEST_LIFE_SECONDS * 0.75):
                break
            for life, each in zip(lives, templates, strict=True):
                life.close()
                life.enter_context(each.worker())
        assert _level(customs, market, 0.1), "they did not become level"
    assert unfinished >= KILLS // 2, "the kills came after the work; they prove nothing"
    assert len(market.shared()) == SIGNALS - WITHDRAWN
    assert market.indexed() == SIGNALS - WITHDRAWN
    assert customs.indexed() == ADDED
    assert customs.cursor()[0] == market.cursor()[1]
    assert market.cursor()[0] == customs.cursor()[1]
    with customs.database.read() as session:
        slots = session.scalars(select(Outgoing.slot)).all()
    assert len(slots) == len(set(slots))
    customs.database.close()
    market.database.close()


def _level(customs: Machine, market: Machine, seconds: float) -> bool:
    """Whether both have what the other confirmed, at the latest after so many seconds."""
    end = time.monotonic() + seconds
    while market.shared() != customs.standing() or customs.shared() != market.standing():
        if time.monotonic() > end:
            return False
        time.sleep(0.5)
    return True


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port
