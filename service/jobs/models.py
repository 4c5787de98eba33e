"""The record of background work: what the queue forgets in a kill, this table still knows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from service.database import Base


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


FINISHED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class Job(Base):
    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_state_run_after", "state", "run_after"),
        Index("ix_jobs_tenant_id_organisation_id", "tenant_id", "organisation_id"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"))
    organisation_id: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16), default=JobState.QUEUED.value)
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    checkpoint: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    errors: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """The first of them, as of the last checkpoint: `{"line": int | None, "message": str}`."""
    error_count: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Why it failed, as a problem document."""
    requested_by: Mapped[dict[str, Any]] = mapped_column(JSON)
    cancel_requested: Mapped[bool] = mapped_column(default=False)

    attempts: Mapped[int] = mapped_column(default=0)
    """How often a worker took it up, kills and restarts included."""
    failures: Mapped[int] = mapped_column(default=0)
    """How often its function raised."""
    lost_runs: Mapped[int] = mapped_column(default=0)
    """Workers that died on it since its last checkpoint."""
    worker: Mapped[str | None] = mapped_column(String(40))
    claim: Mapped[str | None] = mapped_column(String(40))
    """Changes with every run; a run whose claim is gone may write nothing any more."""

    created_at: Mapped[datetime]
    run_after: Mapped[datetime]
    started_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
