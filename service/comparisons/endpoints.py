"""HTTP of comparisons: a suspect's picture laid over a reference. Nothing of it is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Response, UploadFile

from service.comparisons import service
from service.comparisons.schemas import ComparisonOut
from service.deps import RuntimeDep, requires
from service.errors import Unprocessable
from service.evidence.drawing import png
from service.references.endpoints import picture_answer, read_upload
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1/references/{reference_id}/comparisons", tags=["comparisons"])

Comparer = Annotated[Principal, Depends(requires(Role.INSPECTOR, Role.BRAND_OWNER, Role.AGENT, Role.ADMIN))]
Suspect = Annotated[UploadFile, File(description="A photo of the same view of the goods in question")]


class NotAligned(Unprocessable):
    slug = "not-aligned"
    title = "The picture cannot be laid over the reference"
    help = "Photograph the same side, sharp, filling the frame; or compare with a reference of the side that is shown."


@router.post("")
def compare_with_reference(
    reference_id: str, principal: Comparer, runtime: RuntimeDep, file: Suspect
) -> ComparisonOut:
    """Where the picture differs from the reference, beyond light, printing and a pixel's shift.

    Other references of the product that are said to show the same view are compared too: what any of them shows is
    tolerated. Identification points that the owner drew on the reference are judged one by one.
    """
    data = read_upload(file, runtime.picture_limits.max_bytes)
    return ComparisonOut.of(service.compared(runtime, principal, reference_id, data))


@router.post(
    "/heat-map",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}, "description": "The picture over the reference"}},
)
def draw_heat_map(reference_id: str, principal: Comparer, runtime: RuntimeDep, file: Suspect) -> Response:
    """The picture as it lies over the reference, with what differs in red."""
    data = read_upload(file, runtime.picture_limits.max_bytes)
    found = service.compared(runtime, principal, reference_id, data).found
    if found is None:
        raise NotAligned("Too little of the picture and of the reference agrees.")
    return picture_answer(png(found.heat_map()), "png")
