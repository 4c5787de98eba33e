"""Reading the audit log and having its chain verified."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime

from service.audit import repository, verification
from service.audit.repository import EntryFilter
from service.audit.schemas import EntryOut, EntryPage, VerificationOut
from service.deps import AuditorPrincipal, ReadSession

router = APIRouter(prefix="/v1/audit", tags=["audit"])
Term = Annotated[str | None, Query(max_length=200)]
Moment = Annotated[AwareDatetime | None, Query()]


@router.get("/entries")
def list_entries(
    principal: AuditorPrincipal,
    session: ReadSession,
    after: Annotated[int, Query(ge=0, le=2**31 - 1, description="seq of the last entry already read")] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    action: Term = None,
    object_id: Term = None,
    key_id: Term = None,
    organisation_id: Term = None,
    since: Moment = None,
    until: Moment = None,
) -> EntryPage:
    """Entries of the caller's tenant in the order in which they were recorded."""
    wanted = EntryFilter(action, object_id, key_id, organisation_id, since, until)
    found = repository.page(session, principal.tenant_id, after, limit + 1, wanted)
    items = [EntryOut.of(entry) for entry in found[:limit]]
    return EntryPage(items=items, next_after=items[-1].seq if len(found) > limit else None)


@router.get("/verification")
def verify_chain(principal: AuditorPrincipal, session: ReadSession) -> VerificationOut:
    """Recomputes every hash of the tenant's log; names the first entry that is not as it was recorded."""
    return VerificationOut.of(verification.verify(session, principal.tenant_id))
