"""Registering webhooks over HTTP, and seeing what became of their events."""

from __future__ import annotations

from fastapi import APIRouter, Response

from service.audit.service import record
from service.deps import PlatformPrincipal, ReadSession, RuntimeDep, WriteSession
from service.fetching import parse_target
from service.paging import After, Limit, Page, page_of
from service.webhooks import service
from service.webhooks.models import DeliveryState
from service.webhooks.schemas import DeliveryOut, NewWebhookOut, WebhookIn, WebhookOut

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


@router.post("", status_code=201)
def register_webhook(
    wanted: WebhookIn,
    session: WriteSession,
    principal: PlatformPrincipal,
    runtime: RuntimeDep,
    response: Response,
) -> NewWebhookOut:
    """Have events sent to a URL, signed with the secret in the answer, which is not shown again."""
    parse_target(wanted.url, runtime.settings.fetch_hosts_allowed)
    key = runtime.settings.signing_key()
    endpoint, secret = service.register(session, principal, key, wanted.url, wanted.events)
    record(session, principal, "webhook.create", endpoint.id, {"url": wanted.url, "events": wanted.events})
    response.headers["Location"] = f"/v1/webhooks/{endpoint.id}"
    return NewWebhookOut(**WebhookOut.model_validate(endpoint).model_dump(), secret=secret)


@router.get("")
def list_webhooks(
    session: ReadSession, principal: PlatformPrincipal, after: After = None, limit: Limit = 50
) -> Page[WebhookOut]:
    found = service.list_endpoints(session, principal, after, limit)
    return page_of(found, limit, WebhookOut.model_validate)


@router.get("/{webhook_id}")
def get_webhook(webhook_id: str, session: ReadSession, principal: PlatformPrincipal) -> WebhookOut:
    return WebhookOut.model_validate(service.get(session, principal, webhook_id))


@router.delete("/{webhook_id}", status_code=204)
def delete_webhook(webhook_id: str, session: WriteSession, principal: PlatformPrincipal) -> Response:
    """Stop sending to it; what is still waiting for it is thrown away."""
    service.delete(session, principal, webhook_id)
    record(session, principal, "webhook.delete", webhook_id)
    return Response(status_code=204)


@router.post("/{webhook_id}/test", status_code=202)
def test_webhook(webhook_id: str, session: WriteSession, principal: PlatformPrincipal) -> DeliveryOut:
    """Send it the event `webhook.test`; the delivery in the answer tells later what became of it."""
    delivery = service.send_test(session, principal, webhook_id)
    record(session, principal, "webhook.test", webhook_id, {"delivery_id": delivery.id})
    return DeliveryOut.of(delivery, service.TEST_EVENT)


@router.get("/{webhook_id}/deliveries")
def list_deliveries(
    webhook_id: str,
    session: ReadSession,
    principal: PlatformPrincipal,
    state: DeliveryState | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[DeliveryOut]:
    """What was and is to be sent to it, oldest first."""
    found = service.list_deliveries(session, principal, webhook_id, state, after, limit)
    return page_of([DeliveryOut.of(*row) for row in found], limit, DeliveryOut.model_validate)


@router.post("/{webhook_id}/deliveries/{delivery_id}/redelivery", status_code=202)
def redeliver(
    webhook_id: str, delivery_id: str, session: WriteSession, principal: PlatformPrincipal
) -> DeliveryOut:
    """Send an event once more, with the same id; a webhook that was disabled is enabled by it."""
    delivery, event = service.redeliver(session, principal, webhook_id, delivery_id)
    record(session, principal, "webhook.redeliver", webhook_id, {"delivery_id": delivery_id})
    return DeliveryOut.of(delivery, event)
