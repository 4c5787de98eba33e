"""A worker that is killed at random moments, again and again, does every step once."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from service.jobs.models import JobState
from tests.service.databases import Engine

from .conftest import Bench
from .killing import template

KILLS = 10
STEPS = 200
_SCRIPT = Path(__file__).with_name("stepping.py")
_TABLES = {
    Engine.SQLITE: (
        "create table steps (number integer primary key autoincrement, step integer)",
        "create table ends (job text)",
        "create trigger ended after update of state on jobs when new.state = 'done' "
        "begin insert into ends (job) values (new.id); end",
    ),
    Engine.POSTGRESQL: (
        "create table steps (number serial primary key, step integer)",
        "create table ends (job text)",
        "create function note_end() returns trigger language plpgsql as "
        "'begin insert into ends (job) values (new.id); return new; end'",
        "create trigger ended after update of state on jobs for each row when (new.state = 'done') "
        "execute function note_end()",
    ),
}


@pytest.mark.long
@pytest.mark.timeout(120)
def test_ten_kills_lose_no_step_and_repeat_none(bench: Bench, engine: Engine) -> None:
    with bench.database.write() as session:
        for statement in _TABLES[engine]:
            session.execute(text(statement))
    job_id = bench.submit("stepping")
    dice = random.Random(20)
    with template(_SCRIPT, str(bench.data_dir), bench.url) as workers:
        for _ in range(KILLS):
            with workers.worker():
                time.sleep(dice.uniform(0.02, 0.3))
        cut_off_at = bench.job(job_id).done
        with workers.worker():
            job = bench.wait(job_id, seconds=60)
    with bench.database.read() as session:
        steps = list(session.scalars(text("select step from steps order by number")))
        ends = list(session.scalars(text("select job from ends")))
    assert 0 < cut_off_at < STEPS, "the kills came before or after the work; they prove nothing"
    assert steps == list(range(STEPS))
    assert (job.state, job.result, ends) == (JobState.DONE, {"steps": STEPS}, [job_id])
