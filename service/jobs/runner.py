"""The workers of one process: threads that wait on the queue, and a warden that brings back what a kill lost."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from huey.consumer import Consumer

from service.clock import now
from service.database import Database
from service.jobs import periodic, repository
from service.jobs.execution import JobFailed, run_job
from service.jobs.liveness import LifeSign
from service.jobs.models import Job, JobState
from service.jobs.queue import JobQueue

if TYPE_CHECKING:
    from service.runtime import Runtime

STALE_SECONDS = 60.0
MAX_LOST_RUNS = 20
_BEAT_SECONDS = 10.0
_SWEEP_SECONDS = 1.0
_LONGEST_POLL_SECONDS = 0.5
_ENQUEUED_AT_ONCE = 500
_log = logging.getLogger(__name__)


class JobRunner:
    def __init__(self, data_dir: Path, database: Database) -> None:
        self._database = database
        self._folder = data_dir / "jobs"
        self.queue = JobQueue(self._folder / "queue.db", database.engine)
        self._stopping = Event()
        self._consumer: Consumer | None = None
        self._life: LifeSign | None = None
        self._warden: Thread | None = None

    def start(self, runtime: Runtime, workers: int) -> None:
        """Begin to work with that many threads; with none, leave it to other processes."""
        if workers == 0:
            return
        self._life = LifeSign(self._folder / "workers")
        self.queue.run_with(partial(run_job, runtime, worker=self._life.worker, stopping=self._stopping))
        self._sweep(self._life)
        self._consumer = _QuietConsumer(
            self.queue.huey,
            workers=workers,
            periodic=False,
            scheduler_interval=60,
            max_delay=_LONGEST_POLL_SECONDS,
        )
        self._consumer.start()
        self._warden = Thread(target=self._watch, args=(self._life, self._consumer), name="job-warden")
        self._warden.start()

    def close(self, patience: float = 20.0) -> None:
        """Stop taking jobs; one that is running ends at its next step and is taken up again later.

        Args:
            patience: seconds to wait for a step; a longer one is given up as if the process had been killed.
        """
        self._stopping.set()
        if self._warden is not None:
            self._warden.join()
        if self._consumer is not None:
            self._consumer.shutdown_timeout = patience
            self._consumer.stop(graceful=True)
        if self._life is not None:
            self._life.close()
        self.queue.close()

    def _watch(self, life: LifeSign, consumer: Consumer) -> None:
        beaten_at = time.monotonic()
        asked_at = float("-inf")
        while not self._stopping.wait(_SWEEP_SECONDS):
            try:
                if time.monotonic() - asked_at >= periodic.EVERY_SECONDS:
                    asked_at = time.monotonic()
                    periodic.submit_wanted(self._database)
                if time.monotonic() - beaten_at >= _BEAT_SECONDS:
                    beaten_at = time.monotonic()
                    self._beat(life)
                self._sweep(life)
                consumer.check_worker_health()
            except Exception:
                _log.exception("the warden of jobs failed; it tries again in a second")

    def _beat(self, life: LifeSign) -> None:
        with self._database.write() as session:
            repository.beat(session, life.worker, now())

    def _sweep(self, life: LifeSign) -> None:
        dead = life.dead_workers()
        self._give_back_orphans(dead)
        for worker in dead:
            life.bury(worker)
        with self._database.read() as session:
            due = repository.due(session, now(), _ENQUEUED_AT_ONCE)
        if due:
            waiting = self.queue.waiting()
            for job_id in due:
                if job_id not in waiting:
                    self.queue.put(job_id)

    def _give_back_orphans(self, dead: list[str]) -> None:
        stale_before = now() - timedelta(seconds=STALE_SECONDS)
        with self._database.read() as session:
            if not repository.orphans(session, dead, stale_before):
                return
        with self._database.write() as session:
            for job in repository.orphans(session, dead, stale_before):
                _give_back(job)


class _QuietConsumer(Consumer):  # type: ignore[misc]  # huey has no types
    """Leaves the signals of the process to the server that runs it."""

    def _set_signal_handlers(self) -> None:
        pass


def _give_back(job: Job) -> None:
    job.claim = job.worker = None
    job.lost_runs += 1
    if job.lost_runs < MAX_LOST_RUNS:
        _log.warning("job %s lost its worker and is queued again", job.id)
        job.state, job.run_after = JobState.QUEUED.value, now()
        return
    job.state, job.finished_at = JobState.FAILED.value, now()
    job.failure = JobFailed(
        f"Job {job.id} lost its worker {job.lost_runs} times at the same step."
    ).document()
