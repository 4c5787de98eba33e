"""The background: everyday pictures of a marketplace, against which a likeness has to stand out."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class BackgroundPicture(Base):
    __tablename__ = "background_pictures"
    __table_args__ = (UniqueConstraint("tenant_id", "organisation_id", "blob"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    """Who brought it, and may list and remove it; it serves all checks of the tenant."""
    blob: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the bytes as received."""
    created_at: Mapped[datetime]
