"""SQL of background pictures."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from service.background.models import BackgroundPicture
from service.paging import one_more


def picture(
    session: Session, tenant_id: str, organisation_id: str | None, picture_id: str
) -> BackgroundPicture | None:
    return session.scalar(_own(tenant_id, organisation_id).where(BackgroundPicture.id == picture_id))


def held(session: Session, tenant_id: str, organisation_id: str, blobs: Collection[str]) -> set[str]:
    """Those of the digests that the organisation has brought already."""
    query = _own(tenant_id, organisation_id).where(BackgroundPicture.blob.in_(sorted(blobs)))
    return set(session.scalars(query.with_only_columns(BackgroundPicture.blob)))


def page(
    session: Session, tenant_id: str, organisation_id: str | None, limit: int, after: str | None
) -> Sequence[BackgroundPicture]:
    return one_more(session, _own(tenant_id, organisation_id), BackgroundPicture.id, limit, after)


def count(session: Session, tenant_id: str, organisation_id: str | None) -> int:
    query = _own(tenant_id, organisation_id).with_only_columns(func.count())
    return session.scalar(query) or 0


def _own(tenant_id: str, organisation_id: str | None) -> Select[BackgroundPicture]:
    """Args: organisation_id: None for those of the whole tenant."""
    query = select(BackgroundPicture).where(BackgroundPicture.tenant_id == tenant_id)
    if organisation_id is None:
        return query
    return query.where(BackgroundPicture.organisation_id == organisation_id)
