"""HTTP of identification points."""

from __future__ import annotations

from fastapi import APIRouter

from service.deps import OwnerPrincipal, ReadSession, WriteSession
from service.points import service
from service.points.schemas import NewPoint, ShownPoint

router = APIRouter(prefix="/v1", tags=["identification points"])


@router.post("/references/{reference_id}/identification-points", status_code=201)
def draw_point(
    reference_id: str, new: NewPoint, principal: OwnerPrincipal, session: WriteSession
) -> ShownPoint:
    """Draw a region that tells genuine from counterfeit. Nobody but its owner and customs ever sees it."""
    return ShownPoint.model_validate(service.draw(session, principal, reference_id, new))


@router.get("/references/{reference_id}/identification-points")
def list_points(reference_id: str, principal: OwnerPrincipal, session: ReadSession) -> list[ShownPoint]:
    return [ShownPoint.model_validate(each) for each in service.own_points(session, principal, reference_id)]


@router.delete("/identification-points/{point_id}", status_code=204)
def remove_point(point_id: str, principal: OwnerPrincipal, session: WriteSession) -> None:
    service.remove(session, principal, point_id)
