"""The queue that workers of all processes wait on: huey on an SQLite file beside the database.

It carries nothing but ids of jobs, and may forget or repeat them: the table `jobs` decides who runs what.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from huey import SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

_log = logging.getLogger(__name__)
_wakers: WeakKeyDictionary[object, Callable[[str], None]] = WeakKeyDictionary()


class JobQueue:
    def __init__(self, path: Path, database: object) -> None:
        """Open the queue at `path` and have jobs that are submitted on the engine `database` put on it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.huey = SqliteHuey(
            "jobs", filename=str(path), results=False, serializer=_JsonMessages(), timeout=30
        )
        self._run: Callable[[str], None] | None = None
        self._task = self.huey.task(name="run_job")(self._run_job)
        _wakers[database] = self.put

    def run_with(self, run: Callable[[str], None]) -> None:
        """What a worker of this process does with an id."""
        self._run = run

    def put(self, job_id: str) -> None:
        self._task(job_id)

    def waiting(self) -> set[str]:
        """Ids on the queue now."""
        return {task.args[0] for task in self.huey.pending()}

    def close(self) -> None:
        self.huey.storage.close()

    def _run_job(self, job_id: str) -> None:
        if self._run is None:
            raise RuntimeError("A worker was started before it was told what to do with a job.")
        self._run(job_id)


def wake(database: object, job_id: str) -> None:
    """Put a committed job on the queue that belongs to the database's engine.

    The job is committed already, so a queue that cannot be written delays it until the next sweep and no more.
    """
    put = _wakers.get(database)
    if put is None:
        return
    try:
        put(job_id)
    except Exception:
        _log.exception("job %s could not be put on the queue; the sweep will find it", job_id)


class _JsonMessages(Serializer):  # type: ignore[misc]  # huey has no types
    """Instead of pickle, which would run whatever someone wrote into the file."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(list(data)).encode()

    def _deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(data))
