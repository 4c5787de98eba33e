"""A worker that is killed at random moments, again and again, does every step once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from service.jobs.models import FINISHED, JobState

from .conftest import Bench

KILLS = 10


@contextmanager
def _worker(folder: Path) -> Iterator[None]:
    """A worker that is ready, killed at the end whatever happens."""
    script = Path(__file__).with_name("stepping.py")
    with subprocess.Popen([sys.executable, str(script), str(folder)], stdout=subprocess.PIPE) as child:
        try:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            yield
        finally:
            child.kill()


@pytest.mark.long
@pytest.mark.timeout(300)
def test_ten_kills_lose_no_step_and_repeat_none(bench: Bench) -> None:
    with bench.database.write() as session:
        session.execute(text("create table steps (step integer)"))
        session.execute(text("create table finished (job text)"))
    job_id = bench.submit("stepping")
    dice = random.Random(20)
    for _ in range(KILLS):
        with _worker(bench.data_dir):
            time.sleep(dice.uniform(0.05, 0.6))
    with _worker(bench.data_dir):
        job = bench.wait(job_id, lambda job: job.state in FINISHED, seconds=60)
    with bench.database.read() as session:
        steps = list(session.scalars(text("select step from steps order by rowid")))
        finished = session.scalar(text("select count(*) from finished"))
    assert steps == list(range(200))
    assert (job.state, job.result, finished) == (JobState.DONE, {"steps": 200}, 1)
    assert job.attempts > 1
