"""Run as a child: a worker that does 200 steps, to be killed at any moment."""

from __future__ import annotations

import time
from pathlib import Path
from types import SimpleNamespace

from sqlalchemy import text

import service.schema  # noqa: F401 - all tables, as a service has them
from service.database import Database
from service.jobs.context import JobContext
from service.jobs.handlers import job_handler
from service.jobs.runner import JobRunner

STEPS = 200


@job_handler("stepping")
def stepping(context: JobContext) -> dict[str, int]:
    for step in range(context.checkpoint.get("next", 0), STEPS):
        with context.runtime.database.write() as session:
            session.execute(text("insert into steps (step) values (:step)"), {"step": step})
            context.done, context.total = step + 1, STEPS
            context.save_checkpoint({"next": step + 1}, session)
        time.sleep(0.015)
    return {"steps": STEPS}


def main(folder: str, url: str) -> None:
    database = Database(url)
    JobRunner(Path(folder), database).start(SimpleNamespace(database=database), 1)  # type: ignore[arg-type]
