"""Drafts of referrals: what the machine wrote and what people wrote, each kept as it was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class Referral(Base):
    """One version of a case's referral in one language; a change makes a new version and leaves this one."""

    __tablename__ = "referrals"
    __table_args__ = (UniqueConstraint("case_id", "language", "version"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    case_id: Mapped[str] = mapped_column(ForeignKey("cases.id"))
    language: Mapped[str] = mapped_column(String(2))
    version: Mapped[int]
    machine: Mapped[dict[str, str]] = mapped_column(JSON)
    """By field; as it was drafted, taken over unchanged by later versions until somebody asks for a new draft."""
    own: Mapped[dict[str, str]] = mapped_column(JSON)
    """By field; the officer's words, which stand in the place of the machine's."""
    written_by: Mapped[str] = mapped_column(String(40))
    written_at: Mapped[datetime]
