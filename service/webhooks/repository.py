"""SQL of webhooks and their outbox."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from service.paging import one_more
from service.webhooks.models import Delivery, DeliveryState, Endpoint, OutboxEvent


def endpoint(
    session: Session, tenant_id: str, endpoint_id: str, organisation_id: str | None
) -> Endpoint | None:
    found = session.get(Endpoint, endpoint_id)
    if found is None or found.tenant_id != tenant_id:
        return None
    return found if organisation_id in (None, found.organisation_id) else None


def endpoints(
    session: Session, tenant_id: str, organisation_id: str | None, after: str | None, limit: int
) -> Sequence[Endpoint]:
    query = select(Endpoint).where(Endpoint.tenant_id == tenant_id)
    if organisation_id is not None:
        query = query.where(Endpoint.organisation_id == organisation_id)
    return one_more(session, query, Endpoint.id, limit, after)


def enabled_endpoints(session: Session, tenant_id: str) -> Sequence[Endpoint]:
    return session.scalars(
        select(Endpoint).where(Endpoint.tenant_id == tenant_id, Endpoint.disabled_reason.is_(None))
    ).all()


def remove(session: Session, tenant_id: str, endpoint_id: str) -> None:
    """The endpoint, its deliveries, and the events that nobody else waits for."""
    mine = select(Delivery.event_id).where(Delivery.endpoint_id == endpoint_id)
    events = session.scalars(mine.where(Delivery.tenant_id == tenant_id)).all()
    session.execute(
        delete(Delivery).where(Delivery.tenant_id == tenant_id, Delivery.endpoint_id == endpoint_id)
    )
    session.execute(delete(Endpoint).where(Endpoint.tenant_id == tenant_id, Endpoint.id == endpoint_id))
    for start in range(0, len(events), 500):
        forget_unheld(session, events[start : start + 500])


def forget_unheld(session: Session, event_ids: Sequence[str]) -> None:
    """Those of the events (500 at most) that no delivery carries any more."""
    held = select(Delivery.event_id).where(Delivery.event_id == OutboxEvent.id)
    session.execute(delete(OutboxEvent).where(OutboxEvent.id.in_(event_ids), ~held.exists()))


def delivery(session: Session, tenant_id: str, endpoint_id: str, delivery_id: str) -> Delivery | None:
    return session.scalar(
        select(Delivery).where(
            Delivery.tenant_id == tenant_id, Delivery.endpoint_id == endpoint_id, Delivery.id == delivery_id
        )
    )


def deliveries(
    session: Session,
    tenant_id: str,
    endpoint_id: str,
    state: DeliveryState | None,
    after: str | None,
    limit: int,
) -> Sequence[tuple[Delivery, str]]:
    """Deliveries to the endpoint, each with the kind of its event, and one more where there is one."""
    query = (
        select(Delivery, OutboxEvent.event)
        .join(OutboxEvent, OutboxEvent.id == Delivery.event_id)
        .where(Delivery.tenant_id == tenant_id, Delivery.endpoint_id == endpoint_id)
        .order_by(Delivery.id)
        .limit(limit + 1)
    )
    if state is not None:
        query = query.where(Delivery.state == state.value)
    if after is not None:
        query = query.where(Delivery.id > after)
    return [(row.Delivery, row.event) for row in session.execute(query)]


def event_name(session: Session, tenant_id: str, event_id: str) -> str | None:
    return session.scalar(
        select(OutboxEvent.event).where(OutboxEvent.tenant_id == tenant_id, OutboxEvent.id == event_id)
    )
