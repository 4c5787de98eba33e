"""The audit log: entries chained by their hashes, and a head per tenant that says where its chain ends."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import DDL, Index, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from service.audit.append_only import POSTGRESQL_TRIGGERS, SQLITE_TRIGGERS
from service.database import Base


class AuditHead(Base):
    """Its row lock puts the writers of a tenant in a line, so that `seq` has no gap; seq 0 is an empty log."""

    __tablename__ = "audit_heads"

    tenant_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditEntry(Base):
    """Who did what to which thing. Nothing refers to other tables, so that an entry outlives what it tells of."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_object", "tenant_id", "object_id", "seq"),)

    tenant_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    key_id: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(16))
    organisation_id: Mapped[str] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(80))
    object_id: Mapped[str] = mapped_column(String(200))
    detail: Mapped[str] = mapped_column(Text)
    """Canonical JSON, kept as text because its bytes are hashed."""
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


def _create_triggers_with_the_tables() -> None:
    """Each trigger is made right after the table that it guards."""
    for dialect, statements in (("sqlite", SQLITE_TRIGGERS), ("postgresql", POSTGRESQL_TRIGGERS)):
        for statement in statements:
            table = AuditHead if " ON audit_heads" in statement else AuditEntry
            trigger = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call] # not annotated there
            event.listen(table.__table__, "after_create", trigger)


_create_triggers_with_the_tables()
