"""HTTP of heat maps: what a check or an inspection found to differ, drawn. For officers alone."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from service.deps import RuntimeDep, requires
from service.differences import service
from service.differences.service import Differing
from service.references.endpoints import picture_answer
from service.runtime import Runtime
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1", tags=["differences"])

Officer = Annotated[Principal, Depends(requires(Role.INSPECTOR))]
_PNG: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {"image/png": {}},
        "description": "The picture outlined, over the reference in red, and the reference outlined",
    },
    204: {"description": "The picture was not compared with a reference: there is nothing to draw"},
}


@router.get("/decisions/{decision_id}/heat-maps/{sha256}", response_class=Response, responses=_PNG)
def draw_decision(decision_id: str, sha256: str, principal: Officer, runtime: RuntimeDep) -> Response:
    """Where a picture of the listing, named by its digest, differs from the reference that it was laid over."""
    with runtime.database.read() as session:
        found = service.of_decision(session, principal, decision_id, sha256)
    return _drawn(runtime, found)


@router.get("/inspections/{inspection_id}/heat-maps/{sha256}", response_class=Response, responses=_PNG)
def draw_inspection(inspection_id: str, sha256: str, principal: Officer, runtime: RuntimeDep) -> Response:
    """The same for a photo of the goods in a parcel."""
    with runtime.database.read() as session:
        found = service.of_inspection(session, principal, inspection_id, sha256)
    return _drawn(runtime, found)


def _drawn(runtime: Runtime, found: Differing | None) -> Response:
    if found is None:
        return Response(status_code=204)
    return picture_answer(service.heat_map(runtime, found), "png")
