"""SQL of the audit log."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from service.audit.chain import NO_HASH, Link
from service.audit.models import AuditEntry, AuditHead


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
