"""Reads a partner's feed from the cursor to its end, one page and one transaction at a time."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from service.clock import now
from service.exchange import repository
from service.exchange.answering import sealed
from service.exchange.door import opened_from
from service.exchange.ending import ended_by_partner
from service.exchange.inbox import note_refused
from service.exchange.incoming.forgetting import forget_unnamed
from service.exchange.incoming.receiving import Incoming, advance, receive
from service.exchange.incoming.repository import begin_epoch
from service.exchange.messages import Forged, MessageRefused, WrongFormat, digest, parse
from service.exchange.models import Partner
from service.exchange.wire import Feed, FeedRequest, MessageType, ToldEncoder, body_of
from service.fetching import FetchLimits, ask
from service.runtime import Runtime

LARGEST_ANSWER = 16 * 2**20
SECONDS = 30.0
PAGE = 250
MOST_PAGES = 400
"""Of one poll; what is left is read by the next."""
HEADER = "Exchange-Request"


class PartnerRefuses(MessageRefused):
    """The partner answers with something else than what was asked for; perhaps it has not accepted this house yet."""

    kind = "answer"


def pull(runtime: Runtime, partner: Partner, going_on: Callable[[], bool] = lambda: True) -> int:
    """Read what is new; how many messages that were.

    Raises:
        FetchError: the partner cannot be reached.
        MessageRefused: its answer is none that may be acted on.
    """
    received = 0
    for _ in range(MOST_PAGES):
        current = _current(runtime, partner)
        if current is None or not going_on():
            break
        page = _asked(runtime, current)
        if page is None:
            ended_by_partner(runtime, partner.tenant_id, partner.id)
            break
        received += _taken(runtime, current, page)
        if not page.more and not page.messages:  # asking once more tells the partner what need not be posted
            break
    return received


def limits_of(runtime: Runtime, most: int) -> FetchLimits:
    return FetchLimits(most, SECONDS, 0, runtime.settings.exchange_hosts_allowed)


def address_of(partner: Partner, what: str) -> str:
    return f"{partner.address}/exchange/v1/{partner.house}/{what}"


def request_header(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _current(runtime: Runtime, partner: Partner) -> Partner | None:
    with runtime.database.read() as session:
        found = repository.partner(session, partner.tenant_id, partner.id)
    return found if found is not None and found.ended_at is None else None


def _asked(runtime: Runtime, partner: Partner) -> Feed | None:
    """None when the partner says that it is over."""
    serving = runtime.vectors.serving()
    request = FeedRequest(
        epoch=partner.got_epoch,
        after=partner.got_through,
        limit=PAGE,
        snapshot=partner.in_snapshot,
        encoder=ToldEncoder(fingerprint=serving.fingerprint, copy_fingerprint=serving.copy_fingerprint),
    )
    text = sealed(runtime, partner, MessageType.FEED_REQUEST, request, None)
    headers = {HEADER: request_header(text), "Accept": "application/json"}
    answer = ask(address_of(partner, "feed"), limits_of(runtime, LARGEST_ANSWER), "GET", headers)
    if answer.status != 200:
        raise PartnerRefuses(f"The partner answers with status {answer.status}.")
    envelope = opened_from(runtime, partner, parse(answer.body, LARGEST_ANSWER))
    if envelope.in_reply_to != json.loads(text)["id"]:
        raise Forged("It answers another request.")
    if envelope.type == MessageType.FAREWELL:
        return None
    body = body_of(envelope)
    if not isinstance(body, Feed):
        raise WrongFormat(f"A {envelope.type} is no answer to a request for a feed.")
    _check_page(request, body)
    return body


def _check_page(request: FeedRequest, page: Feed) -> None:
    anew = page.snapshot and page.after == 0
    if not anew and (page.after != request.after or page.epoch != request.epoch):
        raise WrongFormat("The page does not begin at the cursor.")
    if page.through < page.after or (page.more and page.through == page.after and not anew):
        raise WrongFormat("The page does not lead on.")


def _taken(runtime: Runtime, partner: Partner, page: Feed) -> int:
    messages = [_verified(runtime, partner, document, page) for document in page.messages]
    with runtime.database.write() as session:
        locked = repository.locked(session, partner.tenant_id, partner.id)
        if locked is None or locked.ended_at is not None or _cursor(locked) != _cursor(partner):
            return 0  # a push came in between, or another process reads too: the next page is asked for from there
        if page.snapshot and page.after == 0:
            _begin_snapshot(session, locked, page.epoch)
        found = receive(runtime, session, locked, messages, page=True)
        advance(session, locked, page.through)
        note_refused(session, locked, found)
        if not page.more:
            _end_of_feed(runtime, session, locked)
        return found.received


def _begin_snapshot(session: Session, partner: Partner, epoch: str) -> None:
    if epoch != partner.got_epoch:
        begin_epoch(session, partner.tenant_id, partner.id)
    partner.got_epoch, partner.got_through = epoch, 0
    partner.generation, partner.in_snapshot = partner.generation + 1, True


def _end_of_feed(runtime: Runtime, session: Session, partner: Partner) -> None:
    if partner.in_snapshot:
        forget_unnamed(runtime, session, partner)
    partner.in_snapshot, partner.heard_at, partner.failure = False, now(), None


def _verified(runtime: Runtime, partner: Partner, document: dict[str, Any], page: Feed) -> Incoming:
    """One that is not as signed spoils the page: its sender does not do that."""
    envelope = opened_from(runtime, partner, document)
    if envelope.epoch != page.epoch or not envelope.sequence or envelope.sequence <= page.after:
        raise WrongFormat("A message of the page does not belong there.")
    return Incoming(envelope, digest(document))


def _cursor(partner: Partner) -> tuple[str | None, int, bool]:
    return partner.got_epoch, partner.got_through, partner.in_snapshot
