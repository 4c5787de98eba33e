"""Marks: words and figures of a brand, found inside pictures."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class MarkKind(StrEnum):
    WORD = "word"
    FIGURE = "figure"


class Mark(Base):
    """A removed mark keeps its row and its blobs, so that decisions made with it can be followed."""

    __tablename__ = "marks"
    __table_args__ = (
        Index(
            "uq_marks_blob",
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
    right_id: Mapped[str | None] = mapped_column(ForeignKey("rights.id"))
    """The trademark that protects it, where the owner says so."""
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(200))
    """What a word reads; empty for a figure."""
    blob: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the picture as received."""
    template: Mapped[str] = mapped_column(String(64))
    """SHA-256 of what was derived from it to search with; it can be made again."""
    width: Mapped[int]
    height: Mapped[int]
    format: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
