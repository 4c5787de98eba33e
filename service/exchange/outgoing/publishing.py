"""Brings the feed for a partner level with what it should know: signs what is new, withdraws what is gone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from service.clock import now
from service.exchange import repository as partners
from service.exchange.keys import Party, own_party
from service.exchange.messages import digest, seal
from service.exchange.models import Outgoing, Partner
from service.exchange.nominal import nominal_box
from service.exchange.outgoing import repository
from service.exchange.outgoing.content import Told, cases_for, descriptors_for, slot_of
from service.exchange.outgoing.repository import Standing
from service.exchange.wire import BODIES, Descriptor, MessageType, Withdrawal
from service.house_key import HouseKey, house_key
from service.ids import new_id
from service.runtime import Runtime
from service.settings import Settings

AT_ONCE = 1_000
_DESCRIPTORS_AT_ONCE = 50


@dataclass(frozen=True)
class Due:
    """What is not in the feed yet, in the order in which it goes there."""

    told: Sequence[Told]
    more: bool
    """There is more than was looked at."""


def publish(runtime: Runtime, tenant_id: str, partner_id: str) -> bool:
    """Sign up to `AT_ONCE` of what is due.

    The comparison is made outside of the transaction that writes. Where the feed grew in between, or what is shared was
    changed, nothing is written: the next one compares anew.

    Returns:
        Whether more is due.
    """
    with runtime.database.read() as session:
        partner = partners.partner(session, tenant_id, partner_id)
        found = due(session, partner) if partner is not None else Due([], more=False)
    if partner is None or not found.told:
        return False
    key = house_key(runtime.settings.data_dir)
    with runtime.database.write() as session:
        locked = partners.locked(session, tenant_id, partner_id)
        if locked is not None and _state(locked) == _state(partner):
            append(runtime.settings, session, key, locked, found.told)
            return found.more
    return True


def due(session: Session, partner: Partner, at_once: int = AT_ONCE) -> Due:
    """What the partner should know and was not told, and what it was told and should forget."""
    desired = cases_for(session, partner)
    standing = repository.standing(session, partner.tenant_id, partner.id, "signal")
    changed = [*_gone(standing, desired), *_changed(standing, desired)]
    if len(changed) >= at_once:
        return Due(changed[:at_once], more=True)
    missing = _without_descriptor(session, partner, [each.slot for each in desired])
    vectors = list(descriptors_for(session, partner, missing[:_DESCRIPTORS_AT_ONCE]))
    return Due([*changed, *vectors], more=len(vectors) == _DESCRIPTORS_AT_ONCE)


def append(
    settings: Settings, session: Session, key: HouseKey, partner: Partner, told: Sequence[Told]
) -> None:
    """Sign each and put it at the end of the feed; what the feed said of the same thing before goes."""
    sender = own_party(key, partner.tenant_id)
    gone = [slot for each in told for slot in _replaced(each)]
    repository.drop_slots(session, partner.tenant_id, partner.id, gone)
    for each in told:
        partner.sent_sequence += 1
        session.add(_outgoing(settings, key, sender, partner, each))
    session.flush()


def begin_anew(settings: Settings, session: Session, partner: Partner) -> None:
    """A new epoch: what stands is said again from its start, and every cursor is told to begin there."""
    rows = repository.after(session, partner.tenant_id, partner.id, 0, None)
    standing = [_told_again(settings, row) for row in rows if row.type != MessageType.WITHDRAWAL]
    repository.drop_all(session, partner.tenant_id, partner.id)
    partner.sent_epoch, partner.sent_sequence = new_id("epo"), 0
    partner.sent_horizon = partner.sent_pushed = 0
    append(settings, session, house_key(settings.data_dir), partner, standing)


def message_text(settings: Settings, row: Outgoing) -> str:
    """The signed message as it leaves.

    Raises:
        SecretKeyChanged: it is nominal, and the installation's secret key is another than when it was signed.
    """
    return nominal_box(settings).unlock(row.text) if row.type == MessageType.NOMINAL else row.text


def tidy(settings: Settings, session: Session, partner: Partner) -> None:
    """Forget withdrawals that are older than the retention, and nominal messages that have expired."""
    before = now() - timedelta(days=settings.exchange_retention_days)
    through = repository.last_old_withdrawal(session, partner.tenant_id, partner.id, before)
    if through:
        repository.drop_withdrawals(session, partner.tenant_id, partner.id, through)
        partner.sent_horizon = max(partner.sent_horizon, through)
    repository.drop_expired(session, partner.tenant_id, partner.id, now())


def is_told_picture(session: Session, partner: Partner, signal: str, sha256: str) -> bool:
    """Whether the feed for the partner names this picture now."""
    body = standing_of(session, partner.tenant_id, partner.id, slot_of("signal", signal))
    if body is None or not partner.shares_pictures:
        return False
    return body["picture"] is not None and body["picture"]["sha256"] == sha256


def standing_of(session: Session, tenant_id: str, partner_id: str, slot: str) -> dict[str, Any] | None:
    """What the feed says of a thing that is not nominal; None where it says nothing, or that it is withdrawn."""
    row = repository.of_slot(session, tenant_id, partner_id, slot)
    if row is None or row.type == MessageType.WITHDRAWAL:
        return None
    found: dict[str, Any] = json.loads(row.text)["body"]
    return found


def withdrawal(kind: str, about: str) -> Told:
    body = Withdrawal.model_validate({"of": kind, "id": about})
    return Told(slot_of(kind, about), MessageType.WITHDRAWAL, body)


def _state(partner: Partner) -> tuple[object, ...]:
    """What the comparison was made with."""
    shared = partner.shares, partner.shares_pictures, partner.shares_descriptors, partner.brands
    return partner.ended_at, partner.sent_epoch, partner.sent_sequence, *shared


def _gone(standing: Mapping[str, Standing], desired: Sequence[Told]) -> list[Told]:
    wanted = {each.slot for each in desired}
    return [
        withdrawal("signal", slot.partition(":")[2])
        for slot, held in sorted(standing.items())
        if slot not in wanted and held.type != MessageType.WITHDRAWAL
    ]


def _changed(standing: Mapping[str, Standing], desired: Sequence[Told]) -> list[Told]:
    return [
        each for each in desired if each.slot not in standing or standing[each.slot].digest != _digest(each)
    ]


def _without_descriptor(session: Session, partner: Partner, slots: Sequence[str]) -> list[str]:
    """Signals whose vectors were not sent, or were sent for another encoder."""
    if not partner.shares_descriptors or partner.copy_fingerprint is None:
        return []
    sent = repository.standing(session, partner.tenant_id, partner.id, "descriptor")
    current = _encoder_digest(partner.fingerprint, partner.copy_fingerprint)
    signals = [slot.partition(":")[2] for slot in slots]
    return [
        signal
        for signal in signals
        if (held := sent.get(slot_of("descriptor", signal))) is None or held.digest != current
    ]


def _replaced(told: Told) -> list[str]:
    """Vectors of a signal that is withdrawn go with it."""
    kind, _, about = told.slot.partition(":")
    gone = kind == "signal" and told.type is MessageType.WITHDRAWAL
    return [told.slot, slot_of("descriptor", about)] if gone else [told.slot]


def _told_again(settings: Settings, row: Outgoing) -> Told:
    body = json.loads(message_text(settings, row))["body"]
    return Told(row.slot, MessageType(row.type), BODIES[row.type].model_validate(body))


def _outgoing(settings: Settings, key: HouseKey, sender: Party, partner: Partner, told: Told) -> Outgoing:
    text = seal(
        key,
        told.type,
        sender,
        Party(key=partner.key_id, house=partner.house),
        told.body.model_dump(mode="json"),
        epoch=partner.sent_epoch,
        sequence=partner.sent_sequence,
    )
    nominal = told.type is MessageType.NOMINAL
    return Outgoing(
        partner_id=partner.id,
        sequence=partner.sent_sequence,
        tenant_id=partner.tenant_id,
        slot=told.slot,
        type=told.type.value,
        digest=_digest(told),
        text=nominal_box(settings).lock(text) if nominal else text,
        issued_at=now(),
        expires_at=getattr(told.body, "expires_at", None),
    )


def _digest(told: Told) -> str:
    """Of vectors only whose they are: that is all that can change about them."""
    if isinstance(told.body, Descriptor):
        return _encoder_digest(told.body.fingerprint, told.body.copy_fingerprint)
    return digest({"type": told.type.value, "body": told.body.model_dump(mode="json")})


def _encoder_digest(fingerprint: str | None, copy_fingerprint: str | None) -> str:
    return digest({"fingerprint": fingerprint, "copy_fingerprint": copy_fingerprint})
