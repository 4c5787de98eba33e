"""Shows what would leave the house for a partner, by the code that signs it, and sends nothing."""

from __future__ import annotations

import json

from sqlalchemy.orm import Session

from service.errors import NotFound
from service.exchange import repository as partners
from service.exchange.outgoing import repository
from service.exchange.outgoing.publishing import due, message_text
from service.exchange.schemas import DryRun, WouldLeave
from service.settings import Settings


def dry_run(settings: Settings, session: Session, tenant_id: str, partner_id: str, at_most: int) -> DryRun:
    """Also for a partner that nobody has accepted yet: what would be told once it is.

    Raises:
        NotFound: there is no such partner, or that partnership is over.
    """
    partner = partners.partner(session, tenant_id, partner_id)
    if partner is None or partner.ended_at is not None:
        raise NotFound(f"There is no partner {partner_id}.")
    found = due(session, partner, at_most)
    rows = repository.after(session, tenant_id, partner_id, partner.sent_pushed, at_most + 1)
    return DryRun(
        partner_id=partner_id,
        messages=[
            WouldLeave(slot=each.slot, type=each.type.value, body=each.body.model_dump(mode="json"))
            for each in found.told
        ],
        waiting=[json.loads(message_text(settings, row)) for row in rows[:at_most]],
        more=found.more or len(rows) > at_most,
    )
