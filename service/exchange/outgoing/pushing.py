"""Posts what is new to a partner, so that it need not wait for its own poll; what does not arrive is pulled."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from service.database import after_commit
from service.exchange import repository as partners
from service.exchange.answering import farewell
from service.exchange.door import opened_from
from service.exchange.ending import ended_by_partner
from service.exchange.incoming.pulling import LARGEST_ANSWER, PartnerRefuses, address_of, limits_of
from service.exchange.messages import WrongFormat, parse
from service.exchange.models import Outgoing, Partner
from service.exchange.outgoing import repository
from service.exchange.outgoing.publishing import message_text, publish
from service.exchange.wire import MessageType, Receipt, body_of
from service.fetching import FetchError, ask
from service.runtime import Runtime

_log = logging.getLogger(__name__)
AT_ONCE = 50
MOST_POSTS = 20
"""Of one poll; a partner that is further behind pulls."""
MOST_PUBLISHED = 50


def sign_what_is_due(runtime: Runtime, partner: Partner) -> None:
    """Whether the partner can be reached or not."""
    for _ in range(MOST_PUBLISHED):
        if not publish(runtime, partner.tenant_id, partner.id):
            break


def push(runtime: Runtime, partner: Partner, going_on: Callable[[], bool] = lambda: True) -> int:
    """Post what the partner is not known to have; how many messages were posted.

    Raises:
        FetchError: the partner cannot be reached.
        MessageRefused: its answer is none that may be acted on.
    """
    posted = 0
    for _ in range(MOST_POSTS if partner.address else 0):
        rows = _waiting(runtime, partner)
        if not rows or not going_on():
            break
        if not _posted(runtime, partner, rows):
            break
        posted += len(rows)
    return posted


def farewell_later(runtime: Runtime, session: Session, partner: Partner) -> None:
    """Say that it is over, once that is committed; a partner that cannot be reached is told so when it asks."""
    if partner.address:
        text = farewell(runtime, partner, None)
        after_commit(session, lambda: _said(runtime, partner, text))


def _said(runtime: Runtime, partner: Partner, text: str) -> None:
    def say() -> None:
        try:
            _post(runtime, partner, [text])
        except FetchError as error:
            _log.warning("partner %s was not told that it is over: %s", partner.id, error)

    runtime.waiters.submit(say)


def _waiting(runtime: Runtime, partner: Partner) -> Sequence[Outgoing]:
    with runtime.database.read() as session:
        current = partners.partner(session, partner.tenant_id, partner.id)
        if current is None or current.ended_at is not None:
            return []
        return repository.after(session, partner.tenant_id, partner.id, current.sent_pushed, AT_ONCE)


def _posted(runtime: Runtime, partner: Partner, rows: Sequence[Outgoing]) -> bool:
    """Whether the partner has them now."""
    status, body = _post(runtime, partner, [message_text(runtime.settings, row) for row in rows])
    if status != 200:
        raise PartnerRefuses(f"The partner answers with status {status}.")
    envelope = opened_from(runtime, partner, parse(body, LARGEST_ANSWER))
    if envelope.type == MessageType.FAREWELL:
        ended_by_partner(runtime, partner.tenant_id, partner.id)
        return False
    receipt = body_of(envelope)
    if not isinstance(receipt, Receipt):
        raise WrongFormat(f"A {envelope.type} is no receipt.")
    return _noted(runtime, partner, rows[-1].sequence, receipt)


def _noted(runtime: Runtime, partner: Partner, posted: int, receipt: Receipt) -> bool:
    """A partner that reads from another place is left to its own pull."""
    with runtime.database.write() as session:
        locked = partners.locked(session, partner.tenant_id, partner.id)
        if locked is None or receipt.epoch != locked.sent_epoch:
            return False
        locked.sent_pushed = max(locked.sent_pushed, min(receipt.through, locked.sent_sequence))
        return locked.sent_pushed >= posted


def _post(runtime: Runtime, partner: Partner, texts: Sequence[str]) -> tuple[int, bytes]:
    body = json.dumps({"messages": [json.loads(text) for text in texts]}, separators=(",", ":")).encode()
    limits = limits_of(runtime, LARGEST_ANSWER)
    headers = {"Content-Type": "application/json"}
    answer = ask(address_of(partner, "inbox"), limits, "POST", headers, body)
    return answer.status, answer.body
