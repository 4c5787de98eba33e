"""Identification points: places on a reference that tell genuine from counterfeit. Secret outside owner and customs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class IdentificationPoint(Base):
    __tablename__ = "identification_points"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    reference_id: Mapped[str] = mapped_column(ForeignKey("references.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    genuine: Mapped[str] = mapped_column(Text)
    """In words, what a genuine one looks like there."""
    counterfeit: Mapped[str] = mapped_column(Text)
    """In words, what known counterfeits look like there; may be empty."""
    x0: Mapped[float]
    y0: Mapped[float]
    x1: Mapped[float]
    y1: Mapped[float]
    """In fractions of the reference's width and height."""
    created_at: Mapped[datetime]
