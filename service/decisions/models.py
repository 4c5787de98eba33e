"""Decisions: written once, never changed; a later one supersedes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class StoredDecision(Base):
    """The columns are for finding; `record` is the whole of it, from which every view is made."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index("ix_decisions_tenant_id_listing_id", "tenant_id", "listing_id"),
        Index("ix_decisions_tenant_id_brand_id_rule", "tenant_id", "brand_id", "rule"),
        Index("ix_decisions_tenant_id_seller", "tenant_id", "seller"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    listing_id: Mapped[str] = mapped_column(ForeignKey("listings.id"))
    supersedes: Mapped[str | None] = mapped_column(String(40))
    decision: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(40))
    priority: Mapped[str | None] = mapped_column(String(10))
    sampled: Mapped[bool]
    brand_id: Mapped[str | None] = mapped_column(String(40))
    seller: Mapped[str] = mapped_column(String(200))
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided_at: Mapped[datetime]
