"""SQL of the audit log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.audit.chain import NO_HASH, Link
from service.audit.models import AuditEntry, AuditHead

_LINK_COLUMNS = [getattr(AuditEntry, field.name) for field in fields(Link)]


@dataclass(frozen=True)
class EntryFilter:
    """Which entries are wanted; None wants all. Times: from `since`, before `until`."""

    action: str | None = None
    object_id: str | None = None
    key_id: str | None = None
    organisation_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def lock_head(session: Session, tenant_id: str) -> tuple[int, str]:
    """Where the tenant's chain ends (seq, hash), kept from other writers until the transaction ends."""
    query = select(AuditHead.seq, AuditHead.hash).where(AuditHead.tenant_id == tenant_id).with_for_update()
    row = session.execute(query).one_or_none()
    if row is None:
        _begin_chain(session, tenant_id)
        row = session.execute(query).one()
    return row.seq, row.hash


def append(session: Session, tenant_id: str, link: Link) -> None:
    """Add the entry and move the head to it; the head must be locked by `lock_head`."""
    digest = link.digest()
    session.execute(insert(AuditEntry).values(**asdict(link), hash=digest))
    session.execute(
        update(AuditHead).where(AuditHead.tenant_id == tenant_id).values(seq=link.seq, hash=digest)
    )


def _begin_chain(session: Session, tenant_id: str) -> None:
    try:
        with session.begin_nested():
            session.execute(insert(AuditHead).values(tenant_id=tenant_id, seq=0, hash=NO_HASH))
    except IntegrityError:
        return  # another writer began it meanwhile; its row is there to be locked


def head(session: Session, tenant_id: str) -> tuple[int, str] | None:
    """Where the chain is said to end (seq, hash)."""
    row = session.execute(
        select(AuditHead.seq, AuditHead.hash).where(AuditHead.tenant_id == tenant_id)
    ).one_or_none()
    return None if row is None else (row.seq, row.hash)


def links_after(session: Session, tenant_id: str, seq: int, limit: int) -> list[tuple[Link, str]]:
    """The next entries as they are stored, each with its stored hash."""
    rows = session.execute(
        select(*_LINK_COLUMNS, AuditEntry.hash)
        .where(AuditEntry.tenant_id == tenant_id, AuditEntry.seq > seq)
        .order_by(AuditEntry.seq)
        .limit(limit)
    ).all()
    return [(Link(*row[:-1]), row[-1]) for row in rows]


def first_beyond_head(session: Session, tenant_id: str) -> int | None:
    """The first entry that the head does not know of; one statement, so that it sees both at one moment."""
    end = select(AuditHead.seq).where(AuditHead.tenant_id == tenant_id).scalar_subquery()
    return session.scalar(
        select(func.min(AuditEntry.seq)).where(
            AuditEntry.tenant_id == tenant_id, AuditEntry.seq > func.coalesce(end, 0)
        )
    )


def page(
    session: Session, tenant_id: str, after: int, limit: int, wanted: EntryFilter
) -> Sequence[AuditEntry]:
    query = select(AuditEntry).where(AuditEntry.tenant_id == tenant_id, AuditEntry.seq > after)
    for column, value in (
        (AuditEntry.action, wanted.action),
        (AuditEntry.object_id, wanted.object_id),
        (AuditEntry.key_id, wanted.key_id),
        (AuditEntry.organisation_id, wanted.organisation_id),
    ):
        query = query if value is None else query.where(column == value)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until)
    return session.scalars(query.order_by(AuditEntry.seq).limit(limit)).all()


def logged_tenants(
    session: Session,
) -> list[str]:  # all tenants: the operator's command verifies each of them
    ids = session.scalars(select(AuditEntry.tenant_id).union(select(AuditHead.tenant_id))).all()
    return sorted(ids)
