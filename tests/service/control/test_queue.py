"""The queue: likeliest first, judged ones gone, and to a marketplace its own alone."""

from __future__ import annotations

from sqlalchemy import select

from service.control import repository
from service.control.models import FindingChance
from service.control.queue import QueueFilter, QueueOrder, QueueState
from service.decisions.models import StoredDecision
from service.listings.models import Listing
from service.screening.outcome import Decision, ReasonCode
from service.security.principals import Role
from service.verdicts.models import Verdict, VerdictOutcome

from .conftest import House


def waiting(house: House, chances: list[float]) -> list[str]:
    """Decisions with these chances, as their listings' latest ones."""
    house.judged(len(chances), None)
    with house.runtime.database.write() as session:
        rows = session.scalars(select(FindingChance).order_by(FindingChance.decision_id)).all()[
            -len(chances) :
        ]
        listings = session.scalars(select(Listing).order_by(Listing.id)).all()[-len(chances) :]
        for row, listing, chance in zip(rows, listings, chances, strict=True):
            row.probability, listing.latest_decision_id = chance, row.decision_id
        return [row.decision_id for row in rows]


def queue(
    house: House, query: str = "", role: Role = Role.INSPECTOR, organisation: str = "Customs"
) -> list[str]:
    answer = house.client.get(f"/v1/control/queue{query}", headers=house.key_for(role, organisation))
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["items"]]


def test_the_likeliest_come_first_page_by_page(house: House) -> None:
    low, high, middle, same = waiting(house, [0.1, 0.9, 0.5, 0.5])
    assert queue(house) == [high, middle, same, low]
    first = queue(house, "?limit=2")
    assert first == [high, middle]
    assert queue(house, f"?limit=2&after={middle}") == [same, low]


def test_what_was_judged_is_gone(house: House) -> None:
    house.judged(3, VerdictOutcome.GENUINE)
    (left,) = waiting(house, [0.5])
    assert queue(house) == [left]


def test_a_marketplace_sees_its_own_and_no_number(house: House) -> None:
    (left,) = waiting(house, [0.5])
    assert queue(house, role=Role.PLATFORM, organisation="Market") == [left]
    assert queue(house, role=Role.PLATFORM, organisation="Bazaar") == []
    answer = house.client.get("/v1/control/queue", headers=house.key_for(Role.PLATFORM, "Market"))
    assert "0.5" not in answer.text


def found(house: House, **wanted: object) -> list[str]:
    with house.runtime.database.read() as session:
        rows = repository.queue(
            session,
            house.tenant_id,
            None,
            50,
            None,
            QueueFilter(**wanted),  # type: ignore[arg-type]
        )
        return [row.id for row in rows]


def say(house: House, decision_id: str, outcome: str, login: str) -> None:
    answer = house.client.post(
        f"/v1/decisions/{decision_id}/verdicts",
        json={"outcome": outcome},
        headers=house.key_for(Role.ADMIN, login),
    )
    assert answer.status_code == 201, answer.text


def test_reason_brand_and_decision_leave_out_the_rest(house: House) -> None:
    house.judged(1, None, codes=("K-COPY", "I-BRAND"), decision="block")
    one, _ = waiting(house, [0.4, 0.5])
    with house.runtime.database.write() as session:
        row = session.get(StoredDecision, one)
        assert row is not None
        row.record, row.brand_id = {"outcome": {"codes": ["C-REF"]}}, None
    assert found(house, code=ReasonCode.C_REF) == [one]
    assert one not in found(house, brand_id=house.brand_id)
    assert found(house, decision=Decision.BLOCK) == []


def test_oldest_and_newest_first_go_on_from_where_a_page_ended(house: House) -> None:
    ids = waiting(house, [0.1, 0.9, 0.5])
    assert found(house, order=QueueOrder.OLDEST) == ids
    assert found(house, order=QueueOrder.NEWEST) == ids[::-1]
    assert queue(house, f"?order=newest&after={ids[1]}") == [ids[0]]


def test_a_second_look_is_for_somebody_else_and_ends_with_it(house: House) -> None:
    first, asked = waiting(house, [0.5, 0.4])
    say(house, first, "counterfeit", "One")
    say(house, asked, "needs_documents", "One")
    with house.runtime.database.read() as session:
        judge = session.scalars(select(Verdict.given_by)).first() or ""
    assert found(house, state=QueueState.SECOND_LOOK, looked_at_by="another") == [first]
    assert found(house, state=QueueState.SECOND_LOOK, looked_at_by=judge) == []
    assert found(house, state=QueueState.DOCUMENTS) == [asked]
    say(house, first, "counterfeit", "Two")
    assert found(house, state=QueueState.SECOND_LOOK, looked_at_by="another") == []
    assert found(house, state=QueueState.JUDGED) == [first, asked]


def test_a_marketplaces_key_cannot_ask_for_one_brand(house: House) -> None:
    headers = house.key_for(Role.PLATFORM, "Market")
    assert house.client.get("/v1/control/queue?brand_id=brd_1", headers=headers).status_code == 403
