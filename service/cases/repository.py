"""SQL of cases."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session

from service.cases.models import Case, CaseDeadline, CaseParty, CasePicture, CaseStep
from service.clocks.deadlines import DeadlineState
from service.paging import one_more

_OPEN = DeadlineState.OPEN.value
_IDS_AT_ONCE = 500


def case(session: Session, tenant_id: str, case_id: str, *, to_change: bool = False) -> Case | None:
    """Where it is to be changed, others who want to change it wait for this transaction."""
    query = _cases(tenant_id).where(Case.id == case_id)
    return session.scalar(query.with_for_update() if to_change else query)


def decided_with(
    session: Session, tenant_id: str, case_ids: Collection[str], outcome: str, first_step: str
) -> list[tuple[Case, datetime]]:
    """Those of the ids with that outcome, and when their first step took effect."""
    found: list[tuple[Case, datetime]] = []
    wanted = sorted(set(case_ids))
    for begin in range(0, len(wanted), _IDS_AT_ONCE):
        rows = session.execute(
            select(Case, CaseStep.at)
            .join(CaseStep, CaseStep.case_id == Case.id)
            .where(
                Case.tenant_id == tenant_id,
                Case.id.in_(wanted[begin : begin + _IDS_AT_ONCE]),
                Case.outcome == outcome,
                CaseStep.tenant_id == tenant_id,
                CaseStep.step == first_step,
            )
        )
        found += [(row[0], row[1]) for row in rows]
    return found


def page(
    session: Session,
    tenant_id: str,
    *,
    organisation_id: str | None,
    brand_ids: Sequence[str] | None,
    state: str | None,
    overdue_at: datetime | None,
    after: str | None,
    limit: int,
) -> Sequence[Case]:
    """By id, and one more where there is one; None leaves a side open, a moment asks for what is overdue then."""
    query = _cases(tenant_id)
    if organisation_id is not None:
        query = query.where(Case.organisation_id == organisation_id)
    if brand_ids is not None:
        query = query.where(Case.brand_id.in_(brand_ids))
    if state is not None:
        query = query.where(Case.state == state)
    if overdue_at is not None:
        late = select(CaseDeadline.case_id).where(
            CaseDeadline.tenant_id == tenant_id,
            CaseDeadline.state == _OPEN,
            CaseDeadline.due_at <= overdue_at,
        )
        query = query.where(Case.id.in_(late))
    return one_more(session, query, Case.id, limit, after)


def open_on(
    session: Session, tenant_id: str, kind: str, subject_id: str, brand_id: str | None
) -> Case | None:
    return session.scalar(
        _cases(tenant_id).where(
            Case.subject_kind == kind,
            Case.subject_id == subject_id,
            Case.brand_id.is_not_distinct_from(brand_id),
            Case.closed_at.is_(None),
        )
    )


def of_subjects(session: Session, tenant_id: str, kind: str, subject_ids: Sequence[str]) -> Sequence[Case]:
    return session.scalars(
        _cases(tenant_id).where(Case.subject_kind == kind, Case.subject_id.in_(subject_ids)).order_by(Case.id)
    ).all()


def steps(session: Session, tenant_id: str, case_id: str) -> Sequence[CaseStep]:
    return session.scalars(
        select(CaseStep)
        .where(CaseStep.tenant_id == tenant_id, CaseStep.case_id == case_id)
        .order_by(CaseStep.id)
    ).all()


def deadlines(session: Session, tenant_id: str, case_ids: Sequence[str]) -> Sequence[CaseDeadline]:
    return session.scalars(
        select(CaseDeadline)
        .where(CaseDeadline.tenant_id == tenant_id, CaseDeadline.case_id.in_(case_ids))
        .order_by(CaseDeadline.due_at, CaseDeadline.key)
    ).all()


def pictures(session: Session, tenant_id: str, case_id: str) -> Sequence[CasePicture]:
    return session.scalars(
        select(CasePicture)
        .where(CasePicture.tenant_id == tenant_id, CasePicture.case_id == case_id)
        .order_by(CasePicture.number)
    ).all()


def parties(session: Session, tenant_id: str, case_id: str) -> Sequence[CaseParty]:
    return session.scalars(
        select(CaseParty)
        .where(CaseParty.tenant_id == tenant_id, CaseParty.case_id == case_id)
        .order_by(CaseParty.id)
    ).all()


def noticed(session: Session, tenant_id: str, brand_id: str, answer: str, since: datetime) -> Sequence[Case]:
    """Cases of the brand that were decided since then and in which its holder had given that answer."""
    return session.scalars(
        _cases(tenant_id).where(
            Case.brand_id == brand_id, Case.holder_answer == answer, Case.decided_at >= since
        )
    ).all()


def tenants_to_tell(
    session: Session, at: datetime, soon: datetime
) -> Sequence[str]:  # all tenants: ids alone
    """Tenants with deadlines that nobody was told of: those that are near, and those that have passed."""
    return session.scalars(
        select(CaseDeadline.tenant_id)
        .where(CaseDeadline.state == _OPEN, _untold(at, soon))
        .distinct()
        .order_by(CaseDeadline.tenant_id)
    ).all()


def to_tell(
    session: Session, tenant_id: str, at: datetime, soon: datetime, limit: int
) -> list[tuple[CaseDeadline, Case]]:
    rows = session.execute(
        select(CaseDeadline, Case)
        .join(Case, Case.id == CaseDeadline.case_id)
        .where(CaseDeadline.tenant_id == tenant_id, CaseDeadline.state == _OPEN, _untold(at, soon))
        .order_by(CaseDeadline.due_at, CaseDeadline.id)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def count_overdue(session: Session, at: datetime) -> int:  # all tenants: one number for the operator
    counted = session.scalar(
        select(func.count())
        .select_from(CaseDeadline)
        .where(CaseDeadline.state == _OPEN, CaseDeadline.due_at <= at)
    )
    return counted or 0


def _cases(tenant_id: str) -> Select[Case]:
    return select(Case).where(Case.tenant_id == tenant_id)


def _untold(at: datetime, soon: datetime) -> ColumnElement[bool]:
    near = and_(CaseDeadline.due_at > at, CaseDeadline.due_at <= soon, CaseDeadline.reminded_at.is_(None))
    return or_(near, and_(CaseDeadline.due_at <= at, CaseDeadline.escalated_at.is_(None)))
