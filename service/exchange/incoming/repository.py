"""SQL of what partners sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from service.exchange.models import Held, Partner, PartnerState, PictureState, Seen
from service.exchange.wire import Signal
from service.paging import one_more

_AT_ONCE = 500


@dataclass(frozen=True)
class SignalRow:
    """A partner's signal that stands."""

    id: str
    tenant_id: str
    partner_id: str
    item_id: str
    signal: Signal
    picture_state: PictureState
    changed_at: datetime

    @classmethod
    def of(cls, row: Held) -> SignalRow:
        return cls(
            row.id,
            row.tenant_id,
            row.partner_id,
            row.item_id or "",
            Signal.model_validate(row.body),
            PictureState(row.picture_state),
            row.changed_at,
        )


def by_slot(session: Session, tenant_id: str, partner_id: str, slots: Sequence[str]) -> Mapping[str, Held]:
    found = session.scalars(
        select(Held).where(
            Held.tenant_id == tenant_id, Held.partner_id == partner_id, Held.slot.in_(sorted(set(slots)))
        )
    )
    return {row.slot: row for row in found}


def seen(session: Session, tenant_id: str, partner_id: str, sequences: Sequence[int]) -> Mapping[int, str]:
    """Digests of those that came before their turn."""
    query = select(Seen.sequence, Seen.digest).where(
        Seen.tenant_id == tenant_id, Seen.partner_id == partner_id, Seen.sequence.in_(sequences)
    )
    return {row.sequence: row.digest for row in session.execute(query)}


def seen_from(session: Session, tenant_id: str, partner_id: str, after: int) -> Sequence[int]:
    return session.scalars(
        select(Seen.sequence)
        .where(Seen.tenant_id == tenant_id, Seen.partner_id == partner_id, Seen.sequence > after)
        .order_by(Seen.sequence)
    ).all()


def drop_seen(session: Session, tenant_id: str, partner_id: str, through: int | None) -> None:
    """Up to a sequence; all of them where None."""
    query = delete(Seen).where(Seen.tenant_id == tenant_id, Seen.partner_id == partner_id)
    session.execute(query if through is None else query.where(Seen.sequence <= through))


def drop_settled(session: Session, tenant_id: str, partner_id: str, through: int) -> None:
    """Withdrawn things about which no older message can come any more."""
    session.execute(
        delete(Held).where(
            Held.tenant_id == tenant_id,
            Held.partner_id == partner_id,
            Held.body.is_(None),
            Held.box.is_(None),
            Held.sequence <= through,
        )
    )


def begin_epoch(session: Session, tenant_id: str, partner_id: str) -> None:
    """Sequences of another epoch say nothing about those of this one."""
    session.execute(
        update(Held).where(Held.tenant_id == tenant_id, Held.partner_id == partner_id).values(sequence=0)
    )
    drop_seen(session, tenant_id, partner_id, None)


def older_than(session: Session, tenant_id: str, partner_id: str, generation: int) -> Sequence[Held]:
    return session.scalars(
        _of(tenant_id, partner_id).where(Held.generation < generation).order_by(Held.id)
    ).all()


def all_of(session: Session, tenant_id: str, partner_id: str) -> Sequence[Held]:
    return session.scalars(_of(tenant_id, partner_id).order_by(Held.id)).all()


def expired(session: Session, tenant_id: str, at: datetime) -> Sequence[Held]:
    return session.scalars(select(Held).where(Held.tenant_id == tenant_id, Held.expires_at <= at)).all()


def drop(session: Session, tenant_id: str, ids: Sequence[str]) -> None:
    for at in range(0, len(ids), _AT_ONCE):
        some = ids[at : at + _AT_ONCE]
        session.execute(delete(Held).where(Held.tenant_id == tenant_id, Held.id.in_(some)))


def signal(session: Session, tenant_id: str, signal_id: str) -> SignalRow | None:
    row = session.scalar(_signals(tenant_id).where(Held.id == signal_id))
    return SignalRow.of(row) if row else None


def signal_page(
    session: Session, tenant_id: str, partner_id: str | None, limit: int, after: str | None
) -> Sequence[SignalRow]:
    query = _signals(tenant_id)
    if partner_id is not None:
        query = query.where(Held.partner_id == partner_id)
    return [SignalRow.of(row) for row in one_more(session, query, Held.id, limit, after)]


def signals_of_items(session: Session, tenant_id: str, item_ids: Sequence[str]) -> Sequence[SignalRow]:
    """Those of active partners that stand, by their ids in the index."""
    query = _signals(tenant_id).join(Partner, Partner.id == Held.partner_id)
    query = query.where(Held.item_id.in_(item_ids), Partner.state == PartnerState.ACTIVE.value)
    return [SignalRow.of(row) for row in session.scalars(query.order_by(Held.id))]


def count_signals(session: Session, tenant_id: str, partner_id: str) -> int:
    query = _signals(tenant_id).where(Held.partner_id == partner_id).with_only_columns(func.count())
    return session.scalar(query) or 0


def pictures_wanted(session: Session, tenant_id: str, partner_id: str, limit: int) -> Sequence[SignalRow]:
    query = _signals(tenant_id).where(
        Held.partner_id == partner_id, Held.picture_state == PictureState.WANTED.value
    )
    return [SignalRow.of(row) for row in session.scalars(query.order_by(Held.id).limit(limit))]


def row_of(session: Session, tenant_id: str, signal_id: str) -> Held | None:
    return session.scalar(_signals(tenant_id).where(Held.id == signal_id))


def nominal_page(
    session: Session, tenant_id: str, at: datetime, limit: int, after: str | None
) -> Sequence[Held]:
    query = select(Held).where(Held.tenant_id == tenant_id, Held.box.is_not(None), Held.expires_at > at)
    return one_more(session, query, Held.id, limit, after)


def opinions_on(session: Session, tenant_id: str, about: str) -> Sequence[Held]:
    """What partners think of a signal of ours."""
    query = select(Held).where(
        Held.tenant_id == tenant_id, Held.kind == "opinion", Held.about == about, Held.body.is_not(None)
    )
    return session.scalars(query.order_by(Held.id)).all()


def needed_pictures(
    session: Session, pictures: Sequence[str]
) -> set[str]:  # all tenants: files are shared by digest
    query = select(Held.picture).where(Held.picture.in_(pictures))
    return {each for each in session.scalars(query) if each is not None}


def _of(tenant_id: str, partner_id: str) -> Select[Held]:
    return select(Held).where(Held.tenant_id == tenant_id, Held.partner_id == partner_id)


def _signals(tenant_id: str) -> Select[Held]:
    return select(Held).where(Held.tenant_id == tenant_id, Held.kind == "signal", Held.body.is_not(None))
