"""Brands: what a right holder asks to be watched over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class Brand(Base):
    """A removed brand keeps its row, so that decisions made with it can be read again."""

    __tablename__ = "brands"
    __table_args__ = (
        Index(
            "uq_brands_owner_name",
            "tenant_id",
            "owner_id",
            "name",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    spellings: Mapped[list[str]] = mapped_column(JSON)
    """Other ways to write the name that are right, such as カタカナ."""
    gated: Mapped[bool]
    """The marketplace asks sellers of this brand for documents."""
    auto_block: Mapped[bool]
    """A verified copy of a known counterfeit may be blocked without a person."""
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
