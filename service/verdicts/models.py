"""What people concluded about a decision: verdicts of reviewers, and appeals of sellers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class VerdictOutcome(StrEnum):
    COUNTERFEIT = "counterfeit"
    GENUINE = "genuine"
    CANNOT_TELL = "cannot_tell"
    NEEDS_DOCUMENTS = "needs_documents"
    """Of a listing alone: nobody can tell before the seller shows where the goods come from."""


class AppealState(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    REJECTED = "rejected"


class Verdict(Base):
    """A person's conclusion; of several on one decision the newest counts."""

    __tablename__ = "verdicts"
    __table_args__ = (Index("ix_verdicts_tenant_id_seller", "tenant_id", "seller"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    decision_id: Mapped[str] = mapped_column(String(40), index=True)
    """Of a decision on a listing, or of an inspection of a parcel."""
    outcome: Mapped[str] = mapped_column(String(16))
    note: Mapped[str] = mapped_column(Text)
    brand_id: Mapped[str | None] = mapped_column(String(40))
    rule: Mapped[str] = mapped_column(String(40))
    automatic_decision: Mapped[str] = mapped_column(String(20))
    """What the policy had decided, so that precision can be counted without reading every record."""
    seller: Mapped[str] = mapped_column(String(200))
    given_by: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime]


class Appeal(Base):
    __tablename__ = "appeals"
    __table_args__ = (Index("ix_appeals_tenant_id_state", "tenant_id", "state"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    decision_id: Mapped[str] = mapped_column(ForeignKey("decisions.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10))
    lodged_by: Mapped[str] = mapped_column(String(40))
    lodged_at: Mapped[datetime]
    resolved_by: Mapped[str | None] = mapped_column(String(40))
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None] = mapped_column(Text)
