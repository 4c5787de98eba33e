"""Identification points are drawn by the owner of a reference, and seen by owner and customs alone."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

import service.references.service as references
from service.audit.service import record
from service.clock import now
from service.errors import Conflict, NotFound
from service.ids import new_id
from service.points import repository
from service.points.models import IdentificationPoint
from service.points.schemas import NewPoint
from service.security.principals import Principal

MOST = 40


class TooManyPoints(Conflict):
    slug = "too-many-points"
    title = "The reference has as many identification points as it may have"
    help = f"Remove one first; a reference has at most {MOST}."


def draw(session: Session, principal: Principal, reference_id: str, new: NewPoint) -> IdentificationPoint:
    """
    Raises:
        NotFound: there is no reference that the principal may see.
        TooManyPoints: it has `MOST` already.
    """
    reference = references.own_reference(session, principal, reference_id)
    if len(repository.on_reference(session, principal.tenant_id, reference.id)) >= MOST:
        raise TooManyPoints(f"Reference {reference.id} has {MOST} identification points.")
    point = IdentificationPoint(
        id=new_id("pnt"),
        tenant_id=principal.tenant_id,
        reference_id=reference.id,
        created_at=now(),
        **new.model_dump(),
    )
    session.add(point)
    session.flush()
    record(session, principal, "point.create", point.id, {"reference": reference.id})
    return point


def own_points(session: Session, principal: Principal, reference_id: str) -> Sequence[IdentificationPoint]:
    """Raises: NotFound: there is no reference that the principal may see."""
    reference = references.own_reference(session, principal, reference_id)
    return repository.on_reference(session, principal.tenant_id, reference.id)


def points_to_judge(
    session: Session, principal: Principal, reference_id: str
) -> Sequence[IdentificationPoint]:
    """Raises: NotFound: there is none that the principal may compare with."""
    references.comparable(session, principal, reference_id, 0)
    return repository.on_reference(session, principal.tenant_id, reference_id)


def checklist(session: Session, tenant_id: str, product_ids: Sequence[str]) -> Sequence[IdentificationPoint]:
    """What to look at on goods that may be these products, whoever owns them: for an officer's eyes alone."""
    return repository.of_products(session, tenant_id, product_ids, MOST) if product_ids else []


def remove(session: Session, principal: Principal, point_id: str) -> None:
    """Raises: NotFound: there is none that the principal may see."""
    point = repository.point(session, principal.tenant_id, point_id)
    if point is None:
        raise NotFound(f"There is no identification point {point_id} that this key may see.")
    try:
        references.own_reference(session, principal, point.reference_id)
    except NotFound:
        raise NotFound(f"There is no identification point {point_id} that this key may see.") from None
    session.delete(point)
    record(session, principal, "point.delete", point_id, {"reference": point.reference_id})
