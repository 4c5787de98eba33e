"""Making and verifying API keys: `mzg_<prefix>_<secret>`."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from service.clock import now
from service.errors import NotFound, Unauthenticated
from service.ids import new_id
from service.runtime import Runtime
from service.security import repository
from service.security.models import ApiKey, Organisation, Tenant
from service.security.principals import Principal, Role

_REFUSED = "The API key is missing, wrong, revoked or expired."


class KeyRefused(Exception):
    """The cause of an `Unauthenticated`, for the log alone; it holds nothing of the key that was sent."""


def authenticate(runtime: Runtime, authorization: str | None) -> Principal:
    """The principal of an `Authorization: Bearer` header.

    Raises:
        Unauthenticated: always in the same words, so that they tell nothing.
    """
    prefix, secret = _split(authorization)
    with runtime.database.read() as session:
        key = repository.key_by_prefix(session, prefix)
        expected = key.secret_hash if key else ""
        matches = hmac.compare_digest(expected, _hash(runtime.settings.signing_key(), secret))
        if key is None or not matches or not in_force(key, now()):
            raise Unauthenticated(_REFUSED) from KeyRefused(_why(key, matches))
        role = Role(key.role)
        owners = owners_of(session, key.tenant_id, key.organisation_id, role)
        return Principal(key.id, key.tenant_id, key.organisation_id, role, owners)


def create_key(
    session: Session,
    pepper: bytes,
    organisation: Organisation,
    role: Role,
    label: str,
    expires_at: datetime | None,
) -> tuple[ApiKey, str]:
    """A new key and its text, which is shown this once and cannot be read again."""
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey(
        id=new_id("key"),
        tenant_id=organisation.tenant_id,
        organisation_id=organisation.id,
        role=role.value,
        label=label,
        prefix=prefix,
        secret_hash=_hash(pepper, secret),
        created_at=now(),
        expires_at=expires_at,
    )
    session.add(key)
    session.flush()
    return key, f"mzg_{prefix}_{secret}"


def tenant_named(session: Session, name: str) -> Tenant:
    """The tenant of that name, made if it is new."""
    tenant = repository.tenant_by_name(session, name)
    if tenant is None:
        tenant = Tenant(id=new_id("ten"), name=name, created_at=now())
        session.add(tenant)
        session.flush()
    return tenant


def known_tenant(session: Session, name: str) -> Tenant:
    """The tenant of that name.

    Raises:
        NotFound: there is none.
    """
    tenant = repository.tenant_by_name(session, name)
    if tenant is None:
        raise NotFound(f"No tenant is called {name!r}; `mizugiwa keys create --tenant NAME` makes one.")
    return tenant


def organisation_named(session: Session, tenant_id: str, name: str) -> Organisation:
    """The organisation of that name, made if it is new."""
    organisation = repository.organisation_by_name(session, tenant_id, name)
    if organisation is None:
        organisation = Organisation(id=new_id("org"), tenant_id=tenant_id, name=name, created_at=now())
        session.add(organisation)
        session.flush()
    return organisation


def _split(authorization: str | None) -> tuple[str, str]:
    scheme, _, token = (authorization or "").partition(" ")
    parts = token.strip().split("_", 2)
    if scheme.lower() != "bearer" or len(parts) != 3 or parts[0] != "mzg":
        raise Unauthenticated(_REFUSED) from KeyRefused("not of the form of a key")
    return parts[1], parts[2]


def _why(key: ApiKey | None, matches: bool) -> str:
    if key is None:
        return "no such key"
    return f"{key.id}, which has ended" if matches else f"not the secret of {key.id}"


def _hash(pepper: bytes, secret: str) -> str:
    return hmac.new(pepper, secret.encode(), hashlib.sha256).hexdigest()


def in_force(key: ApiKey, at: datetime) -> bool:
    """Neither revoked nor expired."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > at)


def owners_of(session: Session, tenant_id: str, organisation_id: str, role: Role) -> frozenset[str]:
    """The organisations for whose brands somebody of that organisation and role acts as their owner."""
    match role:
        case Role.BRAND_OWNER:
            return frozenset({organisation_id})
        case Role.AGENT:
            return frozenset(repository.owners_mandating(session, tenant_id, organisation_id, now()))
        case _:
            return frozenset()
