"""Requests and posts of whoever: forged, replayed, tampered, out of order. Nothing changes, and it is told."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

import service.exchange.messages as messages
from service.clock import now
from tests.service.exchange.conftest import Both
from tests.service.exchange.houses import SIGNAL, Side, Stranger, header, read_to_its_end

ASKED = {"epoch": None, "after": 0, "limit": 10, "snapshot": False, "encoder": None}


@pytest.fixture
def market(strangers: Both) -> Side:
    strangers.market.introduce("marketplace")
    return strangers.market


def known(market: Side, stranger: Stranger) -> str:
    return market.take_on(stranger.card(address=f"http://{market.host}"), stranger.fingerprint)


def get_feed(side: Side, message: dict[str, Any]) -> Any:
    return side.client.get(f"/exchange/v1/{side.tenant_id}/feed", headers=header(message))


def post(side: Side, *sent: dict[str, Any]) -> Any:
    return side.client.post(f"/exchange/v1/{side.tenant_id}/inbox", json={"messages": list(sent)})


def audited(side: Side) -> list[str]:
    entries = side.client.get("/v1/audit/entries?limit=200", headers=side.admin).json()["items"]
    return [each["detail"]["kind"] for each in entries if each["action"] == "exchange.refused"]


def state(side: Side) -> Any:
    listed = side.ask("GET", "/partners?limit=200")["items"]
    return side.signals(), [{k: v for k, v in each.items() if k != "sent"} for each in listed]


def test_a_partners_request_is_answered_once(market: Side, stranger: Stranger) -> None:
    known(market, stranger)
    asked = stranger.message(market.party, "feed-request", ASKED)
    answer = get_feed(market, asked)
    assert answer.status_code == 200
    document = answer.json()
    found = messages.opened(document, market.house_key.public, market.party, stranger.party)
    assert (found.type, found.in_reply_to) == ("feed", asked["id"])

    again = get_feed(market, asked)
    assert (again.status_code, again.json()["type"]) == (401, "/problems/exchange-refused")
    assert market.incidents() == {"replayed": 1}
    assert audited(market) == ["replayed"]


@pytest.mark.parametrize("after", [timedelta(minutes=6), -timedelta(minutes=6)])
def test_a_request_that_is_not_of_now_is_refused(
    market: Side, stranger: Stranger, monkeypatch: pytest.MonkeyPatch, after: timedelta
) -> None:
    known(market, stranger)
    monkeypatch.setattr(messages, "now", lambda: now() - after)
    asked = stranger.message(market.party, "feed-request", ASKED)
    assert get_feed(market, asked).status_code == 401
    assert market.incidents() == {"stale": 1}


def test_nobody_is_heard_before_the_fingerprint_was_compared(market: Side, stranger: Stranger) -> None:
    asked = stranger.message(market.party, "feed-request", ASKED)
    unknown = get_feed(market, asked)
    market.ask("POST", "/partners", 201, json={"card": stranger.card()})
    proposed = get_feed(market, stranger.message(market.party, "feed-request", ASKED))
    assert unknown.status_code == proposed.status_code == 401
    assert {**unknown.json(), "request_id": ""} == {**proposed.json(), "request_id": ""}
    assert market.incidents() == {"unknown": 2}


def test_a_wrong_fingerprint_is_not_accepted(market: Side, stranger: Stranger) -> None:
    partner = market.ask("POST", "/partners", 201, json={"card": stranger.card()})["id"]
    wrong = market.ask("POST", f"/partners/{partner}/acceptance", 409, json={"fingerprint": "0000 " * 8})
    assert wrong["type"] == "/problems/exchange-fingerprint-differs"
    assert market.ask("GET", f"/partners/{partner}")["state"] == "proposed"


def test_a_card_that_was_changed_or_leads_into_the_house_is_refused(market: Side, stranger: Stranger) -> None:
    changed = json.loads(stranger.card()) | {"name": "Customs"}
    told = market.ask("POST", "/partners", 422, json={"card": json.dumps(changed)})
    assert told["type"] == "/problems/exchange-card-refused"
    inside = market.ask("POST", "/partners", 422, json={"card": stranger.card(address="http://127.0.0.1:9")})
    assert inside["type"] == "/problems/url-not-allowed"


def first_pull(market: Side, partner: str) -> None:
    """As if the partner's feed had been read to its end, where there was nothing yet."""
    read_to_its_end(market.runtime, market.tenant_id, partner, "e-1")


def signal(stranger: Stranger, market: Side, sequence: int, id_: str = "s-1", **more: Any) -> dict[str, Any]:
    place = {"epoch": "e-1", "sequence": sequence, **more}
    return stranger.message(market.party, "signal", SIGNAL | {"id": id_}, **place)


