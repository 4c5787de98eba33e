"""SQL of listings, received pictures, their features and idempotency keys."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.listings.models import IdempotentCheck, Listing, PendingCheck, PictureFeatures, ReceivedPicture


def listing(session: Session, tenant_id: str, organisation_id: str, reference: str) -> Listing | None:
    return session.scalar(
        select(Listing).where(
            Listing.tenant_id == tenant_id,
            Listing.organisation_id == organisation_id,
            Listing.reference == reference,
        )
    )


def received(session: Session, tenant_id: str, organisation_id: str, digests: Iterable[str]) -> set[str]:
    """Those of the digests that the organisation has sent before."""
    return set(
        session.scalars(
            select(ReceivedPicture.sha256).where(
                ReceivedPicture.tenant_id == tenant_id,
                ReceivedPicture.organisation_id == organisation_id,
                ReceivedPicture.sha256.in_(sorted(set(digests))),
            )
        )
    )


def features(
    session: Session, tenant_id: str, fingerprint: str, digests: Iterable[str]
) -> dict[str, PictureFeatures]:
    rows = session.scalars(
        select(PictureFeatures).where(
            PictureFeatures.tenant_id == tenant_id,
            PictureFeatures.fingerprint == fingerprint,
            PictureFeatures.sha256.in_(sorted(set(digests))),
        )
    )
    return {row.sha256: row for row in rows}


def idempotent_check(
    session: Session, tenant_id: str, organisation_id: str, key: str
) -> IdempotentCheck | None:
    return session.scalar(
        select(IdempotentCheck).where(
            IdempotentCheck.tenant_id == tenant_id,
            IdempotentCheck.organisation_id == organisation_id,
            IdempotentCheck.key == key,
        )
    )


def pending(session: Session, tenant_id: str, decision_id: str) -> PendingCheck | None:
    return session.scalar(
        select(PendingCheck).where(
            PendingCheck.tenant_id == tenant_id, PendingCheck.decision_id == decision_id
        )
    )
