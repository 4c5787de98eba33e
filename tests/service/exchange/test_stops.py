"""What a signal says of the stop, where the known counterfeit came from a case of the house."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from service.cases.models import Case, CaseStep
from service.counterfeits.models import KnownCounterfeit
from service.security.service import organisation_named
from tests.service.exchange.conftest import Both
from tests.service.exchange.test_feed import dry
from tests.service.exchange.test_story import COUNTERFEIT
from tests.service.listings.conftest import png

PRESENTED = datetime(2026, 4, 27, 1, tzinfo=UTC)


def stopped(both: Both, *, brand: str, country: str, state: str, outcome: str = "counterfeit") -> Any:
    """A known counterfeit of the house's case, and what a partner is told of it."""
    counterfeit = both.customs.confirm(brand, png(COUNTERFEIT))
    with both.customs.runtime.database.write() as session:
        row = session.get_one(KnownCounterfeit, counterfeit)
        organisation = organisation_named(session, both.customs.tenant_id, "Customs")
        session.add(_case(both, brand, organisation.id, country, state, outcome))
        session.flush()
        session.add(_opened(both))
        row.case_reference = "cas_1"
    both.customs.share("Market")
    [leaving] = dry(both.customs, "Market")["messages"]
    return leaving["body"]


@pytest.mark.parametrize(("state", "outcome"), [("decided", "confirmed"), ("destroyed", "destroyed")])
def test_a_signal_says_week_country_and_outcome_of_its_case(both: Both, state: str, outcome: str) -> None:
    told = stopped(both, brand=both.customs.brand(), country="DE", state=state)
    assert (told["week"], told["place"], told["outcome"]) == ("2026-W18", "DE", outcome)


def test_a_case_that_was_not_confirmed_says_nothing_of_the_stop(both: Both) -> None:
    told = stopped(both, brand=both.customs.brand(), country="DE", state="decided", outcome="cannot_tell")
    assert (told["place"], told["outcome"]) == ("JP", "confirmed")
    assert told["week"] != "2026-W18"


def _case(both: Both, brand: str, organisation: str, country: str, state: str, outcome: str) -> Case:
    return Case(
        id="cas_1",
        tenant_id=both.customs.tenant_id,
        organisation_id=organisation,
        subject_kind="inspection",
        subject_id="ins_1",
        brand_id=brand,
        seller="",
        profile="eu-608-2013",
        country=country,
        subdivision=None,
        time_zone="Europe/Berlin",
        perishable=False,
        extended=False,
        application=True,
        goods={},
        state=state,
        outcome=outcome,
        holder_answer=None,
        opened_by="key",
        opened_at=PRESENTED,
        decided_at=PRESENTED,
        closed_at=None,
    )


def _opened(both: Both) -> CaseStep:
    return CaseStep(
        id="cst_1",
        tenant_id=both.customs.tenant_id,
        case_id="cas_1",
        step="opened",
        at=PRESENTED,
        before="found",
        after="found",
        why="seen",
        done_by="key",
        recorded_at=PRESENTED,
    )
