"""Parcels, their pictures, the sealed names of their parties, and what inspections advised."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class ParcelState(StrEnum):
    WAITING = "waiting"
    OPENED = "opened"
    DECIDED = "decided"


class Parcel(Base):
    __tablename__ = "parcels"
    __table_args__ = (
        UniqueConstraint("tenant_id", "organisation_id", "reference"),
        Index("ix_parcels_tenant_id_state", "tenant_id", "state"),
        Index("ix_parcels_tenant_id_sender_key", "tenant_id", "sender_key"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    reference: Mapped[str] = mapped_column(String(200))
    declaration: Mapped[dict[str, Any]] = mapped_column(JSON)
    sender_key: Mapped[str | None] = mapped_column(String(64))
    """A keyed digest of the sender's name and address: it tells that two are the same, and nobody who."""
    state: Mapped[str] = mapped_column(String(10))
    sampled: Mapped[bool]
    """Drawn to be opened whatever its rank, so that what ranking misses stays measurable."""
    latest_inspection_id: Mapped[str | None] = mapped_column(String(40))
    outcome: Mapped[str | None] = mapped_column(String(16))
    minutes: Mapped[float | None]
    """That officers spent on it."""
    created_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]


class ParcelPicture(Base):
    """Its bytes are a blob."""

    __tablename__ = "parcel_pictures"
    __table_args__ = (Index("ix_parcel_pictures_tenant_id_modality", "tenant_id", "modality"),)

    parcel_id: Mapped[str] = mapped_column(ForeignKey("parcels.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    """From 0, in the order of arrival."""
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    sha256: Mapped[str] = mapped_column(String(64))
    modality: Mapped[str] = mapped_column(String(8))
    view: Mapped[str | None] = mapped_column(String(10))
    """Of photos alone."""
    added_at: Mapped[datetime]


class ParcelParties(Base):
    """Sender and addressee, sealed under a key of the installation; gone when they expire."""

    __tablename__ = "parcel_parties"
    __table_args__ = (
        Index("ix_parcel_parties_expires_at", "tenant_id", "expires_at"),
        Index("ix_parcel_parties_soonest", "expires_at", "tenant_id"),
    )

    parcel_id: Mapped[str] = mapped_column(ForeignKey("parcels.id"), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    sealed: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]


class Inspection(Base):
    """The columns are for finding; `record` is the whole of it. Written once, never changed."""

    __tablename__ = "inspections"
    __table_args__ = (Index("ix_inspections_tenant_id_parcel_id", "tenant_id", "parcel_id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    parcel_id: Mapped[str] = mapped_column(ForeignKey("parcels.id"))
    supersedes: Mapped[str | None] = mapped_column(String(40))
    advice: Mapped[str] = mapped_column(String(20))
    rule: Mapped[str] = mapped_column(String(20))
    brand_id: Mapped[str | None] = mapped_column(String(40))
    traits: Mapped[dict[str, float]] = mapped_column(JSON)
    """What the work list weighs."""
    record: Mapped[dict[str, Any]] = mapped_column(JSON)
    inspected_at: Mapped[datetime]


class InspectionReview(Base):
    """What an officer said to the advice, and why."""

    __tablename__ = "inspection_reviews"
    __table_args__ = (Index("ix_inspection_reviews_inspection", "tenant_id", "inspection_id"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    inspection_id: Mapped[str] = mapped_column(ForeignKey("inspections.id"))
    answer: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str] = mapped_column(String(40))
    given_at: Mapped[datetime]
