"""SQL of rights and recordations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from service.paging import one_more
from service.rights.models import Recordation, Right


def right(session: Session, tenant_id: str, right_id: str) -> Right | None:
    return session.scalar(_rights(tenant_id).where(Right.id == right_id))


def numbered(
    session: Session, tenant_id: str, brand_id: str, kind: str, office: str, number: str
) -> Right | None:
    return session.scalar(
        _rights(tenant_id).where(
            Right.brand_id == brand_id, Right.kind == kind, Right.office == office, Right.number == number
        )
    )


def of_number(
    session: Session, tenant_id: str, brand_ids: Sequence[str], office: str, number: str
) -> Sequence[Right]:
    return session.scalars(
        _rights(tenant_id).where(
            Right.brand_id.in_(brand_ids), Right.office == office, Right.number == number
        )
    ).all()


def all_present(session: Session, tenant_id: str) -> Sequence[Right]:
    return session.scalars(_rights(tenant_id).order_by(Right.id)).all()


def of_office(session: Session, tenant_id: str, office: str, numbers: Sequence[str]) -> Sequence[Right]:
    return session.scalars(
        _rights(tenant_id).where(Right.office == office, Right.number.in_(numbers)).order_by(Right.id)
    ).all()


def of_brands(session: Session, tenant_id: str, brand_ids: Sequence[str]) -> Sequence[Right]:
    return session.scalars(_rights(tenant_id).where(Right.brand_id.in_(brand_ids)).order_by(Right.id)).all()


def recordations_of_brands(
    session: Session, tenant_id: str, brand_ids: Sequence[str]
) -> Sequence[Recordation]:
    query = _recordations(tenant_id).where(Recordation.brand_id.in_(brand_ids))
    return session.scalars(query.order_by(Recordation.id)).all()


def ending_rights(
    session: Session, tenant_id: str, brand_ids: Sequence[str], until: date, limit: int
) -> Sequence[Right]:
    """Those whose last day is that one or an earlier one, the first to end first."""
    query = _rights(tenant_id).where(Right.brand_id.in_(brand_ids), Right.expires_on <= until)
    return session.scalars(query.order_by(Right.expires_on, Right.id).limit(limit)).all()


def ending_recordations(
    session: Session, tenant_id: str, brand_ids: Sequence[str], until: date, limit: int
) -> Sequence[Recordation]:
    query = _recordations(tenant_id).where(
        Recordation.brand_id.in_(brand_ids), Recordation.valid_until <= until
    )
    return session.scalars(query.order_by(Recordation.valid_until, Recordation.id).limit(limit)).all()


def count_ending(session: Session, tenant_id: str, brand_ids: Sequence[str], until: date) -> dict[str, int]:
    """Rights and recordations together, by brand."""
    counted: dict[str, int] = {}
    for table, last in ((Right, Right.expires_on), (Recordation, Recordation.valid_until)):
        rows = session.execute(
            select(table.brand_id, func.count())
            .where(
                table.tenant_id == tenant_id,
                table.brand_id.in_(brand_ids),
                table.removed_at.is_(None),
                last <= until,
            )
            .group_by(table.brand_id)
        )
        for brand_id, count in rows:
            counted[brand_id] = counted.get(brand_id, 0) + count
    return counted


def recordations_of_rights(
    session: Session, tenant_id: str, brand_id: str, right_ids: Sequence[str]
) -> Sequence[Recordation]:
    query = _recordations(tenant_id).where(
        Recordation.brand_id == brand_id, Recordation.right_id.in_(right_ids)
    )
    return session.scalars(query.order_by(Recordation.id)).all()


def page(session: Session, tenant_id: str, brand_id: str, limit: int, after: str | None) -> Sequence[Right]:
    return one_more(session, _rights(tenant_id).where(Right.brand_id == brand_id), Right.id, limit, after)


def recordation(session: Session, tenant_id: str, recordation_id: str) -> Recordation | None:
    return session.scalar(_recordations(tenant_id).where(Recordation.id == recordation_id))


def recordation_numbered(
    session: Session, tenant_id: str, right_id: str, authority: str, number: str
) -> Recordation | None:
    return session.scalar(
        _recordations(tenant_id).where(
            Recordation.right_id == right_id,
            Recordation.authority == authority,
            Recordation.number == number,
        )
    )


def recordation_page(
    session: Session, tenant_id: str, right_id: str, limit: int, after: str | None
) -> Sequence[Recordation]:
    query = _recordations(tenant_id).where(Recordation.right_id == right_id)
    return one_more(session, query, Recordation.id, limit, after)


def remove_recordations(session: Session, tenant_id: str, right_id: str, at: datetime) -> None:
    session.execute(
        update(Recordation)
        .where(
            Recordation.tenant_id == tenant_id,
            Recordation.right_id == right_id,
            Recordation.removed_at.is_(None),
        )
        .values(removed_at=at)
    )


def remove_of_brand(session: Session, tenant_id: str, brand_id: str, at: datetime) -> None:
    for table in (Right, Recordation):
        session.execute(
            update(table)
            .where(table.tenant_id == tenant_id, table.brand_id == brand_id, table.removed_at.is_(None))
            .values(removed_at=at)
        )


def _rights(tenant_id: str) -> Select[Right]:
    return select(Right).where(Right.tenant_id == tenant_id, Right.removed_at.is_(None))


def _recordations(tenant_id: str) -> Select[Recordation]:
    return select(Recordation).where(Recordation.tenant_id == tenant_id, Recordation.removed_at.is_(None))
