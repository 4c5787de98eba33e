"""Takes out what a partner sent: withdrawn, expired, not named by a snapshot, or all of it with the partnership."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from service.clock import now
from service.exchange.incoming import repository
from service.exchange.models import Held, Partner
from service.runtime import Runtime


def forget_partner(runtime: Runtime, session: Session, partner: Partner) -> None:
    """Everything, within the caller's transaction."""
    forget(runtime, session, partner.tenant_id, repository.all_of(session, partner.tenant_id, partner.id))
    repository.drop_seen(session, partner.tenant_id, partner.id, None)


def forget_unnamed(runtime: Runtime, session: Session, partner: Partner) -> None:
    """What the snapshot that just ended did not name."""
    gone = repository.older_than(session, partner.tenant_id, partner.id, partner.generation)
    forget(runtime, session, partner.tenant_id, gone)


def forget_expired(runtime: Runtime, session: Session, tenant_id: str) -> int:
    """Nominal data whose moment has come; how many."""
    gone = repository.expired(session, tenant_id, now())
    forget(runtime, session, tenant_id, gone)
    return len(gone)


def forget(runtime: Runtime, session: Session, tenant_id: str, rows: Sequence[Held]) -> None:
    unlearn(runtime, session, rows)
    repository.drop(session, tenant_id, [row.id for row in rows])


def unlearn(runtime: Runtime, session: Session, rows: Sequence[Held]) -> None:
    """Out of every search, and their pictures from the disk once that is committed."""
    items = [row.item_id for row in rows if row.item_id is not None]
    if items:
        runtime.vectors.forget(session, items)
    pictures = sorted({row.picture for row in rows if row.picture is not None})
    if pictures:
        runtime.partner_pictures.forget_after_commit(session, pictures)
