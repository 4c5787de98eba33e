"""SQL of tenants, organisations, API keys and mandates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from service.security.models import ApiKey, Mandate, Organisation, Tenant


def key_by_prefix(session: Session, prefix: str) -> ApiKey | None:  # all tenants: the key says which one asks
    return session.scalar(select(ApiKey).where(ApiKey.prefix == prefix))


def tenant_by_name(session: Session, name: str) -> Tenant | None:  # all tenants: it looks one up
    return session.scalar(select(Tenant).where(Tenant.name == name))


def count_tenants(session: Session) -> int:  # all tenants: whether there are several
    return session.scalar(select(func.count()).select_from(Tenant)) or 0


def organisation_by_name(session: Session, tenant_id: str, name: str) -> Organisation | None:
    return session.scalar(
        select(Organisation).where(Organisation.tenant_id == tenant_id, Organisation.name == name)
    )


def owners_mandating(session: Session, tenant_id: str, agent_id: str, at: datetime) -> Sequence[str]:
    """Organisations that the agent may act for at that moment."""
    return session.scalars(
        select(Mandate.owner_id).where(
            Mandate.tenant_id == tenant_id,
            Mandate.agent_id == agent_id,
            Mandate.revoked_at.is_(None),
            Mandate.valid_from <= at,
            or_(Mandate.valid_until.is_(None), Mandate.valid_until > at),
        )
    ).all()


def key(session: Session, tenant_id: str, key_id: str) -> ApiKey | None:
    return session.scalar(select(ApiKey).where(ApiKey.tenant_id == tenant_id, ApiKey.id == key_id))


def keys(
    session: Session, tenant_id: str, only: str | None, after: str | None, limit: int
) -> Sequence[ApiKey]:
    """Keys of the tenant, or that one of them alone."""
    query = select(ApiKey).where(ApiKey.tenant_id == tenant_id, ApiKey.id > (after or ""))
    query = query if only is None else query.where(ApiKey.id == only)
    return session.scalars(query.order_by(ApiKey.id).limit(limit)).all()


def note_use(session: Session, tenant_id: str, key_id: str, at: datetime) -> None:
    session.execute(
        update(ApiKey).where(ApiKey.tenant_id == tenant_id, ApiKey.id == key_id).values(last_used_at=at)
    )


def organisation(session: Session, tenant_id: str, organisation_id: str) -> Organisation | None:
    return session.scalar(
        select(Organisation).where(Organisation.tenant_id == tenant_id, Organisation.id == organisation_id)
    )


def organisations(session: Session, tenant_id: str, after: str | None, limit: int) -> Sequence[Organisation]:
    return session.scalars(
        select(Organisation)
        .where(Organisation.tenant_id == tenant_id, Organisation.id > (after or ""))
        .order_by(Organisation.id)
        .limit(limit)
    ).all()


def mandate(session: Session, tenant_id: str, mandate_id: str) -> Mandate | None:
    return session.scalar(select(Mandate).where(Mandate.tenant_id == tenant_id, Mandate.id == mandate_id))


def mandates(
    session: Session, tenant_id: str, party: str | None, after: str | None, limit: int
) -> Sequence[Mandate]:
    """Mandates of the tenant, or those alone that an organisation gave or holds."""
    query = select(Mandate).where(Mandate.tenant_id == tenant_id, Mandate.id > (after or ""))
    if party is not None:
        query = query.where(or_(Mandate.agent_id == party, Mandate.owner_id == party))
    return session.scalars(query.order_by(Mandate.id).limit(limit)).all()
