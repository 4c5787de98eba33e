"""Names of parties are erased when their time has passed, by itself and without anybody asking."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from service.clock import now
from service.jobs.context import JobContext
from service.jobs.handlers import job_handler
from service.jobs.periodic import periodic
from service.parcels import repository
from service.parcels.keeping import erase_expired

ERASE = "erase-parcel-parties"


@job_handler(ERASE)
def erase(context: JobContext) -> dict[str, Any]:
    with context.runtime.database.write() as session:
        return {"erased": erase_expired(session, context.tenant_id)}


def _wanting(session: Session) -> Iterable[str]:
    return repository.tenants_with_expired(session, now())


periodic(ERASE, _wanting)
