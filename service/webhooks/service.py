"""Who is told of what happened: endpoints, and the outbox that events wait in until they are delivered."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from service.clock import now
from service.database import after_commit
from service.errors import NotFound
from service.ids import new_id
from service.security.principals import Principal, Role
from service.webhooks import repository
from service.webhooks.bell import wake
from service.webhooks.models import Delivery, DeliveryState, Endpoint, OutboxEvent
from service.webhooks.secret_box import SecretBox

TEST_EVENT = "webhook.test"
EVERY_EVENT = "*"


def publish(
    session: Session,
    tenant_id: str,
    event: str,
    payload: Mapping[str, Any],
    organisation_id: str | None = None,
) -> None:
    """Tell every endpoint that wants to know, at least once, if the caller's transaction is committed.

    Args:
        event: what happened, as `decision.made`.
        payload: JSON; becomes the member `data` of what is sent.
        organisation_id: whose event it is; then only that organisation and administrators hear of it.
    """
    wanting = [
        endpoint
        for endpoint in repository.enabled_endpoints(session, tenant_id)
        if _wants(endpoint, event, organisation_id)
    ]
    if wanting:
        _send(session, tenant_id, event, payload, wanting)


def register(
    session: Session, principal: Principal, signing_key: bytes, url: str, events: Sequence[str]
) -> tuple[Endpoint, str]:
    """A new endpoint and its secret, which is shown this once. The caller has checked that the URL is allowed."""
    secret = f"whs_{secrets.token_urlsafe(32)}"
    endpoint = Endpoint(
        id=new_id("whk"),
        tenant_id=principal.tenant_id,
        organisation_id=principal.organisation_id,
        whole_tenant=principal.role is Role.ADMIN,
        url=url,
        events=list(events),
        secret_box=SecretBox(signing_key).lock(secret),
        created_at=now(),
    )
    session.add(endpoint)
    session.flush()
    return endpoint, secret


def get(session: Session, principal: Principal, endpoint_id: str) -> Endpoint:
    """
    Raises:
        NotFound: there is none, or it is another organisation's.
    """
    found = repository.endpoint(session, principal.tenant_id, endpoint_id, _visible_organisation(principal))
    if found is None:
        raise NotFound(f"There is no webhook {endpoint_id}.")
    return found


def list_endpoints(
    session: Session, principal: Principal, after: str | None, limit: int
) -> Sequence[Endpoint]:
    organisation = _visible_organisation(principal)
    return repository.endpoints(session, principal.tenant_id, organisation, after, limit)


def delete(session: Session, principal: Principal, endpoint_id: str) -> None:
    """Forget the endpoint, its secret, and whatever was still on its way to it."""
    repository.remove(session, principal.tenant_id, get(session, principal, endpoint_id).id)


def send_test(session: Session, principal: Principal, endpoint_id: str) -> Delivery:
    """Send the event `webhook.test` to this endpoint alone, whatever it asked for."""
    endpoint = get(session, principal, endpoint_id)
    (delivery,) = _send(session, principal.tenant_id, TEST_EVENT, {"webhook_id": endpoint.id}, [endpoint])
    return delivery


def list_deliveries(
    session: Session,
    principal: Principal,
    endpoint_id: str,
    state: DeliveryState | None,
    after: str | None,
    limit: int,
) -> Sequence[tuple[Delivery, str]]:
    endpoint = get(session, principal, endpoint_id)
    return repository.deliveries(session, principal.tenant_id, endpoint.id, state, after, limit)


def redeliver(
    session: Session, principal: Principal, endpoint_id: str, delivery_id: str
) -> tuple[Delivery, str]:
    """Begin again with a delivery, whatever became of it; enables its endpoint.

    Raises:
        NotFound: there is no such delivery to this endpoint.
    """
    endpoint = get(session, principal, endpoint_id)
    delivery = repository.delivery(session, principal.tenant_id, endpoint.id, delivery_id)
    if delivery is None:
        raise NotFound(f"There is no delivery {delivery_id} to the webhook {endpoint_id}.")
    endpoint.disabled_reason, endpoint.failures_in_a_row = None, 0
    delivery.state, delivery.attempts = DeliveryState.PENDING.value, 0
    delivery.first_attempt_at = delivery.delivered_at = None
    delivery.next_attempt_at = now()
    session.flush()
    after_commit(session, wake)
    return delivery, repository.event_name(session, principal.tenant_id, delivery.event_id) or ""


def _wants(endpoint: Endpoint, event: str, organisation_id: str | None) -> bool:
    concerned = (
        organisation_id is None or endpoint.whole_tenant or endpoint.organisation_id == organisation_id
    )
    return concerned and (event in endpoint.events or EVERY_EVENT in endpoint.events)


def _send(
    session: Session, tenant_id: str, event: str, payload: Mapping[str, Any], to: Sequence[Endpoint]
) -> list[Delivery]:
    at, event_id = now(), new_id("evt")
    body = _body(event_id, event, at, payload)
    session.add(OutboxEvent(id=event_id, tenant_id=tenant_id, event=event, body=body, created_at=at))
    session.flush()  # before what refers to it
    deliveries = [_delivery(tenant_id, endpoint.id, event_id, at) for endpoint in to]
    session.add_all(deliveries)
    session.flush()
    after_commit(session, wake)
    return deliveries


def _body(event_id: str, event: str, at: datetime, payload: Mapping[str, Any]) -> str:
    document = {"id": event_id, "event": event, "created_at": at.isoformat(), "data": payload}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _delivery(tenant_id: str, endpoint_id: str, event_id: str, at: datetime) -> Delivery:
    return Delivery(
        id=new_id("dlv"),
        tenant_id=tenant_id,
        endpoint_id=endpoint_id,
        event_id=event_id,
        state=DeliveryState.PENDING.value,
        attempts=0,
        next_attempt_at=at,
        created_at=at,
    )


def _visible_organisation(principal: Principal) -> str | None:
    return None if principal.role is Role.ADMIN else principal.organisation_id
