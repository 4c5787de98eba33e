"""Organisations of a tenant, and the mandates under which agents act for owners."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from service.audit.service import record
from service.clock import now
from service.errors import Conflict, NotFound, Unprocessable
from service.ids import new_id
from service.security import repository
from service.security.keys import operator
from service.security.models import Mandate, Organisation, Tenant
from service.security.principals import Principal, Role
from service.security.service import organisation_named, tenant_named


def founded(session: Session, name: str) -> Tenant:
    """The tenant of that name, for a command on the machine; made, and its log begun with it, if it is new."""
    known = repository.tenant_by_name(session, name)
    if known is not None:
        return known
    tenant = tenant_named(session, name)
    record(session, operator(tenant.id), "tenant.create", tenant.id, {"name": name})
    return tenant


def joined(session: Session, principal: Principal, name: str) -> Organisation:
    """The organisation of that name in the principal's tenant, made and recorded if it is new."""
    known = repository.organisation_by_name(session, principal.tenant_id, name)
    return known or _registered(session, principal, name)


def register(session: Session, principal: Principal, name: str) -> Organisation:
    """A new organisation in the principal's tenant.

    Raises:
        Conflict: one of that name is there.
    """
    if repository.organisation_by_name(session, principal.tenant_id, name) is not None:
        raise Conflict(f"An organisation called {name!r} is there already; names are unique in a tenant.")
    return _registered(session, principal, name)


def organisation_of(session: Session, tenant_id: str, organisation_id: str) -> Organisation:
    """The organisation that a request names in its body.

    Raises:
        Unprocessable: the tenant has none of that id.
    """
    found = repository.organisation(session, tenant_id, organisation_id)
    if found is None:
        raise Unprocessable(
            f"There is no organisation {organisation_id!r}; GET /v1/organisations lists them."
        )
    return found


def give_mandate(
    session: Session,
    principal: Principal,
    agent_id: str,
    owner_id: str,
    valid_from: datetime | None,
    valid_until: datetime | None,
) -> Mandate:
    """Let an agent act for an owner from `valid_from` (now if None) until `valid_until` (open if None).

    Raises:
        Unprocessable: an unknown organisation, an agent of itself, or a period that ends before it begins.
    """
    begins = valid_from or now()
    if agent_id == owner_id:
        raise Unprocessable("An organisation needs no mandate to act for itself.")
    if valid_until is not None and valid_until <= begins:
        raise Unprocessable("The mandate ends before it begins; `valid_until` must be after `valid_from`.")
    for organisation_id in (agent_id, owner_id):
        organisation_of(session, principal.tenant_id, organisation_id)
    mandate = Mandate(
        id=new_id("mdt"),
        tenant_id=principal.tenant_id,
        agent_id=agent_id,
        owner_id=owner_id,
        valid_from=begins,
        valid_until=valid_until,
    )
    session.add(mandate)
    session.flush()
    detail = {"agent_id": agent_id, "owner_id": owner_id, "valid_from": begins, "valid_until": valid_until}
    record(session, principal, "mandate.create", mandate.id, detail)
    return mandate


def visible_mandates(
    session: Session, principal: Principal, after: str | None, limit: int
) -> Sequence[Mandate]:
    """An administrator sees all of the tenant, an owner or agent those that it gave or holds."""
    party = None if principal.role is Role.ADMIN else principal.organisation_id
    return repository.mandates(session, principal.tenant_id, party, after, limit)


def revoke_mandate(session: Session, principal: Principal, mandate_id: str) -> None:
    """End a mandate at once; the agent's very next request is without it.

    Raises:
        NotFound: the tenant has no such mandate.
    """
    mandate = repository.mandate(session, principal.tenant_id, mandate_id)
    if mandate is None:
        raise NotFound("There is no such mandate.")
    if mandate.revoked_at is None:
        mandate.revoked_at = now()
        session.flush()
        record(session, principal, "mandate.revoke", mandate_id)


def _registered(session: Session, principal: Principal, name: str) -> Organisation:
    organisation = organisation_named(session, principal.tenant_id, name)
    record(session, principal, "organisation.create", organisation.id, {"name": name})
    return organisation
