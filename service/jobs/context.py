"""What a job's function works with: its payload, its checkpoint, and a way to say how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from service.jobs import repository
from service.security.principals import Principal

if TYPE_CHECKING:
    from service.runtime import Runtime

MAX_ERRORS = 1_000
_PROGRESS_SECONDS = 1.0
_CANCEL_CHECK_SECONDS = 0.5
_LONGEST_MESSAGE = 1_000


class JobInterrupted(BaseException):
    """The run must end now and is taken up again from its checkpoint: the service stops, or another worker has it.

    Not an `Exception`, so that a function that catches errors row by row does not swallow it.
    """


class JobCancelled(BaseException):
    """Someone cancelled the job and its function did not look at `cancelled` itself."""


@dataclass
class JobContext:
    """One run of one job.

    Attributes:
        checkpoint: what the last `save_checkpoint` was given, in this run or an earlier one; empty at first.
    """

    runtime: Runtime
    job_id: str
    tenant_id: str
    principal: Principal
    payload: dict[str, Any]
    checkpoint: dict[str, Any]
    claim: str
    stopping: Event
    errors: list[dict[str, Any]] = field(default_factory=list)
    error_count: int = 0
    done: int = 0
    total: int | None = None
    observed_cancellation: bool = False
    clock: Callable[[], float] = time.monotonic
    _progress_written_at: float = float("-inf")
    _cancel_read_at: float = float("-inf")

    def progress(self, done: int, total: int | None = None) -> None:
        """Say how far the job is; written at most once a second.

        Raises:
            JobInterrupted: the service stops or the job was given to another worker.
            JobCancelled: the job was cancelled.
        """
        self.done = done
        self.total = self.total if total is None else total
        self._stop_if_asked()
        if self.cancelled:
            raise JobCancelled
        if self.clock() - self._progress_written_at >= _PROGRESS_SECONDS:
            self._progress_written_at = self.clock()
            self._write({"done": self.done, "total": self.total})

    def add_error(self, line: int | None, message: str) -> None:
        """Note what is wrong with one row of the input; kept with the next checkpoint, the first 1,000 of them."""
        self.error_count += 1
        if len(self.errors) < MAX_ERRORS:
            self.errors.append({"line": line, "message": message[:_LONGEST_MESSAGE]})

    def save_checkpoint(self, checkpoint: dict[str, Any], session: Session | None = None) -> None:
        """Make sure that a later run begins here.

        Args:
            session: a write session in which the step itself was done, so that both are kept or neither.

        Raises:
            JobInterrupted: the service stops or the job was given to another worker; with a session, its
                transaction is rolled back by that.
        """
        values = {"checkpoint": checkpoint, "lost_runs": 0, **self.kept()}
        if session is None:
            self._write(values)
        elif not repository.update_claimed(session, self.job_id, self.claim, values):
            raise JobInterrupted
        self.checkpoint = checkpoint
        if session is None:
            self._stop_if_asked()

    @property
    def cancelled(self) -> bool:
        """Whether someone cancelled the job, at most half a second ago; a function that sees it returns soon."""
        if not self.observed_cancellation and self.clock() - self._cancel_read_at >= _CANCEL_CHECK_SECONDS:
            self._cancel_read_at = self.clock()
            with self.runtime.database.read() as session:
                self.observed_cancellation = repository.cancel_requested(session, self.job_id, self.claim)
        return self.observed_cancellation

    def kept(self) -> dict[str, Any]:
        """The columns that tell how far the job is."""
        return {
            "done": self.done,
            "total": self.total,
            "errors": list(self.errors),
            "error_count": self.error_count,
        }

    def _write(self, values: dict[str, Any]) -> None:
        with self.runtime.database.write() as session:
            if not repository.update_claimed(session, self.job_id, self.claim, values):
                raise JobInterrupted

    def _stop_if_asked(self) -> None:
        if self.stopping.is_set():
            raise JobInterrupted
