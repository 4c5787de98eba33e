"""What the API shows of jobs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from service.jobs.models import JobState


class JobRowError(BaseModel):
    line: int | None
    message: str


class JobOut(BaseModel):
    """A piece of background work, how far it is and what came of it."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    kind: str
    state: JobState
    done: int
    total: int | None
    errors: list[JobRowError]
    """The first 1,000, as of the last checkpoint; `error_count` counts all."""
    error_count: int
    result: dict[str, Any] | None
    failure: dict[str, Any] | None
    """A problem document, where the job failed."""
    cancel_requested: bool
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
