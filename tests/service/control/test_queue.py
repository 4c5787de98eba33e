"""The queue: likeliest first, judged ones gone, and to a marketplace its own alone."""

from __future__ import annotations

from sqlalchemy import select

from service.control.models import FindingChance
from service.listings.models import Listing
from service.security.principals import Role
from service.verdicts.models import VerdictOutcome

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
