"""A brand owner and a marketplace of one tenant, and one of each thing that they can have."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from fastapi.testclient import TestClient

from service.clock import now
from service.control.models import ControlEvent, EventKind
from service.exchange.keys import own_party
from service.house_key import house_key
from service.ids import new_id
from service.runtime import Runtime
from service.security.principals import Role
from service.security.service import known_tenant
from tests.service.exchange.houses import SIGNAL, Stranger, read_to_its_end

from .bodies import BODIES, SENT, picture, unheard_of

Headers = dict[str, str]
Things = dict[str, str]
"""Ids by the name of the path parameter, or member of a body, that takes them."""


@dataclass(frozen=True)
class House:
    """Each of its people has a fresh key at every use, as a second person has."""

    client: TestClient
    key_for: Callable[..., Headers]
    tenant: str
    owner_name: str
    market_name: str

    @property
    def admin(self) -> Headers:
        return self.key_for(Role.ADMIN, "Operator", tenant=self.tenant)

    @property
    def owner(self) -> Headers:
        return self.key_for(Role.BRAND_OWNER, self.owner_name, tenant=self.tenant)

    @property
    def market(self) -> Headers:
        return self.key_for(Role.PLATFORM, self.market_name, tenant=self.tenant)

    @property
    def people(self) -> list[Headers]:
        """Whoever may have something of the house, those who may do least first."""
        auditor, inspector = (
            self.key_for(role, "Operator", tenant=self.tenant) for role in (Role.AUDITOR, Role.INSPECTOR)
        )
        return [self.owner, self.market, inspector, auditor, self.admin]

    def send(self, path: str, things: Things, headers: Headers, *, answered: str = "id") -> str:
        """POST the registered body of the path; what the answer calls `answered`."""
        body = BODIES["post", path].request(things | unheard_of())
        answer = self.client.post(path.format_map(things), headers=headers, **body)
        assert answer.status_code in {201, 202}, f"{path}: {answer.text}"
        found: str = answer.json()[answered]
        return found

    def furnish(self) -> Things:
        """One of everything, all of it belonging together."""
        things = self._parties()
        self._enrol(things)
        self._judge(things)
        things["webhook_id"] = self.send("/v1/webhooks", things, self.market)
        things["delivery_id"] = self.send("/v1/webhooks/{webhook_id}/test", things, self.market)
        things["digest"] = self.send("/v1/policies", things, self.admin, answered="digest")
        things["switch_id"] = self.send("/v1/policies/switches", things, self.admin)
        things["background_id"] = self._background()
        things |= self._take_in(things)
        self._open_cases(things)
        things |= self._exchange(things)
        self._measure(things)
        things["object_id"] = things["brand_id"]
        return things

    def _parties(self) -> Things:
        things = {"owner_id": self._organisation(self.owner_name), "organisation_id": ""}
        for name in ("agent_id", "organisation_id"):
            things[name] = self.send("/v1/organisations", things, self.admin)
        things["key_id"] = self.send("/v1/keys", things, self.admin)
        for _ in range(2):
            things["user_id"] = self.send("/v1/users", things, self.admin)
        things["mandate_id"] = self.send("/v1/mandates", things, self.admin)
        return things

    def _organisation(self, name: str) -> str:
        """Of an organisation that is there, because it has a key."""
        headers = self.owner
        listed = self.client.get("/v1/keys", headers=headers).json()["items"]
        found: str = listed[0]["organisation_id"]
        return found

    def _enrol(self, things: Things) -> None:
        for name, path in {
            "brand_id": "/v1/brands",
            "right_id": "/v1/brands/{brand_id}/rights",
            "recordation_id": "/v1/rights/{right_id}/recordations",
            "product_id": "/v1/brands/{brand_id}/products",
            "band_id": "/v1/products/{product_id}/price-bands",
            "record_id": "/v1/brands/{brand_id}/authorised-sellers",
            "mark_id": "/v1/brands/{brand_id}/marks",
            "counterfeit_id": "/v1/brands/{brand_id}/known-counterfeits",
        }.items():
            things[name] = self.send(path, things, self.owner)
        things["enrolment_id"] = self.send("/v1/enrolments", things, self.owner, answered="job_id")

    def _judge(self, things: Things) -> None:
        """The genuine photo turns up in two listings, which are reviewed; one is judged, the other appealed."""
        photo, owner, market = picture(), self.owner, self.market
        things["sha256"] = hashlib.sha256(photo).hexdigest()
        SENT[things["sha256"]] = photo
        reference = self.client.post(
            f"/v1/products/{things['product_id']}/references", headers=owner, files={"file": ("a", photo)}
        )
        assert reference.status_code == 201, reference.text
        things["reference_id"] = reference.json()["id"]
        things["point_id"] = self.send("/v1/references/{reference_id}/identification-points", things, owner)
        things["decision_id"] = self.check(photo, market)
        things["appeal_id"] = self.send("/v1/decisions/{decision_id}/appeals", things, market)
        things["decision_id"] = self.check(photo, market)
        self.send("/v1/decisions/{decision_id}/verdicts", things, market)
        things["job_id"] = self.send("/v1/listings/checks:batch", things, market, answered="job_id")

    @property
    def officer(self) -> Headers:
        return self.key_for(Role.INSPECTOR, "Operator", tenant=self.tenant)

    def _take_in(self, things: Things) -> Things:
        """A parcel with the genuine photo, and its inspection."""
        body = BODIES["post", "/v1/parcels"].request(things | unheard_of())
        answer = self.client.post("/v1/parcels", headers=self.officer, **body)
        assert answer.status_code == 201, answer.text
        found = answer.json()
        return {"parcel_id": found["parcel"]["id"], "inspection_id": found["inspection"]["id"]}

    def _open_cases(self, things: Things) -> None:
        """A case of which both sides were notified, and another one in which the right holder has answered."""
        things["case_id"] = self._notified(things)
        things["referral_id"] = self.send("/v1/cases/{case_id}/referrals", things, self.market)
        address = f"/v1/cases/{self._notified(things)}/opinion-links"
        made = self.client.post(address, headers=self.market, json={"recipient": "Holder"}).json()
        things["link_id"] = made["id"]
        through = {"Authorization": f"Bearer {made['token']}"}
        for part in ("", "/pictures/0"):
            self.client.get(f"/v1/opinion-request{part}", headers=through).raise_for_status()
        given = self.client.post(
            "/v1/opinion-request/opinion",
            headers=through,
            data={"opinion": '{"answer": "genuine", "reason": "known"}'},
            files={"files": ("a", SENT[things["sha256"]])},
        )
        assert given.status_code == 201, given.text
        things["opinion_id"] = given.json()["id"]

    def _notified(self, things: Things) -> str:
        """Id of a case on a listing of its own."""
        on = things | {"decision_id": self.check(SENT[things["sha256"]], self.market)}
        case_id = self.send("/v1/cases", on, self.market)
        step = {"step": "notified", "why": "so it was"}
        taken = self.client.post(f"/v1/cases/{case_id}/steps", headers=self.market, json=step)
        assert taken.status_code == 201, taken.text
        return case_id

    def _exchange(self, things: Things) -> Things:
        """A partner to whom a name was sent, and who sent a signal, a name, and something that was refused."""
        runtime: Runtime = self.client.app.state.runtime  # type: ignore[attr-defined]
        with runtime.database.read() as session:
            tenant_id = known_tenant(session, self.tenant).id
        new = {"name": "House", "kind": "marketplace"}
        self.client.put("/v1/exchange/introduction", headers=self.admin, json=new)
        stranger = Stranger.new(new_id("hse"))
        card = {"card": stranger.card(address="http://exchange.example.com")}
        proposed = self.client.post("/v1/exchange/partners", headers=self.admin, json=card)
        assert proposed.status_code == 201, proposed.text
        made = {"partner_id": proposed.json()["id"], "fingerprint": stranger.fingerprint}
        self.send("/v1/exchange/partners/{partner_id}/acceptance", things | made, self.admin)
        read_to_its_end(runtime, tenant_id, made["partner_id"], "e-1")
        us = own_party(house_key(runtime.settings.data_dir), tenant_id)
        name = {
            "id": "n-1",
            "signal": None,
            "subject": "seller_account",
            "value": new_id("sel"),
            "purpose": "stop it",
            "legal_basis": "the law",
            "expires_at": f"{datetime.now(UTC) + timedelta(days=30):%FT%TZ}",
        }
        sent = [
            stranger.message(us, "signal", SIGNAL, epoch="e-1", sequence=1),
            stranger.message(us, "nominal", name, epoch="e-1", sequence=2),
        ]
        forged = {**sent[0], "signature": "A" * 86 + "=="}
        for messages in (sent, [forged]):
            self.client.post(f"/exchange/v1/{tenant_id}/inbox", json={"messages": messages})
        listed = self.client.get("/v1/exchange/signals", headers=self.admin, params=made | {"limit": 200})
        made["signal_id"] = listed.json()["items"][0]["id"]
        made["nominal_id"] = self.send(
            "/v1/exchange/partners/{partner_id}/nominal", things | made, self.admin
        )
        return made

    def _measure(self, things: Things) -> None:
        """What the daily look would put down of the brand."""
        runtime: Runtime = self.client.app.state.runtime  # type: ignore[attr-defined]
        with runtime.database.write() as session:
            event = ControlEvent(
                id=new_id("cte"),
                tenant_id=known_tenant(session, self.tenant).id,
                kind=EventKind.RIGHT_LOST.value,
                rule=None,
                brand_id=things["brand_id"],
                detail={},
                at=now(),
            )
            session.add(event)

    def _background(self) -> str:
        answer = self.client.post("/v1/background", headers=self.market, files={"files": ("a", picture())})
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["added"][0]["id"]
        return found

    def check(self, photo: bytes, headers: Headers) -> str:
        """Id of the decision on a new listing with that photo."""
        listing = {"listing": f'{{"reference": "{new_id("lst")}", "seller": "shop"}}'}
        files = {"pictures": ("a", photo)}
        answer = self.client.post("/v1/listings/checks", headers=headers, data=listing, files=files)
        assert answer.status_code == 201, answer.text
        found: str = answer.json()["id"]
        return found


def houses(client: TestClient, key_for: Callable[..., Headers]) -> tuple[House, House, House]:
    """The one whose things are asked for, its neighbour in the tenant, and one of another tenant."""
    ours = House(client, key_for, "house", "Ohashi", "Mercado")
    neighbours = replace(ours, owner_name="Ishii", market_name="Bazaar")
    return ours, neighbours, replace(ours, tenant="elsewhere")
