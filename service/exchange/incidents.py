"""Messages that were refused: counted by the hour, audited once in it, so that a forger cannot fill the log."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from service.audit.service import record
from service.clock import now
from service.exchange import repository
from service.exchange.models import Incident
from service.ids import new_id
from service.security.principals import Principal, Role

KEPT = timedelta(days=400)
_DETAIL = 500
_log = logging.getLogger(__name__)


def peer(tenant_id: str, partner_id: str) -> Principal:
    """Who acts when a partner's message does something; it has no rights by that."""
    return Principal(partner_id, tenant_id, "", Role.AUDITOR)


def note(session: Session, tenant_id: str, partner_id: str, kind: str, detail: str) -> None:
    """Within the caller's transaction; `partner_id` is empty where nobody knows whose it was."""
    at = now()
    hour = at.replace(minute=0, second=0, microsecond=0)
    held = repository.incident(session, tenant_id, partner_id, kind, hour)
    told = detail[:_DETAIL]
    if held is None:
        session.add(
            Incident(
                id=new_id("inc"),
                tenant_id=tenant_id,
                party=partner_id,
                kind=kind,
                hour=hour,
                count=1,
                detail=told,
                last_at=at,
            )
        )
        detailed = {"kind": kind, "detail": told}
        record(session, peer(tenant_id, partner_id), "exchange.refused", partner_id or tenant_id, detailed)
    else:
        held.count += 1
        held.detail, held.last_at = told, at
    session.flush()
    _log.warning("exchange: %s message of %s refused: %s", kind, partner_id or "an unknown party", detail)


def listed(session: Session, tenant_id: str, limit: int, after: str | None) -> Sequence[Incident]:
    return repository.incidents(session, tenant_id, limit, after)
