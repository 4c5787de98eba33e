"""Sends and shows names: each on its own, by an administrator, with purpose, basis and expiry, and on record."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.audit.service import record
from service.clock import now
from service.errors import NotFound
from service.exchange import nominal
from service.exchange.incoming import repository
from service.exchange.models import Held
from service.exchange.outgoing.publishing import append, withdrawal
from service.exchange.outgoing.repository import of_slot
from service.exchange.partners import active_partner
from service.exchange.schemas import NewNominal, NominalOut
from service.exchange.wire import MessageType, Nominal
from service.house_key import house_key
from service.ids import new_id
from service.security.principals import Principal
from service.settings import Settings


def send(
    settings: Settings, session: Session, principal: Principal, partner_id: str, new: NewNominal
) -> Nominal:
    """Put a name into the partner's feed. The audit log tells that and why, and not the name.

    Raises:
        NotFound: there is no active partner of that id.
        ExpiryNotAllowed: it would be kept too long, or not at all.
    """
    nominal.check_expiry(new.expires_at)
    partner = active_partner(session, principal.tenant_id, partner_id, lock=True)
    body = Nominal.model_validate({**new.model_dump(), "id": new_id("nom")})
    append(settings, session, house_key(settings.data_dir), partner, [nominal.told(body)])
    detail = {
        "partner_id": partner.id,
        "subject": body.subject.value,
        "purpose": body.purpose,
        "legal_basis": body.legal_basis,
        "expires_at": body.expires_at,
    }
    record(session, principal, "exchange.nominal.send", body.id, detail)
    return body


def take_back(
    settings: Settings, session: Session, principal: Principal, partner_id: str, nominal_id: str
) -> None:
    """Have the partner delete a name before its expiry.

    Raises:
        NotFound: the partner was not sent it, or it has expired.
    """
    partner = active_partner(session, principal.tenant_id, partner_id, lock=True)
    told = withdrawal("nominal", nominal_id)
    row = of_slot(session, principal.tenant_id, partner_id, told.slot)
    if row is None or row.type != MessageType.NOMINAL:
        raise NotFound(f"There is no nominal message {nominal_id} to this partner.")
    append(settings, session, house_key(settings.data_dir), partner, [told])
    record(session, principal, "exchange.nominal.take-back", nominal_id, {"partner_id": partner_id})


def look(
    settings: Settings, session: Session, principal: Principal, limit: int, after: str | None
) -> Sequence[NominalOut]:
    """Names that partners sent and that have not expired; who looked is on record."""
    rows = repository.nominal_page(session, principal.tenant_id, now(), limit, after)
    if rows:
        record(
            session, principal, "exchange.nominal.look", principal.tenant_id, {"ids": [r.id for r in rows]}
        )
    return [_shown(settings, row) for row in rows]


def _shown(settings: Settings, row: Held) -> NominalOut:
    body = nominal.unlocked(settings, row.box or "")
    return NominalOut(
        id=row.id,
        partner_id=row.partner_id,
        subject=body.subject,
        value=body.value,
        purpose=body.purpose,
        legal_basis=body.legal_basis,
        expires_at=row.expires_at or body.expires_at,
        signal=body.signal,
        received_at=row.changed_at,
    )
