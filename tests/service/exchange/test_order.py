"""Whatever the order, however often, with whatever lost and pulled later: both sides end with the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from service.clock import now
from service.exchange import repository
from service.exchange.incoming.receiving import Incoming, advance, receive
from service.exchange.messages import Envelope, digest
from service.exchange.models import Held, Partner, PartnerState, Seen
from service.ids import new_id
from tests.service.exchange.houses import MARKET, SIGNAL, Side, opened

THINGS = st.sampled_from(["a", "b", "c"])
EVENTS = st.one_of(
    st.tuples(st.just("signal"), THINGS, st.integers(0, 3)),
    st.tuples(st.just("opinion"), THINGS, st.sampled_from(["confirms", "disputes"])),
    st.tuples(st.just("withdrawal"), THINGS, st.sampled_from(["signal", "opinion"])),
)
Event = tuple[str, str, Any]


@pytest.fixture(scope="module")
def side(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Side]:
    folder: Path = tmp_path_factory.mktemp("order") / "house"
    with opened(folder, "Market", MARKET) as found:
        yield found


def body_of(event: Event) -> dict[str, Any]:
    kind, thing, what = event
    if kind == "signal":
        return SIGNAL | {"id": thing, "disputes": what}
    if kind == "opinion":
        return {"signal": thing, "opinion": what}
    return {"of": what, "id": thing}


def message(sequence: int, event: Event) -> Incoming:
    party = {"key": "ab" * 32, "house": "h"}
    document = {
        "format": "mizugiwa-exchange-1",
        "id": f"m-{sequence}",
        "type": event[0],
        "sender": party,
        "recipient": party,
        "epoch": "e-1",
        "sequence": sequence,
        "in_reply_to": None,
        "issued_at": "2026-11-24T00:00:00Z",
        "purpose": "counterfeit-prevention",
        "body": body_of(event),
    }
    return Incoming(Envelope.model_validate(document), digest(document))


def expected(events: list[Event]) -> dict[str, dict[str, Any]]:
    """What the last word about each thing leaves."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        kind, thing, what = event
        if kind == "withdrawal":
            found.pop(f"{what}:{thing}", None)
        else:
            found[f"{kind}:{thing}"] = body_of(event)
    return found


def fresh_partner(side: Side) -> str:
    identity = new_id("prt")
    with side.runtime.database.write() as session:
        session.add(
            Partner(
                id=identity,
                tenant_id=side.tenant_id,
                house=identity,
                public_key="",
                key_id=identity,
                name="P",
                kind="customs",
                address="",
                state=PartnerState.ACTIVE.value,
                enrolled_by="test",
                enrolled_at=now(),
                shares=False,
                shares_pictures=False,
                shares_descriptors=False,
                sent_epoch="x",
                sent_sequence=0,
                sent_horizon=0,
                sent_pushed=0,
                got_epoch="e-1",
                got_through=0,
                generation=0,
                in_snapshot=False,
            )
        )
    return identity


def held(side: Side, partner_id: str) -> dict[str, dict[str, Any]]:
    query = select(Held).where(Held.partner_id == partner_id, Held.body.is_not(None))
    with side.runtime.database.read() as session:
        return {row.slot: row.body for row in session.scalars(query) if row.body is not None}


def indexed(side: Side, partner_id: str) -> set[str]:
    """Slots whose hash is found by a search."""
    from service.vectors.models import StoredVector

    with side.runtime.database.read() as session:
        rows = session.scalars(select(Held).where(Held.partner_id == partner_id, Held.kind == "signal")).all()
        items = {row.item_id: row.slot for row in rows if row.item_id}
        query = select(StoredVector.item_id).where(StoredVector.item_id.in_(items))
        return {items[item] for item in session.scalars(query)}


def arrives(
    side: Side, partner_id: str, messages: list[Incoming], *, page_through: int | None = None
) -> None:
    """One transaction, as a post; or as a page of the feed, which says up to where it is complete."""
    with side.runtime.database.write() as session:
        partner = repository.locked(session, side.tenant_id, partner_id)
        assert partner is not None
        receive(side.runtime, session, partner, messages, page=page_through is not None)
        if page_through is not None:
            advance(session, partner, page_through)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_order_repetition_and_grouping_ends_in_the_same_state(side: Side, data: st.DataObject) -> None:
    events = data.draw(st.lists(EVENTS, min_size=1, max_size=8))
    messages = [message(at, event) for at, event in enumerate(events, 1)]
    order = data.draw(st.permutations(messages))
    again = data.draw(st.lists(st.sampled_from(messages), max_size=4))
    cut = data.draw(st.integers(0, len(order)))
    partner = fresh_partner(side)
    for group in (order[:cut], again, order[cut:], again):
        arrives(side, partner, list(group))
    assert held(side, partner) == expected(events)
    assert indexed(side, partner) == {slot for slot in expected(events) if slot.startswith("signal")}
    with side.runtime.database.read() as session:
        row = repository.partner(session, side.tenant_id, partner)
        assert row is not None
        assert row.got_through == len(events)
        assert session.scalars(select(Seen).where(Seen.partner_id == partner)).all() == []
        tombs = select(Held).where(Held.partner_id == partner, Held.body.is_(None))
        assert session.scalars(tombs).all() == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_was_lost_is_healed_by_one_page_of_what_stands(side: Side, data: st.DataObject) -> None:
    """The feed holds each thing once, at its newest: what was replaced is in no page, and was perhaps posted."""
    events = data.draw(st.lists(EVENTS, min_size=1, max_size=8))
    messages = [message(at, event) for at, event in enumerate(events, 1)]
    posted = data.draw(st.lists(st.sampled_from(messages), max_size=6))
    newest: dict[str, Incoming] = {}
    for event, each in zip(events, messages, strict=True):
        kind, thing, what = event
        newest[f"{what if kind == 'withdrawal' else kind}:{thing}"] = each
    partner = fresh_partner(side)
    arrives(side, partner, posted)
    page = sorted(newest.values(), key=lambda each: each.sequence)
    with side.runtime.database.read() as session:
        row = repository.partner(session, side.tenant_id, partner)
        assert row is not None
        page = [each for each in page if each.sequence > row.got_through]
    arrives(side, partner, page, page_through=len(events))
    late = data.draw(st.lists(st.sampled_from(messages), max_size=3))
    arrives(side, partner, late)
    assert held(side, partner) == expected(events)
    assert indexed(side, partner) == {slot for slot in expected(events) if slot.startswith("signal")}
