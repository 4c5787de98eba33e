"""SQL of referrals."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.referrals.models import Referral


def referral(session: Session, tenant_id: str, referral_id: str) -> Referral | None:
    return session.scalar(select(Referral).where(Referral.tenant_id == tenant_id, Referral.id == referral_id))


def of_case(session: Session, tenant_id: str, case_id: str) -> Sequence[Referral]:
    """Every version in every language, oldest first."""
    return session.scalars(
        select(Referral)
        .where(Referral.tenant_id == tenant_id, Referral.case_id == case_id)
        .order_by(Referral.id)
    ).all()


def latest(session: Session, tenant_id: str, case_id: str, language: str) -> Referral | None:
    return session.scalar(
        select(Referral)
        .where(Referral.tenant_id == tenant_id, Referral.case_id == case_id, Referral.language == language)
        .order_by(Referral.version.desc())
        .limit(1)
    )
