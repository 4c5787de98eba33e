"""HTTP of readings: what is written on a picture. Nothing of it is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, UploadFile

from service.deps import RuntimeDep, requires
from service.readings import service
from service.readings.schemas import ReadingOut
from service.references.endpoints import read_upload
from service.security.principals import Principal, Role

router = APIRouter(prefix="/v1/readings", tags=["readings"])

Officer = Annotated[Principal, Depends(requires(Role.INSPECTOR, Role.ADMIN))]


@router.post("")
def read_picture(
    principal: Officer,
    runtime: RuntimeDep,
    file: Annotated[UploadFile, File(description="A photo of a label, a carton, a shop's picture")],
) -> ReadingOut:
    """Read a picture: its lines, the names of protected brands and what may pass for them, replica words, barcodes."""
    return service.read(runtime, principal, read_upload(file, runtime.picture_limits.max_bytes))
