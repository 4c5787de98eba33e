"""What partners shared, as this house sees it: about which of its brands, and whether it may block."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

import service.brands.service as brands
import service.rights.service as rights
from service.audit.service import record
from service.clock import now
from service.errors import NotFound
from service.exchange import repository as partners
from service.exchange.incoming import repository
from service.exchange.incoming.repository import SignalRow
from service.exchange.models import Partner, PartnerState, PictureState
from service.exchange.outgoing.content import Told, slot_of
from service.exchange.outgoing.publishing import append, standing_of, withdrawal
from service.exchange.wire import MessageType, Opinion, OpinionKind, Signal
from service.house_key import house_key
from service.security.principals import Principal
from service.settings import Settings
from service.text import fold


@dataclass(frozen=True)
class SharedFacts:
    """What a check needs to know of a partner's signal that it found."""

    item_id: str
    signal_id: str
    partner_id: str
    brand_id: str
    picture: str | None
    """SHA-256, where the picture itself is here to be compared with."""
    may_verify: bool
    """Whether it may count as verified: nobody disputes it, and its partner was heard of lately."""


def facts(
    session: Session, tenant_id: str, silence: timedelta, items: Sequence[str]
) -> dict[str, SharedFacts]:
    """By item id. Signals that are about no brand of the house, or about which of two nobody knows, are left out."""
    rows = repository.signals_of_items(session, tenant_id, items) if items else []
    if not rows:
        return {}
    ours = Brands(session, tenant_id)
    known = partners.by_id(session, tenant_id, sorted({row.partner_id for row in rows}))
    found = {}
    for row in rows:
        brand, partner = ours.of(row.signal), known[row.partner_id]
        if brand is not None:
            disputed = row.signal.disputes > 0 or opinion_on(session, row) is OpinionKind.DISPUTES
            found[row.item_id] = SharedFacts(
                row.item_id,
                row.id,
                row.partner_id,
                brand,
                row.signal.picture.sha256 if _has_picture(row) and row.signal.picture else None,
                may_verify=not disputed and _heard_lately(partner, silence),
            )
    return found


def listed(
    session: Session, tenant_id: str, partner_id: str | None, limit: int, after: str | None
) -> Sequence[SignalRow]:
    return repository.signal_page(session, tenant_id, partner_id, limit, after)


def known_signal(session: Session, tenant_id: str, signal_id: str) -> SignalRow:
    """
    Raises:
        NotFound: no partner of the house shares such a signal now.
    """
    found = repository.signal(session, tenant_id, signal_id)
    if found is None:
        raise NotFound(f"There is no shared signal {signal_id}.")
    return found


def opinion_on(session: Session, row: SignalRow) -> OpinionKind | None:
    """Of this house."""
    body = standing_of(session, row.tenant_id, row.partner_id, slot_of("opinion", row.signal.id))
    return OpinionKind(body["opinion"]) if body and "opinion" in body else None


def give_opinion(
    settings: Settings, session: Session, principal: Principal, signal_id: str, opinion: OpinionKind | None
) -> SignalRow:
    """Tell the partner what this house thinks of its signal; None takes back what it thought.

    Raises:
        NotFound: likewise.
    """
    row = known_signal(session, principal.tenant_id, signal_id)
    if opinion_on(session, row) is opinion:
        return row
    partner = partners.locked(session, row.tenant_id, row.partner_id)
    if partner is None or partner.state != PartnerState.ACTIVE:
        raise NotFound(f"There is no shared signal {signal_id}.")
    slot = slot_of("opinion", row.signal.id)
    told = (
        withdrawal("opinion", row.signal.id)
        if opinion is None
        else Told(slot, MessageType.OPINION, Opinion(signal=row.signal.id, opinion=opinion))
    )
    append(settings, session, house_key(settings.data_dir), partner, [told])
    detail = {"partner_id": partner.id, "opinion": opinion.value if opinion else None}
    record(session, principal, "exchange.opinion", signal_id, detail)
    return row


class Brands:
    """Which brand of the house somebody else's words are about."""

    def __init__(self, session: Session, tenant_id: str) -> None:
        self._session, self._tenant_id = session, tenant_id
        names: dict[str, set[str]] = {}
        for brand in brands.names_for_tenant(session, tenant_id):
            for name in (brand.name, *brand.spellings):
                names.setdefault(fold(name), set()).add(brand.id)
        self._names: Mapping[str, set[str]] = names

    def of(self, signal: Signal) -> str | None:
        """By a right of the same office and number; else by the name. None where that fits several, or none."""
        registered = {
            brand
            for right in signal.rights
            for brand in rights.brands_with_right(
                self._session, self._tenant_id, right.kind.value, right.office, right.number
            )
        }
        named = self._names.get(fold(signal.brand), set())
        for found in (registered & named, registered, named):
            if found:
                return found.copy().pop() if len(found) == 1 else None
        return None


def _has_picture(row: SignalRow) -> bool:
    return row.picture_state is PictureState.KEPT


def _heard_lately(partner: Partner, silence: timedelta) -> bool:
    """A withdrawal may have been missed of one that was not read for long."""
    return partner.heard_at is not None and now() - partner.heard_at <= silence
