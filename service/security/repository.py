"""SQL of tenants, organisations, API keys and mandates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from service.security.models import ApiKey, Mandate, Organisation, Tenant


def key_by_prefix(session: Session, prefix: str) -> ApiKey | None:
    """Without a tenant: it is the key that says which tenant is asking."""
    return session.scalar(select(ApiKey).where(ApiKey.prefix == prefix))


def tenant_by_name(session: Session, name: str) -> Tenant | None:
    return session.scalar(select(Tenant).where(Tenant.name == name))


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
            Mandate.valid_from <= at,
            or_(Mandate.valid_until.is_(None), Mandate.valid_until > at),
        )
    ).all()
