"""A house with decisions and verdicts written straight into its tables: what is measured is counts of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from model.scoring.findings import shipped
from service.brands.models import Brand
from service.clock import now
from service.control.jobs import run
from service.control.models import ControlEvent, FindingChance, ShadowFiring
from service.decisions.models import StoredDecision
from service.ids import new_id
from service.listings.models import Listing
from service.runtime import Runtime
from service.screening.findings import RuleStatus
from service.security.principals import Role
from service.security.service import organisation_named, tenant_named
from service.settings import Settings
from service.verdicts.models import Verdict, VerdictOutcome

Headers = dict[str, str]


@dataclass
class House:
    client: TestClient
    runtime: Runtime
    key_for: Callable[..., Headers]
    tenant_id: str
    market_id: str
    brand_id: str
    settings: dict[str, RuleStatus] = field(default_factory=dict)

    def judged(
        self,
        count: int,
        outcome: VerdictOutcome | None,
        *,
        rule: str = "10",
        decision: str = "review",
        shadow: str | None = None,
        score: Callable[[int], float] = lambda at: 0.0,
        ago: timedelta = timedelta(days=1),
        encoder: str = "enc",
        codes: tuple[str, ...] = ("I-BRAND",),
    ) -> None:
        """So many decisions, each with a verdict unless the outcome is None."""
        at = now() - ago
        with self.runtime.database.write() as session:
            for number in range(count):
                listing = Listing(
                    id=new_id("lst"), tenant_id=self.tenant_id, organisation_id=self.market_id,
                    reference=new_id("ref"), seller="shop", created_at=at, updated_at=at,
                )  # fmt: skip
                session.add(listing)
                session.flush()
                made = StoredDecision(
                    id=new_id("dec"), tenant_id=self.tenant_id, organisation_id=self.market_id,
                    listing_id=listing.id, decision=decision, rule=rule, priority=None, sampled=False,
                    brand_id=self.brand_id, seller="shop", record={"outcome": {"codes": codes}}, decided_at=at,
                )  # fmt: skip
                session.add(made)
                session.flush()
                session.add(_chance(self, made, score(number), encoder))
                if shadow is not None:
                    session.add(_firing(self, made, shadow))
                if outcome is not None:
                    session.add(_verdict(self, made, outcome, at))

    def look(self) -> list[str]:
        """What happened in one daily look."""
        return run(self.runtime.database, self.tenant_id, self.settings)

    def may_block(self) -> bool:
        with self.runtime.database.read() as session:
            found = session.scalar(select(Brand.auto_block).where(Brand.id == self.brand_id))
        return bool(found)

    def let_block(self, held: bool) -> None:
        body = {"auto_block": held}
        self.client.patch(f"/v1/brands/{self.brand_id}", json=body, headers=self.admin).raise_for_status()

    def shift_events(self, by: timedelta) -> None:
        with self.runtime.database.write() as session:
            for event in session.scalars(select(ControlEvent)):
                event.at -= by

    def get(self, path: str, role: Role = Role.ADMIN) -> object:
        answer = self.client.get(f"/v1/control{path}", headers=self.key_for(role, "Operator"))
        assert answer.status_code == 200, answer.text
        return answer.json()

    def rule(self, rule: str) -> dict[str, object]:
        found = self.get("/rules")
        assert isinstance(found, list)
        return next(each for each in found if each["rule"] == rule)

    @property
    def admin(self) -> Headers:
        return self.key_for(Role.ADMIN, "Operator")


def _chance(house: House, made: StoredDecision, score: float, encoder: str) -> FindingChance:
    return FindingChance(
        decision_id=made.id, tenant_id=house.tenant_id, encoder_fingerprint=encoder, weights=shipped().version,
        score=score, probability=0.5, calibration="test", identity=score / 10, coverage="recognised",
        decision=made.decision, decided_at=made.decided_at,
    )  # fmt: skip


def _firing(house: House, made: StoredDecision, rule: str) -> ShadowFiring:
    return ShadowFiring(
        decision_id=made.id, rule=rule, tenant_id=house.tenant_id, brand_id=made.brand_id, decision="review"
    )


def _verdict(house: House, made: StoredDecision, outcome: VerdictOutcome, at: datetime) -> Verdict:
    return Verdict(
        id=new_id("ver"), tenant_id=house.tenant_id, decision_id=made.id, outcome=outcome.value, note="",
        brand_id=made.brand_id, rule=made.rule, automatic_decision=made.decision, seller="shop",
        given_by="key_someone", given_at=at,
    )  # fmt: skip


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Nothing is done by itself: a look is taken when a test says so."""
    return settings.model_copy(update={"job_workers": 0})


@pytest.fixture
def house(client: TestClient, runtime: Runtime, key_for: Callable[..., Headers]) -> House:
    owner = key_for(Role.BRAND_OWNER, "Ohashi")
    brand = client.post("/v1/brands", json={"name": "Kumoru"}, headers=owner).json()["id"]
    with runtime.database.write() as session:
        tenant = tenant_named(session, "house").id
        market = organisation_named(session, tenant, "Market").id
    return House(client, runtime, key_for, tenant, market, brand)
