"""Takes in what a partner posts: every message is verified by itself, and what is wrong with one concerns no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from service.clock import now
from service.exchange import incidents, repository
from service.exchange.answering import farewell, sealed
from service.exchange.door import FRESH, ExchangeRefused, note_refusal, opened_from, verified_sender
from service.exchange.ending import ended_by_partner
from service.exchange.incoming.receiving import Incoming, Received, has_gap, receive
from service.exchange.messages import Envelope, Forged, MessageRefused, WrongFormat, digest
from service.exchange.models import Partner, PartnerState
from service.exchange.wire import IN_FEED, MessageType, Receipt, Refusal
from service.runtime import Runtime

_REASON = 300
_SHOWN = 100


def take_in(runtime: Runtime, house: str, documents: Sequence[dict[str, Any]]) -> str:
    """Answers with a receipt, signed.

    Raises:
        ExchangeRefused: not one of the messages is signed by a partner.
    """
    partner, messages, refused = _verified(runtime, house, documents)
    if partner is None:
        raise ExchangeRefused
    if partner.state == PartnerState.ENDED:
        return farewell(runtime, partner, None)
    if any(each.envelope.type == MessageType.FAREWELL for each in messages):
        ended_by_partner(runtime, house, partner.id)
        return farewell(runtime, partner, None)
    return sealed(runtime, partner, MessageType.RECEIPT, _received(runtime, partner, messages, refused), None)


def _verified(
    runtime: Runtime, house: str, documents: Sequence[dict[str, Any]]
) -> tuple[Partner | None, list[Incoming], list[Refusal]]:
    """Whose they are, those that are really, and why the others are not."""
    partner: Partner | None = None
    found, refused = list[Incoming](), list[Refusal]()
    for document in documents:
        suspect = ""
        try:
            sender = verified_sender(runtime, house, document)
            suspect = sender.id
            envelope = opened_from(runtime, sender, document)
            if partner is not None and partner.id != sender.id:
                raise Forged("One post holds messages of one sender.")
            _check_place(sender, envelope)
        except MessageRefused as refusal:
            note_refusal(runtime, house, suspect, refusal)
            refused.append(_refusal(document, refusal))
            continue
        partner = sender
        found.append(Incoming(envelope, digest(document)))
    return partner, found, refused


def _check_place(partner: Partner, envelope: Envelope) -> None:
    """A message of a feed has its place there; a farewell, which has none, is fresh and of this partnership."""
    if envelope.type == MessageType.FAREWELL:
        begun = partner.accepted_at or now()
        if abs(now() - envelope.issued_at) > FRESH or envelope.issued_at < begun.replace(microsecond=0):
            raise Forged("The farewell is not of now, or not of this partnership.")
    elif envelope.type not in IN_FEED or not envelope.sequence or envelope.epoch is None:
        raise WrongFormat(f"A {envelope.type} without its place in a feed is not posted.")


def _received(
    runtime: Runtime, partner: Partner, messages: Sequence[Incoming], refused: list[Refusal]
) -> Receipt:
    with runtime.database.write() as session:
        locked = repository.locked(session, partner.tenant_id, partner.id)
        if locked is None or locked.state != PartnerState.ACTIVE:
            raise ExchangeRefused
        fitting, others = _fitting(locked, messages)
        found = receive(runtime, session, locked, fitting)
        note_refused(session, locked, found)
        _note_order(session, locked, found)
        if others:
            incidents.note(session, locked.tenant_id, locked.id, "epoch", others[0].reason)
        refused += others
        refused += [Refusal(message=each, reason=reason[:_REASON]) for each, _, reason in found.refused]
        return Receipt(
            epoch=locked.got_epoch,
            received=found.received,
            repeated=len(found.repeated),
            refused=refused[:_SHOWN],
            through=locked.got_through,
        )


def note_refused(session: Session, partner: Partner, found: Received) -> None:
    """What was signed and yet cannot be acted on, for the audit log."""
    for _, kind, reason in found.refused:
        incidents.note(session, partner.tenant_id, partner.id, kind, reason)


def _fitting(partner: Partner, messages: Sequence[Incoming]) -> tuple[list[Incoming], list[Refusal]]:
    """While everything is read anew only pages of the feed count: what was withdrawn long ago is not known by then."""
    fitting = [
        each for each in messages if each.envelope.epoch == partner.got_epoch and not partner.in_snapshot
    ]
    others = [
        Refusal(
            message=each.envelope.id, reason="It is of an epoch that is not being read; it will be pulled."
        )
        for each in messages
        if each not in fitting
    ]
    return fitting, others


def _note_order(session: Session, partner: Partner, found: Received) -> None:
    if found.repeated:
        detail = f"{len(found.repeated)} had before, among them {found.repeated[0]}"
        incidents.note(session, partner.tenant_id, partner.id, "replayed", detail)
    if has_gap(session, partner):
        detail = f"what follows sequence {partner.got_through} is missing; the next pull brings it"
        incidents.note(session, partner.tenant_id, partner.id, "out-of-order", detail)


def _refusal(document: dict[str, Any], refusal: MessageRefused) -> Refusal:
    return Refusal(message=str(document.get("id", ""))[:64], reason=str(refusal)[:_REASON])
