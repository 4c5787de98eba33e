"""SQL of what leaves the house."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from service.exchange.models import Outgoing

_AT_ONCE = 500


@dataclass(frozen=True)
class Standing:
    """What was last said of a thing."""

    sequence: int
    type: str
    digest: str


def standing(session: Session, tenant_id: str, partner_id: str, kind: str) -> Mapping[str, Standing]:
    """By slot, of one kind of thing."""
    query = select(Outgoing.slot, Outgoing.sequence, Outgoing.type, Outgoing.digest).where(
        Outgoing.tenant_id == tenant_id,
        Outgoing.partner_id == partner_id,
        Outgoing.slot.startswith(f"{kind}:", autoescape=True),
    )
    return {row.slot: Standing(row.sequence, row.type, row.digest) for row in session.execute(query)}


def of_slot(session: Session, tenant_id: str, partner_id: str, slot: str) -> Outgoing | None:
    return session.scalar(
        select(Outgoing).where(
            Outgoing.tenant_id == tenant_id, Outgoing.partner_id == partner_id, Outgoing.slot == slot
        )
    )


def after(
    session: Session, tenant_id: str, partner_id: str, sequence: int, limit: int | None
) -> Sequence[Outgoing]:
    return session.scalars(
        select(Outgoing)
        .where(
            Outgoing.tenant_id == tenant_id,
            Outgoing.partner_id == partner_id,
            Outgoing.sequence > sequence,
        )
        .order_by(Outgoing.sequence)
        .limit(limit)
    ).all()


def drop_slots(session: Session, tenant_id: str, partner_id: str, slots: Sequence[str]) -> None:
    for at in range(0, len(slots), _AT_ONCE):
        session.execute(
            delete(Outgoing).where(
                Outgoing.tenant_id == tenant_id,
                Outgoing.partner_id == partner_id,
                Outgoing.slot.in_(slots[at : at + _AT_ONCE]),
            )
        )


def drop_all(session: Session, tenant_id: str, partner_id: str) -> None:
    session.execute(
        delete(Outgoing).where(Outgoing.tenant_id == tenant_id, Outgoing.partner_id == partner_id)
    )


def last_old_withdrawal(session: Session, tenant_id: str, partner_id: str, before: datetime) -> int:
    """Sequence of the newest withdrawal that is older; 0 where there is none."""
    query = select(func.max(Outgoing.sequence)).where(
        Outgoing.tenant_id == tenant_id,
        Outgoing.partner_id == partner_id,
        Outgoing.type == "withdrawal",
        Outgoing.issued_at < before,
    )
    return session.scalar(query) or 0


def drop_withdrawals(session: Session, tenant_id: str, partner_id: str, through: int) -> None:
    session.execute(
        delete(Outgoing).where(
            Outgoing.tenant_id == tenant_id,
            Outgoing.partner_id == partner_id,
            Outgoing.type == "withdrawal",
            Outgoing.sequence <= through,
        )
    )


def drop_expired(session: Session, tenant_id: str, partner_id: str, at: datetime) -> None:
    """The recipient deletes what expires by itself; no word is needed."""
    session.execute(
        delete(Outgoing).where(
            Outgoing.tenant_id == tenant_id, Outgoing.partner_id == partner_id, Outgoing.expires_at <= at
        )
    )
