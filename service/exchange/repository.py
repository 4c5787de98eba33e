"""SQL of partners, introductions, requests that were answered, and incidents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from service.exchange.keys import Party
from service.exchange.models import AskedOnce, Held, Incident, Introduction, Partner, PartnerState
from service.paging import one_more


def introduction(session: Session, tenant_id: str) -> Introduction | None:
    return session.scalar(select(Introduction).where(Introduction.tenant_id == tenant_id))


def partner(session: Session, tenant_id: str, partner_id: str) -> Partner | None:
    return session.scalar(_partners(tenant_id).where(Partner.id == partner_id))


def locked(session: Session, tenant_id: str, partner_id: str) -> Partner | None:
    """The row, kept from other writers until the transaction ends, so that sequences have no gap."""
    query = _partners(tenant_id).where(Partner.id == partner_id)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def of_party(session: Session, tenant_id: str, party: Party) -> Partner | None:
    """The partner of that key and house; one that ended only where there is no other."""
    query = _partners(tenant_id).where(Partner.key_id == party.key, Partner.house == party.house)
    found = session.scalars(query.order_by(Partner.id.desc())).all()
    return next((each for each in found if each.ended_at is None), found[0] if found else None)


def page(session: Session, tenant_id: str, limit: int, after: str | None) -> Sequence[Partner]:
    return one_more(session, _partners(tenant_id), Partner.id, limit, after)


def active(session: Session, tenant_id: str) -> Sequence[Partner]:
    query = _partners(tenant_id).where(Partner.state == PartnerState.ACTIVE.value)
    return session.scalars(query.order_by(Partner.id)).all()


def by_id(session: Session, tenant_id: str, ids: Sequence[str]) -> Mapping[str, Partner]:
    return {each.id: each for each in session.scalars(_partners(tenant_id).where(Partner.id.in_(ids)))}


def tenants_with_partners(
    session: Session,
) -> Sequence[str]:  # all tenants: whose feeds are to be polled, ids alone
    query = select(Partner.tenant_id).where(Partner.state == PartnerState.ACTIVE.value).distinct()
    return session.scalars(query.order_by(Partner.tenant_id)).all()


def disputes_by_about(session: Session, tenant_id: str, but: str) -> Mapping[str, int]:
    """Of one's own signals, how many partners dispute each, not counting the one that is told."""
    query = select(Held.about, Held.body).where(
        Held.tenant_id == tenant_id, Held.kind == "opinion", Held.body.is_not(None), Held.partner_id != but
    )
    found: dict[str, int] = {}
    for about, body in session.execute(query):
        if body["opinion"] == "disputes":
            found[about] = found.get(about, 0) + 1
    return found


def note_asked(
    session: Session, tenant_id: str, partner_id: str, message_id: str, expires_at: datetime
) -> bool:
    """False if a request of that id was answered before."""
    held = session.scalar(
        select(AskedOnce).where(
            AskedOnce.tenant_id == tenant_id,
            AskedOnce.partner_id == partner_id,
            AskedOnce.message_id == message_id,
        )
    )
    if held is not None:
        return False
    session.add(
        AskedOnce(tenant_id=tenant_id, partner_id=partner_id, message_id=message_id, expires_at=expires_at)
    )
    session.flush()
    return True


def forget_asked(session: Session, tenant_id: str, before: datetime) -> None:
    session.execute(delete(AskedOnce).where(AskedOnce.tenant_id == tenant_id, AskedOnce.expires_at < before))


def incident(session: Session, tenant_id: str, party: str, kind: str, hour: datetime) -> Incident | None:
    return session.scalar(
        select(Incident).where(
            Incident.tenant_id == tenant_id,
            Incident.party == party,
            Incident.kind == kind,
            Incident.hour == hour,
        )
    )


def incidents(session: Session, tenant_id: str, limit: int, after: str | None) -> Sequence[Incident]:
    query = select(Incident).where(Incident.tenant_id == tenant_id)
    return one_more(session, query, Incident.id, limit, after)


def forget_incidents(session: Session, tenant_id: str, before: datetime) -> None:
    session.execute(delete(Incident).where(Incident.tenant_id == tenant_id, Incident.last_at < before))


def has_house(session: Session, tenant_id: str) -> bool:
    """Whether the tenant takes part in the exchange at all."""
    return (
        session.scalar(select(Introduction.tenant_id).where(Introduction.tenant_id == tenant_id)) is not None
    )


def _partners(tenant_id: str) -> Select[Partner]:
    return select(Partner).where(Partner.tenant_id == tenant_id)
