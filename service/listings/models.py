"""Listings as the marketplace names them, the pictures it sent, and what was computed of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class Listing(Base):
    __tablename__ = "listings"
    __table_args__ = (UniqueConstraint("tenant_id", "organisation_id", "reference"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    reference: Mapped[str] = mapped_column(String(200))
    """The caller's own name for it."""
    seller: Mapped[str] = mapped_column(String(200))
    latest_decision_id: Mapped[str | None] = mapped_column(String(40), index=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class ReceivedPicture(Base):
    """That an organisation sent these bytes once, so that it may name them by their digest from then on."""

    __tablename__ = "received_pictures"

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    first_received_at: Mapped[datetime]


class PictureFeatures(Base):
    """What was computed of a picture with one encoder: an edit of a listing computes only what is new."""

    __tablename__ = "picture_features"

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(16), primary_key=True)
    embedding: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(String(64))
    hash_quality: Mapped[int]
    faults: Mapped[list[str]] = mapped_column(JSON)
    computed_at: Mapped[datetime]


class IdempotentCheck(Base):
    """A key that a caller used, the digest of what was asked with it, and the decision it got."""

    __tablename__ = "idempotent_checks"
    __table_args__ = (Index("ix_idempotent_checks_created_at", "created_at"),)

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_digest: Mapped[str] = mapped_column(String(64))
    decision_id: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]


class PendingCheck(Base):
    """What a check that ran out of time was asked, until a job has finished it."""

    __tablename__ = "pending_checks"

    decision_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
