"""Jobs over HTTP: who sees which, page by page, and what cancelling leaves behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from service.jobs.models import Job, JobState
from service.jobs.service import submit
from service.runtime import Runtime
from service.security.principals import Principal, Role
from service.security.service import authenticate
from service.settings import Settings

Headers = dict[str, str]
Authorised = Callable[..., Headers]
Submit = Callable[..., str]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Nobody works, so that jobs stay as a test left them."""
    return settings.model_copy(update={"job_workers": 0})


@pytest.fixture
def market(key_for: Authorised) -> Headers:
    return key_for(Role.PLATFORM, "Market")


@pytest.fixture
def asked(runtime: Runtime) -> Submit:
    """A job asked for by the holder of a key, in the given state."""

    def make(headers: Headers, state: JobState = JobState.QUEUED) -> str:
        principal: Principal = authenticate(runtime, headers["Authorization"])
        with runtime.database.write() as session:
            job = submit(session, principal, "count", {"secret": "payload"}, total=3)
            job.state = state.value
            job.finished_at = job.created_at
        return job.id

    return make


def test_a_job_tells_how_far_it_is_and_nothing_of_its_payload(
    client: TestClient, market: Headers, asked: Submit
) -> None:
    job_id = asked(market)
    answer = client.get(f"/v1/jobs/{job_id}", headers=market)
    shown = answer.json()
    assert (answer.status_code, shown["id"], shown["kind"], shown["state"]) == (
        200,
        job_id,
        "count",
        "queued",
    )
    assert (shown["done"], shown["total"], shown["errors"], shown["result"]) == (0, 3, [], None)
    assert "payload" not in answer.text


def test_jobs_are_listed_page_by_page_and_the_last_page_says_so(
    client: TestClient, market: Headers, asked: Submit
) -> None:
    made = [asked(market) for _ in range(4)]
    first = client.get("/v1/jobs", headers=market, params={"limit": 2}).json()
    second = client.get("/v1/jobs", headers=market, params={"limit": 2, "after": first["next_after"]}).json()
    assert [each["id"] for each in first["items"] + second["items"]] == made
    assert (first["next_after"], second["next_after"]) == (made[1], None)


def test_jobs_are_listed_by_state(client: TestClient, market: Headers, asked: Submit) -> None:
    asked(market)
    done = asked(market, JobState.DONE)
    found = client.get("/v1/jobs", headers=market, params={"state": "done"}).json()["items"]
    assert [each["id"] for each in found] == [done]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 201}, {"state": "asleep"}])
def test_a_list_that_cannot_be_is_refused(client: TestClient, market: Headers, query: dict[str, str]) -> None:
    assert client.get("/v1/jobs", headers=market, params=query).status_code == 422


def test_a_cancelled_job_says_so_and_the_log_tells_who_did_it(
    client: TestClient, key_for: Authorised, market: Headers, asked: Submit
) -> None:
    job_id = asked(market)
    assert client.delete(f"/v1/jobs/{job_id}", headers=market).status_code == 204
    assert client.get(f"/v1/jobs/{job_id}", headers=market).json()["state"] == "cancelled"
    log = client.get("/v1/audit/entries", headers=key_for(Role.AUDITOR), params={"object_id": job_id})
    ((action, detail),) = [(each["action"], each["detail"]) for each in log.json()["items"]]
    assert (action, detail) == ("job.cancel", {"kind": "count"})


def test_a_running_job_is_asked_to_end(
    client: TestClient, market: Headers, asked: Submit, runtime: Runtime
) -> None:
    job_id = asked(market, JobState.RUNNING)
    assert client.delete(f"/v1/jobs/{job_id}", headers=market).status_code == 204
    shown = client.get(f"/v1/jobs/{job_id}", headers=market).json()
    assert (shown["state"], shown["cancel_requested"]) == ("running", True)


def test_a_finished_job_cannot_be_cancelled(client: TestClient, market: Headers, asked: Submit) -> None:
    answer = client.delete(f"/v1/jobs/{asked(market, JobState.DONE)}", headers=market)
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/job-finished")


@pytest.mark.parametrize(
    ("role", "organisation", "tenant"),
    [
        (Role.PLATFORM, "Other market", "house"),
        (Role.BRAND_OWNER, "Ohashi", "house"),
        (Role.ADMIN, "Market", "elsewhere"),
    ],
)
def test_jobs_of_others_are_not_there(
    client: TestClient,
    key_for: Authorised,
    market: Headers,
    asked: Submit,
    runtime: Runtime,
    role: Role,
    organisation: str,
    tenant: str,
) -> None:
    job_id = asked(market)
    stranger = key_for(role, organisation, tenant=tenant)
    assert client.get(f"/v1/jobs/{job_id}", headers=stranger).status_code == 404
    assert client.delete(f"/v1/jobs/{job_id}", headers=stranger).status_code == 404
    assert client.get("/v1/jobs", headers=stranger).json()["items"] == []
    with runtime.database.read() as session:
        assert session.get_one(Job, job_id).state == JobState.QUEUED


def test_an_administrator_sees_and_cancels_the_jobs_of_its_tenant(
    client: TestClient, key_for: Authorised, market: Headers, asked: Submit
) -> None:
    job_id, admin = asked(market), key_for(Role.ADMIN, "Operator")
    assert [each["id"] for each in client.get("/v1/jobs", headers=admin).json()["items"]] == [job_id]
    assert client.delete(f"/v1/jobs/{job_id}", headers=admin).status_code == 204
