"""What becomes of a job."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest

from service.clock import now
from service.errors import BadRequest
from service.jobs import execution, service
from service.jobs.context import MAX_ERRORS, JobContext
from service.jobs.handlers import JobFunction, UnknownJobKind, function_for, job_handler
from service.jobs.models import Job, JobState
from service.jobs.runner import MAX_LOST_RUNS, JobRunner

from .conftest import Bench

pytestmark = pytest.mark.both_engines

Handle = Callable[[str, JobFunction], None]


def test_a_job_runs_with_its_payload_and_keeps_its_result(
    bench: Bench, runner: JobRunner, handle: Handle
) -> None:
    handle("add", lambda context: {"sum": context.payload["a"] + context.payload["b"]})
    job = bench.wait(bench.submit("add", a=1, b=2))
    assert (job.state, job.result, job.attempts) == (JobState.DONE, {"sum": 3}, 1)


def test_the_requester_is_given_back_as_they_were(bench: Bench, runner: JobRunner, handle: Handle) -> None:
    seen: list[object] = []
    handle("who", lambda context: seen.append(context.principal))
    bench.wait(bench.submit("who"))
    assert seen == [bench.principal]


def test_a_job_of_a_transaction_that_fails_is_never_run(bench: Bench, runner: JobRunner) -> None:
    def submitted_then_failed() -> None:
        with bench.database.write() as session:
            service.submit(session, bench.principal, "x", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        submitted_then_failed()
    with bench.database.read() as session:
        assert session.query(Job).count() == 0
    assert runner.queue.waiting() == set()


def test_a_job_submitted_where_no_worker_runs_is_found_by_one_that_starts_later(
    bench: Bench, handle: Handle
) -> None:
    handle("late", lambda context: None)
    job_id = bench.submit("late")
    runner = bench.runner()
    assert bench.wait(job_id).state == JobState.DONE
    runner.close()


def test_an_error_is_tried_again_from_the_checkpoint(
    bench: Bench, runner: JobRunner, handle: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "retry_delay", lambda failures: 0.0)
    begun_at: list[int] = []

    def flaky(context: JobContext) -> dict[str, Any] | None:
        begun_at.append(context.checkpoint.get("next", 0))
        context.add_error(len(begun_at), "row")
        context.save_checkpoint({"next": len(begun_at)})
        if len(begun_at) < 3:
            raise RuntimeError("not yet")
        return None

    handle("flaky", flaky)
    job = bench.wait(bench.submit("flaky"))
    assert (job.state, begun_at, job.failures, job.error_count) == (JobState.DONE, [0, 1, 2], 2, 3)


def test_a_bug_fails_its_job_in_the_end_and_the_worker_lives_on(
    bench: Bench, runner: JobRunner, handle: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "retry_delay", lambda failures: 0.0)

    def broken(context: JobContext) -> None:
        raise SystemExit("secret detail")

    handle("broken", broken)
    handle("fine", lambda context: None)
    job = bench.wait(bench.submit("broken"))
    assert (job.state, job.failures) == (JobState.FAILED, execution.MAX_FAILURES)
    assert job.failure is not None
    assert job.failure["type"] == "/problems/job-failed"
    assert "secret detail" not in str(job.failure)
    assert bench.wait(bench.submit("fine")).state == JobState.DONE


def test_a_refusal_is_not_tried_again(bench: Bench, runner: JobRunner, handle: Handle) -> None:
    def refused(context: JobContext) -> None:
        raise BadRequest("The file has no column `path`.")

    handle("refused", refused)
    job = bench.wait(bench.submit("refused"))
    assert (job.state, job.attempts) == (JobState.FAILED, 1)
    assert job.failure == BadRequest("The file has no column `path`.").document()


def test_a_kind_that_nobody_does_says_so(handle: Handle) -> None:
    with pytest.raises(UnknownJobKind, match="import its module"):
        function_for("nothing")


def test_a_kind_is_done_by_one_function(handle: Handle) -> None:
    handle("one", lambda context: None)
    with pytest.raises(ValueError, match="already"):
        job_handler("one")(lambda context: None)


def test_a_running_job_is_cancelled_at_its_next_step(bench: Bench, runner: JobRunner, handle: Handle) -> None:
    began = Event()

    def endless(context: JobContext) -> None:
        for step in range(10_000):
            context.progress(step)
            began.set()
            time.sleep(0.01)

    handle("endless", endless)
    job_id = bench.submit("endless")
    assert began.wait(10)
    with bench.database.write() as session:
        service.cancel(session, bench.principal, job_id)
    assert bench.wait(job_id).state == JobState.CANCELLED


def test_a_function_that_looks_at_cancelled_keeps_its_partial_result(
    bench: Bench, runner: JobRunner, handle: Handle
) -> None:
    began = Event()

    def polite(context: JobContext) -> dict[str, Any]:
        began.set()
        while not context.cancelled:
            time.sleep(0.01)
        return {"half": True}

    handle("polite", polite)
    job_id = bench.submit("polite")
    assert began.wait(10)
    with bench.database.write() as session:
        service.cancel(session, bench.principal, job_id)
    job = bench.wait(job_id)
    assert (job.state, job.result) == (JobState.CANCELLED, {"half": True})


def test_a_waiting_job_is_cancelled_at_once_and_only_once(bench: Bench, handle: Handle) -> None:
    job_id = bench.submit("never")
    with bench.database.write() as session:
        assert service.cancel(session, bench.principal, job_id).state == JobState.CANCELLED
    with bench.database.write() as session, pytest.raises(service.JobFinished):
        service.cancel(session, bench.principal, job_id)


def test_closing_gives_a_running_job_back_for_the_next_start(bench: Bench, handle: Handle) -> None:
    began = Event()
    runs: list[dict[str, Any]] = []

    def steps(context: JobContext) -> None:
        runs.append(context.checkpoint)
        for step in range(context.checkpoint.get("next", 0), 1_000 if len(runs) == 1 else 1_001):
            context.save_checkpoint({"next": step + 1}) if len(runs) == 1 else None
            began.set()
            time.sleep(0.001 if len(runs) == 1 else 0)

    handle("steps", steps)
    first = bench.runner()
    job_id = bench.submit("steps")
    assert began.wait(10)
    first.close()
    waiting = bench.job(job_id)
    assert (waiting.state, waiting.lost_runs) == (JobState.QUEUED, 0)
    second = bench.runner()
    assert bench.wait(job_id).state == JobState.DONE
    second.close()
    assert runs[1] == waiting.checkpoint


def test_two_workers_never_run_one_job_that_was_queued_twice(bench: Bench, handle: Handle) -> None:
    runs: list[str] = []
    handle("once", lambda context: runs.append(context.job_id))
    runner = bench.runner(workers=2)
    ids = [bench.submit("once") for _ in range(20)]
    for job_id in ids * 2:
        runner.queue.put(job_id)
    for job_id in ids:
        bench.wait(job_id)
    runner.close()
    assert sorted(runs) == ids


def test_a_run_that_lost_its_claim_may_write_nothing(bench: Bench, handle: Handle) -> None:
    stolen, checked = Event(), Event()

    def slow(context: JobContext) -> dict[str, Any]:
        with bench.database.write() as session:
            job = session.get(Job, context.job_id)
            assert job is not None
            job.claim, job.run_after = "another", now()
        stolen.set()
        try:
            context.save_checkpoint({"mine": True})
        finally:
            checked.set()
        return {"mine": True}

    handle("slow", slow)
    runner = bench.runner()
    job_id = bench.submit("slow")
    assert stolen.wait(10)
    assert checked.wait(10)
    runner.close()
    job = bench.job(job_id)
    assert (job.claim, job.checkpoint, job.result) == ("another", {}, None)


def test_a_job_that_kills_its_worker_every_time_is_given_up(bench: Bench, handle: Handle) -> None:
    job_id = bench.submit("poison")
    with bench.database.write() as session:
        job = session.get(Job, job_id)
        assert job is not None
        job.state, job.worker, job.claim = JobState.RUNNING, "wrk_gone", "run_gone"
        job.heartbeat_at = job.created_at.replace(year=2000)
        job.lost_runs = MAX_LOST_RUNS - 1
    runner = bench.runner()
    assert bench.wait(job_id).state == JobState.FAILED
    runner.close()


def test_errors_are_capped_and_counted(bench: Bench, runner: JobRunner, handle: Handle) -> None:
    def many(context: JobContext) -> None:
        for line in range(MAX_ERRORS + 5):
            context.add_error(line, "x" * 5_000)

    handle("many", many)
    job = bench.wait(bench.submit("many"))
    assert (len(job.errors), job.error_count) == (MAX_ERRORS, MAX_ERRORS + 5)
    assert len(job.errors[0]["message"]) == 1_000


def test_progress_is_not_written_at_every_step(bench: Bench, runner: JobRunner, handle: Handle) -> None:
    def quick(context: JobContext) -> dict[str, Any]:
        began = time.monotonic()
        for step in range(2_000):
            context.progress(step + 1, 2_000)
        return {"seconds": time.monotonic() - began}

    handle("quick", quick)
    job = bench.wait(bench.submit("quick"))
    assert (job.done, job.total) == (2_000, 2_000)
    assert job.result is not None
    assert job.result["seconds"] < 1.0
