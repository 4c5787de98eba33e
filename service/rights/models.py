"""Rights of a brand and their recordations with customs."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class RightKind(StrEnum):
    TRADEMARK = "trademark"
    DESIGN = "design"


class Disclosure(StrEnum):
    """Who may read it: everyone, the parties of a case, nobody but owner and customs."""

    PUBLIC = "public"
    DISCLOSED = "disclosed"
    SECRET = "secret"  # noqa: S105 - a disclosure class, not a password


class Right(Base):
    __tablename__ = "rights"
    __table_args__ = (
        Index(
            "uq_rights_number",
            "brand_id",
            "kind",
            "office",
            "number",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    number: Mapped[str] = mapped_column(String(64))
    office: Mapped[str] = mapped_column(String(8))
    classes: Mapped[list[str]] = mapped_column(JSON)
    """Nice classes of a trademark, Locarno classes of a design."""
    registered_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    disclosure: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Recordation(Base):
    """An application for import suspension that a customs authority accepted."""

    __tablename__ = "recordations"
    __table_args__ = (
        Index(
            "uq_recordations_number",
            "right_id",
            "authority",
            "number",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"), index=True)
    right_id: Mapped[str] = mapped_column(ForeignKey("rights.id"), index=True)
    authority: Mapped[str] = mapped_column(String(64))
    number: Mapped[str] = mapped_column(String(64))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    disclosure: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
