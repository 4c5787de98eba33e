"""What is in a feed, what never is, and what becomes of cursors that are too old."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from index.base import Library, Scope
from model.copies.hashes import MATCH_DISTANCE
from model.encoders.dummy import DummyEncoder
from service.clock import now
from service.exchange import repository
from service.exchange.models import Held, Outgoing, Partner
from service.security.principals import Role
from service.vectors.models import StoredVector
from tests.service.databases import stored_bytes
from tests.service.exchange.conftest import Both
from tests.service.exchange.houses import Side, Stranger
from tests.service.exchange.test_story import COUNTERFEIT, enrol_genuine, shared_signal
from tests.service.listings.conftest import png, textured
from tests.service.listings.test_checks import jpeg

NAME = {
    "subject": "seller_account",
    "value": "shop-9",
    "purpose": "stop further parcels",
    "legal_basis": "Customs Act 108-4",
}


def dry(side: Side, name: str) -> Any:
    return side.ask("GET", f"/partners/{side.partners[name]}/dry-run")


def test_nothing_leaves_before_an_administrator_says_so(both: Both) -> None:
    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    assert dry(both.customs, "Market")["messages"] == []
    both.market.visit()
    assert both.market.signals() == []


def test_the_dry_run_shows_exactly_what_then_leaves(both: Both) -> None:
    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    both.customs.share("Market", shares_pictures=True)
    shown = dry(both.customs, "Market")
    assert both.customs.partner("Market")["sent"] == 0, "a dry run signs nothing"
    both.market.visit()
    assert [each["body"] for each in shown["messages"]] == [each["signal"] for each in both.market.signals()]
    assert dry(both.customs, "Market")["messages"] == []


def test_a_signal_says_nothing_of_case_seller_or_note(both: Both) -> None:
    brand = both.customs.brand()
    owner = both.customs.key(Role.BRAND_OWNER, "Ohashi")
    for number, disclosure in (("111", "public"), ("222", "disclosed"), ("333", "secret")):
        right = {"kind": "trademark", "office": "JP", "number": number, "disclosure": disclosure}
        answer = both.customs.client.post(f"/v1/brands/{brand}/rights", json=right, headers=owner)
        assert answer.status_code == 201, answer.text
    both.customs.confirm(brand, png(COUNTERFEIT))
    both.customs.share("Market")
    [leaving] = dry(both.customs, "Market")["messages"]
    assert leaving["body"]["rights"] == [{"kind": "trademark", "office": "JP", "number": "111"}]
    assert leaving["body"]["picture"] is None
    assert (leaving["body"]["place"], leaving["body"]["outcome"]) == ("JP", "confirmed")
    assert "C-1" not in json.dumps(leaving)


def test_a_partner_is_told_of_the_brands_that_were_chosen(both: Both) -> None:
    ours, theirs = both.customs.brand("Kumoru"), both.customs.brand("Other")
    both.customs.confirm(ours, png(textured(5)))
    both.customs.confirm(theirs, png(textured(6)))
    both.customs.share("Market", brands=[theirs])
    both.market.visit()
    assert [each["signal"]["brand"] for each in both.market.signals()] == ["Other"]
    both.customs.share("Market", brands=[ours])
    both.market.visit()
    assert [each["signal"]["brand"] for each in both.market.signals()] == ["Kumoru"]
    both.customs.share("Market", shares=False)
    both.market.visit()
    assert both.market.signals() == []


def test_pictures_that_are_no_more_given_are_deleted(both: Both) -> None:
    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    both.customs.share("Market", shares_pictures=True)
    both.market.visit()
    assert [each["picture"] for each in both.market.signals()] == ["kept"]
    both.customs.share("Market", shares_pictures=False)
    both.market.visit()
    assert [each["picture"] for each in both.market.signals()] == ["none"]
    folder = both.market.runtime.settings.data_dir / "partner-pictures"
    assert not [each for each in folder.rglob("*") if each.is_file()]


def test_a_picture_that_is_not_the_one_that_was_signed_is_refused(both: Both) -> None:
    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    both.customs.share("Market", shares_pictures=True)
    both.wire.changed = lambda body: png(textured(77)) if body.startswith(b"\x89PNG") else body
    both.market.visit()
    assert [each["picture"] for each in both.market.signals()] == ["refused"]
    assert both.market.incidents() == {"picture": 1}


def test_vectors_travel_between_equal_fingerprints_alone(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    both.customs.share("Market", shares_descriptors=True)
    both.market.visit()
    both.market.visit()
    assert sent_types(both.customs) == ["signal", "descriptor"]
    assert vectors_of_partners(both.market) == 2 + len(views(both.customs))

    other = {"fingerprint": "ab" * 8, "copy_fingerprint": "cd" * 8}
    with both.customs.runtime.database.write() as session:
        session.execute(update(Partner).values(**other))
        session.execute(update(Outgoing).where(Outgoing.type == "descriptor").values(digest="of another"))
    assert [each["type"] for each in dry(both.customs, "Market")["messages"]] == []


def views(side: Side) -> list[str]:
    with side.runtime.database.read() as session:
        query = select(StoredVector.item_id).where(StoredVector.item_id.contains("~"))
        return list(session.scalars(query))


def vectors_of_partners(side: Side) -> int:
    with side.runtime.database.read() as session:
        return len(session.scalars(select(StoredVector).where(StoredVector.library == "shared")).all())


def sent_types(side: Side) -> list[str]:
    with side.runtime.database.read() as session:
        return list(session.scalars(select(Outgoing.type).order_by(Outgoing.sequence)))


def test_a_descriptor_finds_a_crop_that_no_hash_finds(both: Both) -> None:
    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    both.customs.share("Market", shares_descriptors=True)
    both.market.visit()
    both.market.visit()
    serving, scope = both.market.runtime.vectors.serving(), Scope(both.market.tenant_id, Library.SHARED)
    crop = COUNTERFEIT[40:360, 40:360].copy()
    features = serving.describe([crop])
    assert serving.same_hash(features, 5, scope, MATCH_DISTANCE) == [[]]
    [[hit]] = serving.alike(features, 5, scope)
    views = serving.near_views(serving.tiles(crop), 5, both.market.tenant_id, Library.SHARED)
    assert [hit.id] == list(views)


def test_a_cursor_older_than_the_withdrawals_that_are_known_begins_anew(both: Both) -> None:
    brand = both.customs.brand()
    first, _ = (both.customs.confirm(brand, png(textured(seed))) for seed in (5, 6))
    both.customs.share("Market")
    both.market.visit()
    assert len(both.market.signals()) == 2

    both.wire.cut = True
    both.customs.take_back(first)
    both.customs.visit()
    with both.customs.runtime.database.write() as session:
        long_ago = now() - timedelta(days=100)
        session.execute(update(Outgoing).where(Outgoing.type == "withdrawal").values(issued_at=long_ago))
    both.wire.cut = False
    assert both.customs.partner("Market")["sent"] == 3
    both.market.visit()
    assert len(both.market.signals()) == 1
    with both.customs.runtime.database.read() as session:
        assert session.scalars(select(Outgoing.type)).all() == ["signal"]
    both.market.visit()
    assert len(both.market.signals()) == 1


def test_a_sender_that_was_restored_from_a_backup_begins_a_new_epoch(both: Both) -> None:
    brand = both.customs.brand()
    both.customs.confirm(brand, png(textured(5)))
    both.customs.share("Market")
    both.market.visit()
    gone = both.customs.confirm(brand, png(textured(6)))
    both.market.visit()
    assert len(both.market.signals()) == 2
    epoch = epoch_of(both.customs)
    both.customs.take_back(gone)
    with (
        both.customs.runtime.database.write() as session
    ):  # the second message was never sent, as far as it knows
        session.execute(update(Partner).values(sent_sequence=1, sent_pushed=1))
        row = session.scalar(select(Outgoing).where(Outgoing.sequence == 2))
        session.delete(row)
    both.market.visit()
    assert epoch_of(both.customs) != epoch
    assert len(both.market.signals()) == 1
    both.customs.confirm(brand, png(textured(7)))
    both.market.visit()
    assert len(both.market.signals()) == 2


def epoch_of(side: Side) -> str:
    with side.runtime.database.read() as session:
        [found] = repository.active(session, side.tenant_id)
    return found.sent_epoch


def test_an_answer_that_is_changed_on_its_way_changes_nothing(both: Both) -> None:
    both.customs.confirm(both.customs.brand(), png(textured(5)))
    both.customs.share("Market")
    both.wire.changed = lambda body: body.replace(b"Kumoru", b"Other!")
    assert both.market.visit()["failed"] == 1
    assert both.market.signals() == []
    assert both.market.incidents() == {"forged": 1}
    assert both.market.partner("Customs")["failure"]
    both.wire.changed = lambda body: body
    both.market.visit()
    assert len(both.market.signals()) == 1
    assert both.market.partner("Customs")["failure"] is None


def test_an_old_answer_is_none_to_a_new_question(both: Both) -> None:
    kept: list[bytes] = []
    both.customs.share("Market")

    def remember(body: bytes) -> bytes:
        kept.append(body)
        return kept[0]

    both.wire.changed = remember
    both.market.visit()
    both.customs.confirm(both.customs.brand(), png(textured(5)))
    assert both.market.visit()["failed"] == 1
    assert both.market.signals() == []
    assert both.market.incidents()["forged"] == 1


def test_an_opinion_reaches_the_sender_and_its_other_partners(both: Both, stranger: Stranger) -> None:
    both.customs.confirm(both.customs.brand(), png(textured(5)))
    both.customs.share("Market")
    third = both.customs.take_on(stranger.card(), stranger.fingerprint)
    both.customs.partners["Third"] = third
    both.customs.share("Third")
    both.market.visit()
    [signal] = both.market.signals()
    both.market.ask("PUT", f"/signals/{signal['id']}/opinion", json={"opinion": "disputes"})
    assert both.market.signals()[0]["disputed"] is True
    both.market.visit()
    both.customs.visit()
    both.market.visit()
    [told] = [each["body"]["disputes"] for each in dry(both.customs, "Third")["waiting"]]
    assert told == 1
    assert both.market.signals()[0]["signal"]["disputes"] == 0, "one's own dispute is not told back"

    both.market.ask("DELETE", f"/signals/{signal['id']}/opinion", 204)
    both.customs.visit()
    both.customs.visit()
    [told] = [each["body"]["disputes"] for each in dry(both.customs, "Third")["waiting"]]
    assert told == 0


def test_a_name_travels_by_itself_is_unreadable_at_rest_and_gone_at_its_expiry(both: Both) -> None:
    partner = both.customs.partners["Market"]
    new = {**NAME, "expires_at": (now() + timedelta(days=3)).isoformat()}
    sent = both.customs.ask("POST", f"/partners/{partner}/nominal", 201, json=new)
    both.market.visit()
    [shown] = both.market.ask("GET", "/nominal")["items"]
    assert (shown["value"], shown["legal_basis"]) == ("shop-9", "Customs Act 108-4")
    for side in (both.customs, both.market):
        assert b"shop-9" not in stored_bytes(side.runtime.settings.resolved_database_url)
    looked = both.market.client.get("/v1/audit/entries?limit=200", headers=both.market.admin).json()["items"]
    assert "exchange.nominal.look" in {each["action"] for each in looked}

    for side, table in ((both.customs, Outgoing), (both.market, Held)):
        with side.runtime.database.write() as session:
            session.execute(update(table).values(expires_at=now() - timedelta(seconds=1)))
    assert both.market.ask("GET", "/nominal")["items"] == []
    both.market.visit()
    for side, table in ((both.customs, Outgoing), (both.market, Held)):
        with side.runtime.database.read() as session:
            assert session.scalars(select(table)).all() == []
    assert sent["id"]


def test_a_name_can_be_taken_back_and_not_be_kept_for_ever(both: Both) -> None:
    partner = both.customs.partners["Market"]
    too_long = {**NAME, "expires_at": (now() + timedelta(days=400)).isoformat()}
    refused = both.customs.ask("POST", f"/partners/{partner}/nominal", 422, json=too_long)
    assert refused["type"] == "/problems/nominal-expiry"
    new = {**NAME, "expires_at": (now() + timedelta(days=3)).isoformat()}
    sent = both.customs.ask("POST", f"/partners/{partner}/nominal", 201, json=new)
    both.market.visit()
    both.customs.ask("DELETE", f"/partners/{partner}/nominal/{sent['id']}", 204)
    both.market.visit()
    assert both.market.ask("GET", "/nominal")["items"] == []


def test_a_partner_that_was_not_heard_of_lately_blocks_nothing(both: Both) -> None:
    brand = both.market.brand()
    enrol_genuine(both.market, brand)
    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    both.customs.share("Market", shares_pictures=True)
    both.market.visit()
    assert shared_signal(both.market, jpeg(COUNTERFEIT, 40))["strength"] == 2
    with both.market.runtime.database.write() as session:
        session.execute(update(Partner).values(heard_at=now() - timedelta(days=8)))
    assert shared_signal(both.market, jpeg(COUNTERFEIT, 40))["strength"] == 1


def test_a_signal_about_no_brand_of_the_house_counts_in_no_check(both: Both) -> None:
    both.market.brand("Another")
    both.customs.confirm(both.customs.brand("Kumoru"), png(COUNTERFEIT))
    both.customs.share("Market", shares_pictures=True)
    both.market.visit()
    assert both.market.signals()[0]["brand_id"] is None
    with pytest.raises(StopIteration):
        shared_signal(both.market, jpeg(COUNTERFEIT, 40))


def test_a_partnership_that_ends_unheard_is_ended_by_the_next_pull(both: Both) -> None:
    both.customs.confirm(both.customs.brand(), png(textured(5)))
    both.customs.share("Market")
    both.market.visit()
    both.wire.cut = True
    both.customs.ask("DELETE", f"/partners/{both.customs.partners['Market']}", 204)
    both.customs.runtime.waiters.submit(lambda: None).result()
    assert len(both.market.signals()) == 1
    both.wire.cut = False
    both.market.visit()
    assert both.market.signals() == []
    assert both.market.ask("GET", "/partners")["items"][0]["state"] == "ended"
    assert vectors_of_partners(both.market) == 0


def test_a_house_reindexes_what_partners_gave_with_its_own(both: Both) -> None:
    from service.vectors.reindex import reindex

    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    both.customs.share("Market", shares_pictures=True)
    both.market.visit()
    runtime = both.market.runtime
    other = DummyEncoder("other")
    made = reindex(runtime.database, runtime.blobs, runtime.picture_limits, other, lambda done, total: None)
    assert made == 1
