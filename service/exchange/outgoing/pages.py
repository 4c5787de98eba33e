"""Answers a partner's request for its feed, page by page."""

from __future__ import annotations

import json
from collections.abc import Sequence

from service.exchange.models import Outgoing, Partner
from service.exchange.outgoing import repository
from service.exchange.outgoing.publishing import begin_anew, message_text, publish, tidy
from service.exchange.partners import active_partner
from service.exchange.wire import Feed, FeedRequest
from service.runtime import Runtime

MOST_BYTES = 4 * 2**20
"""Of the messages of one page; a single one may be larger."""


def feed(runtime: Runtime, tenant_id: str, partner_id: str, asked: FeedRequest) -> Feed:
    """What follows the cursor; at the end of the feed what became due meanwhile is put there first.

    Raises:
        NotFound: the partnership ended meanwhile.
    """
    partner = _prepared(runtime, tenant_id, partner_id, asked)
    more_due = False
    if _is_stale(partner, asked) or asked.after >= partner.sent_sequence:
        more_due = publish(runtime, tenant_id, partner_id)
    with runtime.database.read() as session:
        partner = active_partner(session, tenant_id, partner_id)
        stale = _is_stale(partner, asked)
        after = 0 if stale else asked.after
        rows = repository.after(session, tenant_id, partner_id, after, asked.limit)
    taken = _within_bytes(rows)
    whole = len(taken) == len(rows) < asked.limit
    through = partner.sent_sequence if whole else taken[-1].sequence
    return Feed(
        epoch=partner.sent_epoch,
        snapshot=stale or asked.snapshot,
        after=after,
        through=through,
        more=more_due or through < partner.sent_sequence,
        messages=[json.loads(message_text(runtime.settings, row)) for row in taken],
    )


def _prepared(runtime: Runtime, tenant_id: str, partner_id: str, asked: FeedRequest) -> Partner:
    """With what the request says about the partner noted."""
    with runtime.database.write() as session:
        partner = active_partner(session, tenant_id, partner_id, lock=True)
        if asked.encoder is not None:
            partner.fingerprint = asked.encoder.fingerprint
            partner.copy_fingerprint = asked.encoder.copy_fingerprint
        if asked.epoch == partner.sent_epoch:
            if asked.after > partner.sent_sequence:  # this database was restored from an earlier state
                begin_anew(runtime.settings, session, partner)
            else:
                partner.sent_pushed = max(partner.sent_pushed, asked.after)
        tidy(runtime.settings, session, partner)
        return partner


def _is_stale(partner: Partner, asked: FeedRequest) -> bool:
    if asked.epoch != partner.sent_epoch or asked.after > partner.sent_sequence:
        return True
    return asked.after < partner.sent_horizon and not asked.snapshot


def _within_bytes(rows: Sequence[Outgoing]) -> Sequence[Outgoing]:
    size = 0
    for at, row in enumerate(rows):
        size += len(row.text)
        if size > MOST_BYTES and at:
            return rows[:at]
    return rows
