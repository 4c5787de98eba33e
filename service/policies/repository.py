"""SQL of policy files and switches."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.paging import one_more
from service.policies.models import PolicyFile, Switch, SwitchState


def policy_file(session: Session, tenant_id: str, digest: str) -> PolicyFile | None:
    return session.get(PolicyFile, (tenant_id, digest))


def policy_files(session: Session, tenant_id: str) -> Sequence[PolicyFile]:
    """Oldest first."""
    return session.scalars(
        select(PolicyFile).where(PolicyFile.tenant_id == tenant_id).order_by(PolicyFile.uploaded_at)
    ).all()


def switch(session: Session, tenant_id: str, switch_id: str) -> Switch | None:
    return session.scalar(select(Switch).where(Switch.tenant_id == tenant_id, Switch.id == switch_id))


def switches(session: Session, tenant_id: str, limit: int, after: str | None) -> Sequence[Switch]:
    return one_more(session, select(Switch).where(Switch.tenant_id == tenant_id), Switch.id, limit, after)


def switches_of(session: Session, tenant_id: str, rule: str, most: int) -> Sequence[Switch]:
    """Newest first."""
    query = select(Switch).where(Switch.tenant_id == tenant_id, Switch.rule == rule)
    return session.scalars(query.order_by(Switch.id.desc()).limit(most)).all()


def in_force(session: Session, tenant_id: str) -> Sequence[Switch]:
    """What stands now: at most one switch for each rule, and one for the file."""
    return session.scalars(
        select(Switch).where(Switch.tenant_id == tenant_id, Switch.state == SwitchState.IN_FORCE.value)
    ).all()


def rules_proposed(session: Session, tenant_id: str) -> Sequence[str]:
    return session.scalars(
        select(Switch.rule).where(
            Switch.tenant_id == tenant_id,
            Switch.state == SwitchState.PROPOSED.value,
            Switch.rule.is_not(None),
        )
    ).all()  # type: ignore[return-value]  # the last condition leaves none out of None
