"""Known counterfeits: photos from confirmed cases."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class KnownCounterfeit(Base):
    __tablename__ = "known_counterfeits"
    __table_args__ = (
        Index(
            "uq_known_counterfeits_blob",
            "brand_id",
            "blob",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"), index=True)
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id"), index=True)
    blob: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the bytes as received."""
    case_reference: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(String(2000))
    width: Mapped[int]
    height: Mapped[int]
    format: Mapped[str] = mapped_column(String(8))
    pdq: Mapped[str] = mapped_column(String(64))
    pdq_quality: Mapped[int]
    warnings: Mapped[list[str]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
