"""The life of an API key after it is made: listed, rotated without downtime, revoked at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from service.audit.service import record
from service.clock import now
from service.errors import Conflict, NotFound
from service.security import repository
from service.security.models import ApiKey, Organisation
from service.security.principals import Principal, Role
from service.security.service import create_key, in_force

LONGEST_GRACE = timedelta(days=7)


def operator(tenant_id: str) -> Principal:
    """Who acts when a command is typed on the machine itself."""
    return Principal("command-line", tenant_id, "", Role.ADMIN)


def issue(
    session: Session,
    pepper: bytes,
    principal: Principal,
    organisation: Organisation,
    role: Role,
    label: str,
    expires_at: datetime | None,
) -> tuple[ApiKey, str]:
    """A new key for an organisation of the principal's tenant, and its text, shown this once."""
    key, text = create_key(session, pepper, organisation, role, label, expires_at)
    detail = {"organisation_id": organisation.id, "role": role, "label": label, "expires_at": expires_at}
    record(session, principal, "key.create", key.id, detail)
    return key, text


def visible(session: Session, principal: Principal, after: str | None, limit: int) -> Sequence[ApiKey]:
    """An administrator sees every key of the tenant, anyone else the one in hand."""
    only = None if principal.role is Role.ADMIN else principal.key_id
    return repository.keys(session, principal.tenant_id, only, after, limit)


def rotate(
    session: Session, pepper: bytes, principal: Principal, key_id: str, grace: timedelta
) -> tuple[ApiKey, str]:
    """A new key of the same holder, role and lifetime, valid now; the old one stays valid for the grace.

    Raises:
        NotFound: no such key, or not one that the principal may rotate.
        Conflict: it is no longer in force, or has been rotated already.
    """
    old = _managed(session, principal, key_id)
    at = now()
    if old.replaced_by is not None or not in_force(old, at):
        raise Conflict(f"The key {key_id} has ended or was rotated already; rotate the one that is in use.")
    organisation = repository.organisation(session, old.tenant_id, old.organisation_id)
    assert organisation is not None  # noqa: S101 - a foreign key holds it
    expires_at = at + (old.expires_at - old.created_at) if old.expires_at else None
    fresh, text = create_key(session, pepper, organisation, Role(old.role), old.label, expires_at)
    old.replaced_by = fresh.id
    old.expires_at = min(at + grace, old.expires_at or at + grace)
    session.flush()
    record(
        session, principal, "key.rotate", key_id, {"new_key_id": fresh.id, "old_expires_at": old.expires_at}
    )
    return fresh, text


def revoke(session: Session, principal: Principal, key_id: str) -> None:
    """End a key at once; a key that has been revoked stays so.

    Raises:
        NotFound: no such key, or not one that the principal may revoke.
    """
    key = _managed(session, principal, key_id)
    if key.revoked_at is None:
        key.revoked_at = now()
        session.flush()
        record(session, principal, "key.revoke", key_id)


def _managed(session: Session, principal: Principal, key_id: str) -> ApiKey:
    key = repository.key(session, principal.tenant_id, key_id)
    if key is None or (principal.role is not Role.ADMIN and key.id != principal.key_id):
        raise NotFound("There is no such key among those this key may manage.")
    return key
