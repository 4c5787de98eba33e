"""Visits every partner once a minute, as a job that comes round by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

import service.jobs.repository as job_table
import service.jobs.service as jobs
from service.clock import now
from service.exchange import incidents, repository
from service.exchange.incoming.forgetting import forget_expired
from service.exchange.incoming.pictures import fetch_pictures
from service.exchange.incoming.pulling import pull
from service.exchange.messages import MessageRefused
from service.exchange.models import Partner
from service.exchange.outgoing.pushing import push, sign_what_is_due
from service.fetching import FetchError
from service.jobs.handlers import JobContext, job_handler
from service.jobs.models import Job
from service.jobs.periodic import periodic
from service.runtime import Runtime
from service.security.principals import Principal

KIND = "exchange.poll"
_KEPT = timedelta(days=1)
"""Of the jobs that are done."""
_FAILURE = 500
_log = logging.getLogger(__name__)


@job_handler(KIND)
def poll(context: JobContext) -> dict[str, int]:
    """Visit all partners of the tenant once."""
    return visit_all(
        context.runtime,
        context.tenant_id,
        lambda: not context.cancelled and not context.stopping.is_set(),
    )


periodic(KIND, repository.tenants_with_partners)


def poll_now(session: Session, principal: Principal) -> Job:
    """Ask for a visit that does not wait for its minute."""
    return jobs.submit(session, principal, KIND, {})


def visit_all(
    runtime: Runtime, tenant_id: str, going_on: Callable[[], bool] = lambda: True
) -> dict[str, int]:
    """What came and went, counted; a partner that cannot be visited keeps no other waiting for long."""
    tidy(runtime, tenant_id)
    with runtime.database.read() as session:
        partners = repository.active(session, tenant_id)
    told = {"received": 0, "pictures": 0, "posted": 0, "failed": 0}
    for partner in partners:
        if not going_on():
            break
        try:
            visit(runtime, partner, told, going_on)
        except (FetchError, MessageRefused) as error:
            told["failed"] += 1
            _note_failure(runtime, partner, error)
    return told


def visit(runtime: Runtime, partner: Partner, told: dict[str, int], going_on: Callable[[], bool]) -> None:
    """Read its feed, fetch what pictures it gives, bring it what is new.

    Raises:
        FetchError: it cannot be reached.
        MessageRefused: it answers what may not be acted on.
    """
    sign_what_is_due(runtime, partner)
    if partner.address:
        told["received"] += pull(runtime, partner, going_on)
        told["pictures"] += fetch_pictures(runtime, partner, going_on)
    told["posted"] += push(runtime, partner, going_on)


def tidy(runtime: Runtime, tenant_id: str) -> None:
    """Delete what has expired, and records of old incidents."""
    with runtime.database.write() as session:
        forget_expired(runtime, session, tenant_id)
        repository.forget_asked(session, tenant_id, now())
        repository.forget_incidents(session, tenant_id, now() - incidents.KEPT)
        job_table.forget_finished(session, tenant_id, KIND, now() - _KEPT)


def _note_failure(runtime: Runtime, partner: Partner, error: Exception) -> None:
    _log.warning("partner %s (%s) was not visited to the end: %s", partner.id, partner.name, error)
    with runtime.database.write() as session:
        locked = repository.locked(session, partner.tenant_id, partner.id)
        if locked is not None:
            locked.failure = str(error)[:_FAILURE]
        if isinstance(error, MessageRefused):
            incidents.note(session, partner.tenant_id, partner.id, error.kind, str(error))
