"""Work that comes round by itself: asked for once a minute, and only where there is some."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from service.database import Database
from service.jobs import repository
from service.jobs.service import submit
from service.security.principals import Principal, Role

EVERY_SECONDS = 60.0
_log = logging.getLogger(__name__)

Wanting = Callable[[Session], Iterable[str]]
"""Ids of the tenants that have such work waiting; a query that is cheap where there is none."""


@dataclass(frozen=True)
class Periodic:
    kind: str
    """Of the job, whose function is declared by `job_handler`."""
    wanting: Wanting


_known: dict[str, Periodic] = {}


def periodic(kind: str, wanting: Wanting) -> None:
    """Declare that jobs of this kind are to be submitted by themselves for the tenants that want them."""
    _known[kind] = Periodic(kind, wanting)


def submit_wanted(database: Database) -> int:
    """Submit a job for every kind and tenant that has work and no unfinished job of that kind; how many."""
    submitted = 0
    for each in _known.values():
        with database.read() as session:
            tenants = list(each.wanting(session))
        for tenant_id in tenants:
            submitted += _submit(database, each.kind, tenant_id)
    return submitted


def by_itself(tenant_id: str) -> Principal:
    """Who acts when nobody asked."""
    return Principal("clock", tenant_id, "", Role.ADMIN)


def _submit(database: Database, kind: str, tenant_id: str) -> bool:
    with database.write() as session:
        if repository.unfinished_of_kind(session, tenant_id, kind):
            return False
        job = submit(session, by_itself(tenant_id), kind, {})
        _log.info("submitted %s (%s) for %s", job.id, kind, tenant_id)
        return True
