"""Liveness, readiness and what is in use."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from service.cases.service import count_overdue
from service.deps import RuntimeDep
from service.errors import Problem, Unavailable

_log = logging.getLogger(__name__)
router = APIRouter(tags=["health"])


class NotReady(Unavailable):
    slug = "not-ready"
    title = "The service cannot do its work at the moment"
    help = "Send requests to another instance until this one is ready; its log says what is wrong."


class Alive(BaseModel):
    status: Literal["alive"] = "alive"


class Ready(BaseModel):
    status: Literal["ready"] = "ready"
    encoder: str
    fingerprint: str
    index_revision: int
    references: int
    overdue_deadlines: int
    """Of cases, in the whole installation: somebody has to act."""


@router.get("/healthz")
def alive() -> Alive:
    """The process answers. Says nothing about whether it can do its work: `/readyz` does."""
    return Alive()


@router.get("/readyz", responses={503: {"description": "Not ready; the problem document says why"}})
def ready(runtime: RuntimeDep) -> Ready:
    """The database answers and the index is level with it; 503 with the reason otherwise."""
    with _or_not_ready("The database does not answer."):
        runtime.database.ping()
        with runtime.database.read() as session:
            overdue = count_overdue(session)
    with _or_not_ready("The index cannot be brought level with the database."):
        serving = runtime.vectors.serving()
        return Ready(
            encoder=serving.encoder.info.name,
            fingerprint=serving.fingerprint,
            index_revision=serving.revision,
            references=serving.embeddings.count(),
            overdue_deadlines=overdue,
        )


@contextmanager
def _or_not_ready(detail: str) -> Iterator[None]:
    """Whatever goes wrong here, known or not, means one thing to who asks: not ready."""
    try:
        yield
    except Problem:
        raise
    except Exception as error:
        _log.exception("not ready: %s", detail)
        raise NotReady(detail, retry_after=5) from error
