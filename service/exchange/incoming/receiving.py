"""Takes in messages of a partner's feed, in whatever order and however often they come.

Of each thing the newest word counts, by the sequence that its sender gave it; so every order ends in the same state. A
sequence that was had before changes nothing. `got_through` says up to where there is no gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from service.exchange.incoming import repository
from service.exchange.incoming.applying import Batch
from service.exchange.messages import Envelope, WrongFormat
from service.exchange.models import Partner, Seen
from service.exchange.wire import Stated, body_of
from service.runtime import Runtime


@dataclass(frozen=True)
class Incoming:
    """A message whose signature was verified, with the digest of all that was signed."""

    envelope: Envelope
    digest: str

    @property
    def sequence(self) -> int:
        return self.envelope.sequence or 0


@dataclass
class Received:
    """What became of messages."""

    received: int = 0
    repeated: list[str] = field(default_factory=list)
    """Ids of those that were had before."""
    refused: list[tuple[str, str, str]] = field(default_factory=list)
    """Message id, kind of incident, and why."""


def receive(
    runtime: Runtime, session: Session, partner: Partner, messages: Sequence[Incoming], *, page: bool = False
) -> Received:
    """Apply what is new. The partner's row is locked by the caller, and its epoch is that of the messages.

    Args:
        page: they are a page of the feed, which covers whatever it leaves out; of a snapshot also what was had before.
    """
    found = Received()
    fresh = _fresh(session, partner, messages, found, again=page and partner.in_snapshot)
    batch = Batch(runtime, session, partner)
    batch.load([(each, body) for each, body in fresh if body is not None])
    for each, body in fresh:
        if body is not None:
            batch.apply(each.sequence, body)
        if each.sequence > partner.got_through and not page:
            session.add(_seen(partner, each))
    batch.finish()
    found.received = len(fresh)
    if not page:
        advance(session, partner, partner.got_through)
    return found


def advance(session: Session, partner: Partner, through: int) -> None:
    """Everything up to `through` was had; go on over what came before its turn."""
    reached = max(partner.got_through, through)
    for sequence in repository.seen_from(session, partner.tenant_id, partner.id, reached):
        if sequence != reached + 1:
            break
        reached = sequence
    if reached > partner.got_through:
        partner.got_through = reached
        repository.drop_seen(session, partner.tenant_id, partner.id, reached)
    repository.drop_settled(session, partner.tenant_id, partner.id, partner.got_through)
    session.flush()


def has_gap(session: Session, partner: Partner) -> bool:
    """Whether something came while what precedes it did not."""
    return bool(repository.seen_from(session, partner.tenant_id, partner.id, partner.got_through))


def _fresh(
    session: Session, partner: Partner, messages: Sequence[Incoming], found: Received, *, again: bool
) -> list[tuple[Incoming, Stated | None]]:
    """Those not had before, in their order; without a body where it cannot be read: it is counted and no more."""
    known = repository.seen(session, partner.tenant_id, partner.id, [each.sequence for each in messages])
    fresh: dict[int, tuple[Incoming, Stated | None]] = {}
    for each in messages:
        held = known.get(each.sequence) or (
            fresh[each.sequence][0].digest if each.sequence in fresh else None
        )
        if held is not None and held != each.digest:
            reason = f"Sequence {each.sequence} was had before with other words."
            found.refused.append((each.envelope.id, "contradiction", reason))
        elif not again and (held is not None or each.sequence <= partner.got_through):
            found.repeated.append(each.envelope.id)
        else:
            fresh[each.sequence] = each, _body(each, found)
    return [fresh[sequence] for sequence in sorted(fresh)]


def _body(each: Incoming, found: Received) -> Stated | None:
    try:
        return body_of(each.envelope)
    except WrongFormat as error:
        found.refused.append((each.envelope.id, error.kind, str(error)))
        return None


def _seen(partner: Partner, each: Incoming) -> Seen:
    return Seen(
        partner_id=partner.id, sequence=each.sequence, tenant_id=partner.tenant_id, digest=each.digest
    )
