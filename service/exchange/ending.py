"""The end of a partnership: everything that the partner sent is gone at once, whoever ended it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from service.audit.service import record
from service.clock import now
from service.exchange import repository
from service.exchange.incidents import peer
from service.exchange.incoming.forgetting import forget_partner
from service.exchange.models import Partner, PartnerState
from service.exchange.outgoing.repository import drop_all
from service.exchange.partners import known_partner
from service.runtime import Runtime
from service.security.principals import Principal


def end(runtime: Runtime, session: Session, principal: Principal, partner_id: str) -> Partner:
    """Ended by this house. Its key is kept, so that it can be told so when it asks.

    Raises:
        NotFound: there is no such partner, or it has ended.
    """
    partner = known_partner(session, principal.tenant_id, partner_id, lock=True)
    _end(runtime, session, partner)
    record(session, principal, "exchange.partner.end", partner.id, {"by": "this house"})
    return partner


def ended_by_partner(runtime: Runtime, tenant_id: str, partner_id: str) -> None:
    """The partner signed that it is over. A second farewell changes nothing."""
    with runtime.database.write() as session:
        partner = repository.locked(session, tenant_id, partner_id)
        if partner is None or partner.ended_at is not None:
            return
        _end(runtime, session, partner)
        record(
            session, peer(tenant_id, partner_id), "exchange.partner.end", partner_id, {"by": "the partner"}
        )


def _end(runtime: Runtime, session: Session, partner: Partner) -> None:
    forget_partner(runtime, session, partner)
    drop_all(session, partner.tenant_id, partner.id)
    partner.state, partner.ended_at = PartnerState.ENDED.value, now()
    session.flush()
