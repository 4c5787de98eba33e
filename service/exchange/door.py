"""Who knocks: verifies a signed request of a partner, once, and only while it is fresh."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from service.clock import now
from service.errors import Unauthenticated
from service.exchange import incidents, repository
from service.exchange.keys import Party, own_party
from service.exchange.messages import (
    Envelope,
    Forged,
    MessageRefused,
    WrongFormat,
    named_parties,
    opened,
    parse,
)
from service.exchange.models import Partner, PartnerState
from service.exchange.wire import MessageType, Stated, body_of
from service.house_key import house_key
from service.runtime import Runtime

FRESH = timedelta(minutes=5)
LARGEST_REQUEST = 16 * 2**10

B = TypeVar("B", bound=Stated)


class Replayed(MessageRefused):
    kind = "replayed"


class Stale(MessageRefused):
    kind = "stale"


class UnknownParty(MessageRefused):
    kind = "unknown"


class ExchangeRefused(Unauthenticated):
    slug = "exchange-refused"
    title = "The message is not one of a partner of this house"
    help = "It must be signed by an accepted partner, for this house, within five minutes, and sent once."

    def __init__(self) -> None:
        super().__init__("The message is not one of a partner of this house.")


@dataclass(frozen=True)
class Knock:
    """A verified request. Of a partnership that is over only so much is known: that it is."""

    partner: Partner
    envelope: Envelope
    body: Stated

    @property
    def is_over(self) -> bool:
        return self.partner.state == PartnerState.ENDED


def asked(runtime: Runtime, house: str, header: str, type_: MessageType) -> Knock:
    """
    Args:
        header: base64url of the request message.

    Raises:
        ExchangeRefused: in the same words whatever is wrong; what it was is kept as an incident of the house.
    """
    try:
        document = parse(_decoded(header), LARGEST_REQUEST)
        partner = verified_sender(runtime, house, document)
    except MessageRefused as refusal:
        note_refusal(runtime, house, "", refusal)
        raise ExchangeRefused from refusal
    try:
        return _opened(runtime, partner, document, type_)
    except MessageRefused as refusal:
        note_refusal(runtime, house, partner.id, refusal)
        raise ExchangeRefused from refusal


def verified_sender(runtime: Runtime, house: str, document: dict[str, Any]) -> Partner:
    """The partner that a message names as its sender, if it is for this house. Nothing is verified by that yet.

    Raises:
        MessageRefused: there is no such partner, or it is meant for another house.
    """
    sender, recipient = named_parties(document)
    if recipient != own_party(house_key(runtime.settings.data_dir), house):
        raise Forged("It is meant for another house.")
    with runtime.database.read() as session:
        partner = repository.of_party(session, house, sender)
    if partner is None or partner.state == PartnerState.PROPOSED:
        raise UnknownParty(
            f"The key {sender.key[:16]}… of house {sender.house} is none of an accepted partner."
        )
    return partner


def opened_from(runtime: Runtime, partner: Partner, document: dict[str, Any]) -> Envelope:
    """
    Raises:
        MessageRefused: it is not what the partner signed for this house.
    """
    own = own_party(house_key(runtime.settings.data_dir), partner.tenant_id)
    return opened(document, partner.public_key, Party(key=partner.key_id, house=partner.house), own)


def note_refusal(runtime: Runtime, house: str, partner_id: str, refusal: MessageRefused) -> None:
    """Nothing is kept for a house that there is not."""
    with runtime.database.write() as session:
        if repository.has_house(session, house):
            incidents.note(session, house, partner_id, refusal.kind, str(refusal))


def _opened(runtime: Runtime, partner: Partner, document: dict[str, Any], type_: MessageType) -> Knock:
    envelope = opened_from(runtime, partner, document)
    if envelope.type != type_:
        raise WrongFormat(f"A {envelope.type} was sent where a {type_} belongs.")
    body = body_of(envelope)
    if abs(now() - envelope.issued_at) > FRESH:
        raise Stale(f"It was issued at {envelope.issued_at:%Y-%m-%d %H:%M:%S}, which is not now.")
    with runtime.database.write() as session:
        repository.forget_asked(session, partner.tenant_id, now())
        expires = envelope.issued_at + 2 * FRESH
        if not repository.note_asked(session, partner.tenant_id, partner.id, envelope.id, expires):
            raise Replayed(f"The request {envelope.id} was answered before.")
    return Knock(partner, envelope, body)


def _decoded(header: str) -> bytes:
    try:
        return base64.b64decode(header + "=" * (-len(header) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise MessageRefused("The header is not base64url.") from error
