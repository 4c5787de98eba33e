"""Where events are sent, and the outbox they wait in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class DeliveryState(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    DEAD = "dead"
    """Given up after a day of attempts, or because its endpoint was disabled; may be sent again by hand."""


class Endpoint(Base):
    """A URL that wants to hear of some kinds of events."""

    __tablename__ = "webhooks"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    whole_tenant: Mapped[bool]
    """Made by an administrator: hears of the events of every organisation."""
    url: Mapped[str] = mapped_column(String(2_000))
    events: Mapped[list[str]] = mapped_column(JSON)
    secret_box: Mapped[str] = mapped_column(String(400))
    """The signing secret, encrypted."""
    disabled_reason: Mapped[str | None] = mapped_column(String(400))
    failures_in_a_row: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]


class OutboxEvent(Base):
    __tablename__ = "webhook_events"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), index=True)
    event: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(Text)
    """The JSON that is sent and signed, the same characters at every attempt."""
    created_at: Mapped[datetime]


class Delivery(Base):
    """One event on its way to one endpoint."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index("ix_webhook_deliveries_state_next_attempt_at", "state", "next_attempt_at"),)

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    endpoint_id: Mapped[str] = mapped_column(ForeignKey("webhooks.id", ondelete="CASCADE"), index=True)
    event_id: Mapped[str] = mapped_column(ForeignKey("webhook_events.id"), index=True)
    state: Mapped[str] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    last_status: Mapped[int | None]
    last_error: Mapped[str | None] = mapped_column(String(400))
    next_attempt_at: Mapped[datetime]
    """While an attempt is on its way: when another worker may take it for lost. Of one that ended: soon after that."""
    created_at: Mapped[datetime]
    first_attempt_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
