"""The reviewer's pages: who sees what, what a form does, and where it leads."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from service.pages.reviewer.rule_words import SHIPPED_TITLES
from service.policies.service import shipped_policy
from service.runtime import Runtime
from service.security.principals import Role
from service.verdicts.models import Verdict

from .conftest import Browser, SignedIn
from .reviewing import FAKE, GENUINE, Market


@pytest.fixture
def market(client: TestClient, key_for: Callable[..., dict[str, str]]) -> Market:
    owner, platform = key_for(Role.BRAND_OWNER, "Ohashi"), key_for(Role.PLATFORM, "Market")
    made = Market(client, client, owner, platform)
    made.enrol()
    return made


@pytest.fixture
def reviewer(signed_in: SignedIn) -> Browser:
    return signed_in(Role.PLATFORM, "Market")


def outcomes(runtime: Runtime) -> list[str]:
    with runtime.database.read() as session:
        return list(session.scalars(select(Verdict.outcome).order_by(Verdict.id)))


def test_an_empty_queue_says_what_comes_there(reviewer: Browser) -> None:
    assert "Listings come here when a check holds or blocks them." in reviewer.get("/review").text
    assert reviewer.get("/").headers["location"] == "/review"


def test_the_queue_is_filtered_by_reason_brand_and_decision(market: Market, reviewer: Browser) -> None:
    market.check("L-fake", FAKE)
    market.check("L-stock", GENUINE)
    both = reviewer.get("/review").text
    assert "L-fake" in both
    assert "L-stock" in both
    copies = reviewer.get("/review?code=K-COPY&brand=kumoru").text
    assert "L-fake" in copies
    assert "L-stock" not in copies
    assert "L-fake" not in reviewer.get("/review?decision=block").text
    assert "No brand has that name." in reviewer.get("/review?brand=nobody").text


def test_a_decision_shows_what_was_compared_in_sentences_without_scores(
    market: Market, reviewer: Browser
) -> None:
    decision = market.check("L-1", FAKE)
    shown = reviewer.get(f"/review/{decision}").text
    assert "byte for byte (Kumoru)" in shown
    assert f"/review/{decision}/originals/" in shown
    assert "<polygon" in shown
    assert "Cosine" not in shown
    original = shown.split(f"/review/{decision}/originals/")[1].split('"')[0]
    picture = reviewer.get(f"/review/{decision}/originals/{original}")
    assert picture.headers["content-type"] == "image/jpeg"
    assert reviewer.get(f"/review/{decision}/originals/ref_other").status_code == 404
    assert reviewer.get(f"/review/{decision}/report?language=ja").content.startswith(b"%PDF")


def test_an_administrator_sees_scores_and_the_bundle(market: Market, signed_in: SignedIn) -> None:
    shown = signed_in(Role.ADMIN, "Operator").get(f"/review/{market.check('L-1', GENUINE)}").text
    assert "Chance that people confirm it" in shown
    assert "/evidence?language=en" in shown


def test_a_verdict_is_recorded_and_leads_to_what_comes_next(
    market: Market, reviewer: Browser, runtime: Runtime
) -> None:
    first, second = market.check("L-1", FAKE), market.check("L-2", FAKE)
    reviewer.get(f"/review/{first}?state=waiting&order=oldest")
    refused = reviewer.post(f"/review/{first}/verdicts?order=oldest", {"outcome": "counterfeit"})
    assert refused.status_code == 422
    assert 'value="counterfeit" data-key="b" checked' in refused.text
    given = {"outcome": "counterfeit", "note": "the seams differ"}
    answer = reviewer.post(f"/review/{first}/verdicts?order=oldest", given)
    assert answer.headers["location"] == f"/review/{second}?order=oldest&notice=verdict-given"
    assert outcomes(runtime) == ["counterfeit"]
    assert "L-1" not in reviewer.get("/review").text
    assert "L-1" in reviewer.get("/review?state=judged").text


def test_a_second_person_finds_what_one_has_judged(
    market: Market, reviewer: Browser, signed_in: SignedIn
) -> None:
    decision = market.check("L-1", FAKE)
    reviewer.get(f"/review/{decision}")
    reviewer.post(f"/review/{decision}/verdicts", {"outcome": "counterfeit", "note": "seams"})
    assert "L-1" not in reviewer.get("/review?state=second_look").text
    other = signed_in(Role.PLATFORM, "Market")
    assert "L-1" in other.get("/review?state=second_look").text
    assert "Yours is the second look" in other.get(f"/review/{decision}").text


def test_an_appeal_is_answered_by_somebody_who_has_not_judged(
    market: Market, reviewer: Browser, signed_in: SignedIn, runtime: Runtime
) -> None:
    decision = market.check("L-1", FAKE)
    reviewer.get(f"/review/{decision}")
    reviewer.post(f"/review/{decision}/verdicts", {"outcome": "counterfeit", "note": "seams"})
    appeal = market.appeal(decision, "I bought it at <b>the shop</b>.")
    assert "I bought it at &lt;b&gt;the shop" in reviewer.get("/appeals").text
    assert "Somebody else has to resolve it." in reviewer.get(f"/appeals/{appeal}").text
    answer = {"upheld": "yes", "answer": "The receipt is good."}
    refused = reviewer.post(f"/appeals/{appeal}/resolution", answer)
    assert refused.status_code == 409
    assert "somebody else than who judged before" in refused.text
    other = signed_in(Role.PLATFORM, "Market")
    other.get(f"/appeals/{appeal}")
    assert other.post(f"/appeals/{appeal}/resolution", answer).status_code == 303
    assert outcomes(runtime) == ["counterfeit", "genuine"]
    assert "The receipt is good." in other.get(f"/appeals/{appeal}").text


def test_two_administrators_switch_a_rule(signed_in: SignedIn) -> None:
    one, two = signed_in(Role.ADMIN, "Operator"), signed_in(Role.ADMIN, "Operator")
    one.get("/rules/6")
    assert one.post("/rules/6/switches", {"status": "live"}).status_code == 422
    assert one.post("/rules/6/switches", {"status": "live", "reason": "measured"}).status_code == 303
    shown = one.get("/rules/6").text
    assert "Waits for another administrator" in shown
    path = two.get("/rules/6").text.split('action="/rules/6/switches/')[1].split('"')[0]
    refused = one.post(f"/rules/6/switches/{path}")
    assert refused.status_code == 409
    assert two.post(f"/rules/6/switches/{path}").headers["location"] == "/rules/6?notice=switch-signed"
    assert "Signed by" in two.get("/rules/6").text


def test_a_replay_lists_what_would_change_and_why(market: Market, signed_in: SignedIn) -> None:
    decision = market.check("L-1", GENUINE)
    shown = signed_in(Role.AUDITOR, "Operator").get("/rules/9/replay?status=shadow").text
    assert decision in shown
    assert "before, rule 9 did." in shown


def test_a_marketplaces_replay_is_of_its_own_decisions(market: Market, signed_in: SignedIn) -> None:
    decision = market.check("L-1", GENUINE)
    assert decision not in signed_in(Role.PLATFORM, "Bazaar").get("/rules/9/replay?status=shadow").text


def test_rules_and_drift_are_there_before_anything_was_decided(reviewer: Browser) -> None:
    assert "no verdict yet" in reviewer.get("/rules").text
    assert "Nobody has looked yet." in reviewer.get("/drift").text


def test_every_shipped_rule_has_a_title_that_is_translated() -> None:
    assert {rule.title for rule in shipped_policy().rules} == set(SHIPPED_TITLES)


@pytest.mark.parametrize("path", ["/review", "/appeals", "/rules", "/drift"])
def test_others_are_kept_out(signed_in: SignedIn, path: str) -> None:
    assert signed_in(Role.BRAND_OWNER, "Ohashi").get(path).status_code == 403


def test_a_marketplaces_key_is_no_reviewer(browser: Browser, key_for: Callable[..., dict[str, str]]) -> None:
    key = key_for(Role.PLATFORM, "Market")["Authorization"].removeprefix("Bearer ")
    browser.get("/sign-in")
    assert browser.post("/sign-in", {"key": key, "next": "/"}).status_code == 303
    assert browser.get("/review").status_code == 403


def test_what_is_anothers_is_not_found(market: Market, signed_in: SignedIn) -> None:
    decision = market.check("L-1", FAKE)
    appeal = market.appeal(decision, "No.")
    for stranger in (signed_in(Role.PLATFORM, "Bazaar"), signed_in(Role.ADMIN, "Op", tenant="elsewhere")):
        for path in (f"/review/{decision}", f"/review/{decision}/report", f"/appeals/{appeal}"):
            assert stranger.get(path).status_code == 404
