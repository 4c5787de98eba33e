"""Liveness, readiness and what is in use."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from service.deps import RuntimeDep

router = APIRouter(tags=["health"])


class Alive(BaseModel):
    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    status: Literal["ready"] = "ready"
    encoder: str
    fingerprint: str
    index_revision: int
    references: int


@router.get("/healthz")
def alive() -> Alive:
    """The process answers. Says nothing about whether it can do its work: `/readyz` does."""
    return Alive()


@router.get("/readyz", responses={503: {"description": "Not ready; the problem document says why"}})
def ready(runtime: RuntimeDep) -> Ready:
    """The database answers and the index is level with it; 503 with the reason otherwise."""
    runtime.database.ping()
    serving = runtime.vectors.serving()
    return Ready(
        encoder=serving.encoder.info.name,
        fingerprint=serving.fingerprint,
        index_revision=serving.revision,
        references=serving.embeddings.count(),
    )
