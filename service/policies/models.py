"""Policy files that a house was given, and the signed-off switches that put a rule or a file in force."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class SwitchState(StrEnum):
    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class PolicyFile(Base):
    """A policy as it was uploaded; never changed, so that what it decided can be decided again."""

    __tablename__ = "policy_files"

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    version: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(Text)
    uploaded_by: Mapped[str] = mapped_column(String(40))
    uploaded_at: Mapped[datetime]


class Switch(Base):
    """One person proposes, another signs; of those in force for one subject only the newest stands."""

    __tablename__ = "policy_switches"
    __table_args__ = (Index("ix_policy_switches_tenant_id_state", "tenant_id", "state"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    rule: Mapped[str | None] = mapped_column(String(40))
    """The rule that is put live or in shadow; None where a whole policy file is."""
    status: Mapped[str | None] = mapped_column(String(10))
    policy_digest: Mapped[str] = mapped_column(String(64))
    """The file that is put in force, or the one in whose rules the rule was looked up."""
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    proposed_by: Mapped[str] = mapped_column(String(40))
    proposed_at: Mapped[datetime]
    signed_by: Mapped[str | None] = mapped_column(String(40))
    signed_at: Mapped[datetime | None]
