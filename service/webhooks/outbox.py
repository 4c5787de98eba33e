"""SQL of the courier: takes deliveries out of the outbox for a while and writes down what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from service.webhooks import repository
from service.webhooks.models import Delivery, DeliveryState, Endpoint, OutboxEvent

_PENDING = DeliveryState.PENDING.value
_ENDED = (DeliveryState.DELIVERED.value, DeliveryState.DEAD.value)


@dataclass(frozen=True)
class Attempt:
    """All that is needed to send one delivery once, without the database."""

    delivery_id: str
    endpoint_id: str
    url: str
    secret_box: str
    failing: bool
    event_id: str
    body: str
    attempts: int
    first_attempt_at: datetime


def waiting_endpoints(session: Session, at: datetime) -> dict[str, bool]:
    """Endpoints with deliveries that are due, the longest waiting first; True for those that failed last time."""
    rows = session.execute(
        select(Endpoint.id, Endpoint.failures_in_a_row)
        .join(Delivery, Delivery.endpoint_id == Endpoint.id)
        .where(Delivery.state == _PENDING, Delivery.next_attempt_at <= at)
        .group_by(Endpoint.id, Endpoint.failures_in_a_row)
        .order_by(func.min(Delivery.next_attempt_at))
    )
    return {row.id: row.failures_in_a_row > 0 for row in rows}


def take(session: Session, room: Mapping[str, int], at: datetime, lease: timedelta) -> list[Attempt]:
    """Take up to `room[endpoint]` due deliveries of each endpoint; others leave them alone for the lease."""
    return [
        attempt
        for endpoint_id, limit in room.items()
        for attempt in _take_of(session, endpoint_id, limit, at, lease)
    ]


def delivered(session: Session, attempt: Attempt, status: int, at: datetime) -> None:
    values = {"state": DeliveryState.DELIVERED.value, "delivered_at": at}
    _update_delivery(session, attempt, {**values, "last_status": status, "last_error": None})
    session.execute(update(Endpoint).where(Endpoint.id == attempt.endpoint_id).values(failures_in_a_row=0))


def failed(
    session: Session, attempt: Attempt, status: int | None, error: str, next_at: datetime | None
) -> None:
    """Try again at `next_at`, or never where it is None."""
    values: dict[str, object] = {"last_status": status, "last_error": error[:400]}
    if next_at is None:
        values["state"] = DeliveryState.DEAD.value
    else:
        values["next_attempt_at"] = next_at
    _update_delivery(session, attempt, values)
    failures = Endpoint.failures_in_a_row + 1
    session.execute(
        update(Endpoint).where(Endpoint.id == attempt.endpoint_id).values(failures_in_a_row=failures)
    )


def gone(session: Session, attempt: Attempt, status: int) -> None:
    """The endpoint said that it wants nothing any more."""
    error = "The endpoint answered 410 Gone and was disabled."
    _update_delivery(session, attempt, {"last_status": status, "last_error": error})
    session.execute(update(Endpoint).where(Endpoint.id == attempt.endpoint_id).values(disabled_reason=error))
    session.execute(
        update(Delivery)
        .where(Delivery.endpoint_id == attempt.endpoint_id, Delivery.state == _PENDING)
        .values(state=DeliveryState.DEAD.value)
    )


def forget_ended(session: Session, before: datetime, limit: int) -> int:
    """Forget deliveries that ended before then, and events that nothing else carries; how many deliveries it was.

    Args:
        limit: how many at most, 500 or fewer; another process that does the same at the same time takes others.
    """
    ended = session.execute(
        select(Delivery.id, Delivery.event_id)
        .join(OutboxEvent, OutboxEvent.id == Delivery.event_id)
        .where(Delivery.state.in_(_ENDED), Delivery.next_attempt_at < before)
        .limit(limit)
        .with_for_update(skip_locked=True, of=[Delivery, OutboxEvent])
    ).all()
    session.execute(delete(Delivery).where(Delivery.id.in_([row.id for row in ended])))
    repository.forget_unheld(session, sorted({row.event_id for row in ended}))
    return len(ended)


def _take_of(session: Session, endpoint_id: str, limit: int, at: datetime, lease: timedelta) -> list[Attempt]:
    rows = session.execute(
        select(Delivery, Endpoint, OutboxEvent.body)
        .join(Endpoint, Endpoint.id == Delivery.endpoint_id)
        .join(OutboxEvent, OutboxEvent.id == Delivery.event_id)
        .where(
            Delivery.endpoint_id == endpoint_id,
            Delivery.state == _PENDING,
            Delivery.next_attempt_at <= at,
        )
        .order_by(Delivery.next_attempt_at, Delivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=Delivery)
    ).all()
    return [_taken(row.Delivery, row.Endpoint, row.body, at, lease) for row in rows]


def _taken(delivery: Delivery, endpoint: Endpoint, body: str, at: datetime, lease: timedelta) -> Attempt:
    delivery.attempts += 1
    delivery.first_attempt_at = delivery.first_attempt_at or at
    delivery.next_attempt_at = at + lease
    return Attempt(
        delivery_id=delivery.id,
        endpoint_id=endpoint.id,
        url=endpoint.url,
        secret_box=endpoint.secret_box,
        failing=endpoint.failures_in_a_row > 0,
        event_id=delivery.event_id,
        body=body,
        attempts=delivery.attempts,
        first_attempt_at=delivery.first_attempt_at,
    )


def _update_delivery(session: Session, attempt: Attempt, values: Mapping[str, object]) -> None:
    mine = (Delivery.id == attempt.delivery_id, Delivery.attempts == attempt.attempts)
    session.execute(update(Delivery).where(*mine).values(**values))


def overview(session: Session, limit: int) -> list[tuple[Endpoint, dict[str, int]]]:
    """Endpoints of all tenants with their deliveries counted by state: for the operator, not for callers."""
    endpoints = session.scalars(select(Endpoint).order_by(Endpoint.id).limit(limit)).all()
    counts = session.execute(
        select(Delivery.endpoint_id, Delivery.state, func.count().label("number"))
        .where(Delivery.endpoint_id.in_([endpoint.id for endpoint in endpoints]))
        .group_by(Delivery.endpoint_id, Delivery.state)
    ).all()
    return [
        (endpoint, {row.state: row.number for row in counts if row.endpoint_id == endpoint.id})
        for endpoint in endpoints
    ]
