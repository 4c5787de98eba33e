"""References: genuine photos, findable by what they show."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class Reference(Base):
    """A removed reference keeps its row and its blob, so that decisions made with it can be replayed."""

    __tablename__ = "references"
    __table_args__ = (
        Index(
            "uq_references_blob",
            "product_id",
            "blob",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index("ix_references_tenant_blob", "tenant_id", "blob"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"), index=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), index=True)
    blob: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the bytes as received."""
    view: Mapped[str] = mapped_column(String(100))
    width: Mapped[int]
    height: Mapped[int]
    format: Mapped[str] = mapped_column(String(8))
    pdq: Mapped[str] = mapped_column(String(64))
    pdq_quality: Mapped[int]
    warnings: Mapped[list[str]] = mapped_column(JSON)
    """What made the picture poor, yet not useless, when it came."""
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