def test_forged_tampered_and_misdirected_posts_change_nothing_and_are_told(
    market: Side, stranger: Stranger
) -> None:
    first_pull(market, known(market, stranger))
    impostor = Stranger.new(stranger.house)
    honest = signal(stranger, market, 1)
    before = state(market)
    wrong = [
        {**signal(impostor, market, 1), "sender": honest["sender"]},
        {**honest, "body": {**honest["body"], "brand": "Other"}},
        {**honest, "sequence": 2},
        {**honest, "recipient": stranger.party.model_dump()},
        {**honest, "signature": "A" * 86 + "=="},
        {"hello": "world"},
    ]
    for each in wrong:
        assert post(market, each).status_code == 401, each
    assert post(market, signal(impostor, market, 1)).status_code == 401
    assert state(market) == before
    assert market.incidents() == {"forged": 5, "format": 1, "unknown": 1}
    assert sorted(set(audited(market))) == ["forged", "format", "unknown"]


def test_one_wrong_message_does_not_spoil_those_beside_it(market: Side, stranger: Stranger) -> None:
    first_pull(market, known(market, stranger))
    tampered = signal(stranger, market, 2, "s-2") | {"epoch": "e-2"}
    receipt = post(market, signal(stranger, market, 1), tampered).json()["body"]
    assert (receipt["received"], receipt["through"], len(receipt["refused"])) == (1, 1, 1)


def test_a_replayed_post_is_had_already(market: Side, stranger: Stranger) -> None:
    first_pull(market, known(market, stranger))
    shared = signal(stranger, market, 1)
    gone = stranger.message(
        market.party, "withdrawal", {"of": "signal", "id": "s-1"}, epoch="e-1", sequence=2
    )
    post(market, shared, gone)
    before = state(market)
    receipt = post(market, shared).json()["body"]
    assert (receipt["received"], receipt["repeated"]) == (0, 1)
    assert state(market) == before
    assert before[0] == []
    assert market.incidents() == {"replayed": 1}


def test_other_words_under_a_sequence_that_was_had_are_a_contradiction(
    market: Side, stranger: Stranger
) -> None:
    first_pull(market, known(market, stranger))
    post(market, signal(stranger, market, 3))
    before = state(market)
    receipt = post(market, signal(stranger, market, 3, "s-2")).json()["body"]
    assert "other words" in receipt["refused"][0]["reason"]
    assert state(market) == before
    assert market.incidents() == {"out-of-order": 2, "contradiction": 1}


def test_messages_of_an_epoch_that_is_not_read_wait_for_the_pull(market: Side, stranger: Stranger) -> None:
    known(market, stranger)
    receipt = post(market, signal(stranger, market, 1)).json()["body"]
    assert (receipt["received"], receipt["epoch"]) == (0, None)
    assert market.signals() == []
    assert market.incidents() == {"epoch": 1}


def test_a_gap_is_noticed_and_what_is_missing_closes_it(market: Side, stranger: Stranger) -> None:
    partner = known(market, stranger)
    first_pull(market, partner)
    ahead = post(market, signal(stranger, market, 3, "s-3"), signal(stranger, market, 2, "s-2"))
    assert ahead.json()["body"]["through"] == 0
    assert market.incidents() == {"out-of-order": 1}
    assert post(market, signal(stranger, market, 1)).json()["body"]["through"] == 3
    assert sorted(each["signal"]["id"] for each in market.signals()) == ["s-1", "s-2", "s-3"]


def test_an_old_farewell_does_not_end_a_partnership(
    market: Side, stranger: Stranger, monkeypatch: pytest.MonkeyPatch
) -> None:
    partner = known(market, stranger)
    monkeypatch.setattr(messages, "now", lambda: now() - timedelta(hours=1))
    old = stranger.message(market.party, "farewell", {"reason": "over"})
    monkeypatch.undo()
    assert post(market, old).status_code == 401
    assert market.ask("GET", f"/partners/{partner}")["state"] == "active"
    new = stranger.message(market.party, "farewell", {"reason": "over"})
    assert post(market, new).status_code == 200
    assert market.ask("GET", "/partners?limit=1")["items"][0]["state"] == "ended"


def test_nothing_is_kept_of_knocks_at_a_house_that_there_is_not(market: Side, stranger: Stranger) -> None:
    asked = stranger.message(stranger.party, "feed-request", ASKED)
    answer = market.client.get("/exchange/v1/nobody/feed", headers=header(asked))
    assert answer.status_code == 401
    assert market.incidents() == {}


def test_an_address_that_knocks_wrongly_again_and_again_is_told_to_wait(market: Side) -> None:
    tried = [market.client.get(f"/exchange/v1/{market.tenant_id}/feed").status_code for _ in range(31)]
    assert tried == [401] * 30 + [429]
