"""Partners: introduced by a signed card, accepted once somebody compared the fingerprint, and told when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from service.audit.chain import canonical
from service.audit.service import record
from service.clock import now
from service.errors import Conflict, NotFound, Unprocessable
from service.exchange import repository
from service.exchange.keys import Party, key_id, same_fingerprint
from service.exchange.messages import MessageRefused, parse, signed_text
from service.exchange.models import Introduction, Partner, PartnerState
from service.exchange.schemas import NewIntroduction, Sharing
from service.exchange.wire import Card
from service.fetching import parse_target
from service.house_key import HouseKey, fingerprint, is_signed
from service.ids import new_id
from service.security.principals import Principal
from service.settings import Settings

LARGEST_CARD = 8 * 2**10


class NotIntroduced(Conflict):
    slug = "exchange-not-introduced"
    title = "This house has not said how it introduces itself"
    help = "PUT /v1/exchange/introduction, or run `mizugiwa exchange introduce`."


class CardRefused(Unprocessable):
    slug = "exchange-card-refused"
    title = "This is no card of a house"
    help = "Ask the partner for what `mizugiwa exchange introduce` printed there, unchanged."


class PartnerKnown(Conflict):
    slug = "exchange-partner-known"
    title = "The house is a partner already"
    help = "Use the partner that the member `partner_id` names, or end that partnership first."


class FingerprintDiffers(Conflict):
    slug = "exchange-fingerprint-differs"
    title = "What was read out is not the fingerprint of the partner's key"
    help = "Ask again, by telephone or in person. If it still differs, somebody changed the card on its way."


def introduce(session: Session, principal: Principal, new: NewIntroduction) -> Introduction:
    """Say how the house introduces itself from now on; cards that were given away still hold."""
    found = repository.introduction(session, principal.tenant_id)
    if found is None:
        found = Introduction(tenant_id=principal.tenant_id)
        session.add(found)
    found.name, found.kind = new.name, new.kind.value
    found.address, found.place = new.address, new.place or ""
    found.changed_at = now()
    session.flush()
    record(
        session,
        principal,
        "exchange.introduce",
        principal.tenant_id,
        {"name": new.name, "address": new.address},
    )
    return found


def card(session: Session, key: HouseKey, tenant_id: str) -> str:
    """The house's card, signed, as text to be handed over.

    Raises:
        NotIntroduced: nobody has said what stands on it.
    """
    found = repository.introduction(session, tenant_id)
    if found is None:
        raise NotIntroduced("Nobody has said what stands on this house's card.")
    content = Card.model_validate(
        {
            "format": "mizugiwa-exchange-card-1",
            "name": found.name,
            "kind": found.kind,
            "house": tenant_id,
            "public_key": key.public,
            "address": found.address,
        }
    )
    return signed_text(key, content.model_dump(mode="json"))


def enrol(session: Session, settings: Settings, principal: Principal, text: str) -> Partner:
    """First step: the card is here. Nothing is exchanged before the second.

    Raises:
        CardRefused: it is none, or was changed since it was signed.
        UrlNotAllowed: its address is not one that this installation may reach.
        PartnerKnown: that house is a partner already.
    """
    told = read_card(text)
    if told.address:
        parse_target(told.address, settings.exchange_hosts_allowed)
    party = Party(key=key_id(told.public_key), house=told.house)
    held = repository.of_party(session, principal.tenant_id, party)
    if held is not None and held.ended_at is None:
        raise PartnerKnown(f"It is the partner {held.id} already.", partner_id=held.id)
    partner = _proposed(principal, party, told)
    session.add(partner)
    session.flush()
    detail = {"name": told.name, "fingerprint": fingerprint(told.public_key), "address": told.address}
    record(session, principal, "exchange.partner.enrol", partner.id, detail)
    return partner


def accept(session: Session, principal: Principal, partner_id: str, read_out: str) -> Partner:
    """Second step: the fingerprint, as the partner read it out by another way than the card came. Twice is no error.

    Raises:
        NotFound, FingerprintDiffers: and nothing is changed.
    """
    partner = known_partner(session, principal.tenant_id, partner_id, lock=True)
    if not same_fingerprint(read_out, partner.public_key):
        raise FingerprintDiffers("The fingerprint of the partner's key is another.")
    if partner.state == PartnerState.ACTIVE:
        return partner
    partner.state = PartnerState.ACTIVE.value
    partner.accepted_by, partner.accepted_at = principal.key_id, now()
    session.flush()
    record(session, principal, "exchange.partner.accept", partner.id, {})
    return partner


def share(session: Session, principal: Principal, partner_id: str, sharing: Sharing) -> Partner:
    """Say what the partner is told of. What it should not have any more is withdrawn at the next poll."""
    partner = known_partner(session, principal.tenant_id, partner_id, lock=True)
    given = sharing.model_dump(exclude_unset=True)
    for field, value in given.items():
        setattr(partner, field, value)
    session.flush()
    record(session, principal, "exchange.partner.share", partner.id, given)
    return partner


def known_partner(session: Session, tenant_id: str, partner_id: str, *, lock: bool = False) -> Partner:
    """
    Raises:
        NotFound: the tenant has no such partner, or that partnership is over.
    """
    read = repository.locked if lock else repository.partner
    found = read(session, tenant_id, partner_id)
    if found is None or found.ended_at is not None:
        raise NotFound(f"There is no partner {partner_id}.")
    return found


def active_partner(session: Session, tenant_id: str, partner_id: str, *, lock: bool = False) -> Partner:
    """
    Raises:
        NotFound: likewise, or nobody has accepted it.
    """
    read = repository.locked if lock else repository.partner
    found = read(session, tenant_id, partner_id)
    if found is None or found.state != PartnerState.ACTIVE:
        raise NotFound(f"There is no active partner {partner_id}.")
    return found


def list_partners(session: Session, tenant_id: str, limit: int, after: str | None) -> Sequence[Partner]:
    return repository.page(session, tenant_id, limit, after)


def read_card(text: str) -> Card:
    """
    Raises:
        CardRefused: it is none, or was changed since it was signed.
    """
    try:
        document = parse(text, LARGEST_CARD)
        content = {name: value for name, value in document.items() if name != "signature"}
        found = Card.model_validate(content)
    except (MessageRefused, ValidationError) as error:
        raise CardRefused("It is not what a house prints as its card.") from error
    if not _is_own(found, content, document.get("signature")):
        raise CardRefused("It was changed since it was signed, or signed with another key than it names.")
    return found


def _is_own(found: Card, content: dict[str, Any], signature: object) -> bool:
    return isinstance(signature, str) and is_signed(found.public_key, signature, canonical(content).encode())


def _proposed(principal: Principal, party: Party, told: Card) -> Partner:
    return Partner(
        id=new_id("prt"),
        tenant_id=principal.tenant_id,
        house=party.house,
        public_key=told.public_key,
        key_id=party.key,
        name=told.name,
        kind=told.kind.value,
        address=told.address.rstrip("/"),
        state=PartnerState.PROPOSED.value,
        enrolled_by=principal.key_id,
        enrolled_at=now(),
        shares=False,
        shares_pictures=False,
        shares_descriptors=False,
        brands=None,
        sent_epoch=new_id("epo"),
        sent_sequence=0,
        sent_horizon=0,
        sent_pushed=0,
        got_through=0,
        generation=0,
        in_snapshot=False,
    )
