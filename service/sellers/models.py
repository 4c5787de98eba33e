"""Sellers whom a right holder has authorised."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class AuthorisedSeller(Base):
    """For a brand, in a category (None: all), in a territory (None: all), between two days, both included."""

    __tablename__ = "authorised_sellers"
    __table_args__ = (Index("ix_authorised_sellers_seller", "tenant_id", "seller", "brand_id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id"), index=True)
    seller: Mapped[str] = mapped_column(String(200))
    """The account id on the marketplace, normalised as `normalise_seller` does."""
    category: Mapped[str | None] = mapped_column(String(100))
    territory: Mapped[str | None] = mapped_column(String(2))
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
