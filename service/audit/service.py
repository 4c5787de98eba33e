"""Recording what was done, within the transaction that does it: both are kept, or neither."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from service.audit import repository
from service.audit.chain import Link, canonical
from service.clock import now
from service.security.principals import Principal


def record(
    session: Session,
    principal: Principal,
    action: str,
    object_id: str,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Append an entry to the log of the principal's tenant.

    Call it after the changes it tells of: from here on other writers of the tenant wait for this transaction.

    Args:
        action: what was done, as `thing.verb`: `brand.create`, `key.revoke`.
        object_id: id of the thing.
        detail: JSON values, dates and decimals; never a secret or a picture.

    Raises:
        TypeError: the detail holds something else.
    """
    seq, previous_hash = repository.lock_head(session, principal.tenant_id)
    link = Link(
        tenant_id=principal.tenant_id,
        seq=seq + 1,
        at=now(),
        key_id=principal.key_id,
        role=principal.role.value,
        organisation_id=principal.organisation_id,
        action=action,
        object_id=object_id,
        detail=canonical(detail or {}),
        previous_hash=previous_hash,
    )
    repository.append(session, principal.tenant_id, link)
