"""What the API takes and shows of webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from service.webhooks.models import Delivery, DeliveryState

EventName = Annotated[str, Field(pattern=r"^([a-z_]+(\.[a-z_]+)+|\*)$", max_length=100)]


class WebhookIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(max_length=2_000)]
    events: Annotated[list[EventName], Field(min_length=1, max_length=50)]
    """Kinds of events, as `decision.made`; `*` for all."""


class WebhookOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: str
    url: str
    events: list[str]
    disabled_reason: str | None
    failures_in_a_row: int
    created_at: datetime


class NewWebhookOut(WebhookOut):
    secret: str
    """Signs what is sent; shown this once."""


class DeliveryOut(BaseModel):
    id: str
    event_id: str
    event: str
    state: DeliveryState
    attempts: int
    last_status: int | None
    last_error: str | None
    next_attempt_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None

    @classmethod
    def of(cls, delivery: Delivery, event: str) -> DeliveryOut:
        state = DeliveryState(delivery.state)
        return cls(
            id=delivery.id,
            event_id=delivery.event_id,
            event=event,
            state=state,
            attempts=delivery.attempts,
            last_status=delivery.last_status,
            last_error=delivery.last_error,
            next_attempt_at=delivery.next_attempt_at if state is DeliveryState.PENDING else None,
            created_at=delivery.created_at,
            delivered_at=delivery.delivered_at,
        )
