from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from service.middleware import AnswerUnforeseen
from service.security.principals import Role
from service.settings import Settings

Authorised = Callable[..., dict[str, str]]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(update={"max_picture_bytes": 1024, "max_pictures_per_listing": 1})


def test_a_sane_request_id_comes_back_and_stands_in_the_problem(client: TestClient) -> None:
    answer = client.get("/v1/keys", headers={"X-Request-Id": "caller-0001"})
    assert answer.headers["X-Request-Id"] == "caller-0001"
    assert answer.json()["request_id"] == "caller-0001"


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space 123", "<script>alert(1)"])
def test_a_strange_request_id_is_replaced(client: TestClient, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": given}).headers["X-Request-Id"] != given


@pytest.fixture
def stumbling(client: TestClient, key_for: Authorised, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Headers with which `GET /v1/keys` meets an error that nothing foresaw."""

    def fail(*_: object) -> None:
        raise RuntimeError("cause")

    headers = key_for(Role.ADMIN)
    monkeypatch.setattr("service.security.keys.visible", fail)
    return headers


def test_an_unforeseen_error_names_the_request_and_no_cause(
    client: TestClient, stumbling: dict[str, str]
) -> None:
    answer = client.get("/v1/keys", headers=stumbling)
    assert answer.status_code == 500
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
    assert "cause" not in answer.text


def test_the_answer_to_an_unforeseen_error_is_guarded_like_any_other(
    client: TestClient, stumbling: dict[str, str]
) -> None:
    headers = client.get("/v1/keys", headers=stumbling).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_the_record_of_an_unforeseen_error_carries_the_id_in_the_answer(
    client: TestClient, stumbling: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get("/v1/keys", headers=stumbling)
    (record,) = [each for each in caplog.records if each.getMessage() == "unforeseen error"]
    assert record.__dict__["request_id"] == answer.headers["X-Request-Id"]
    assert record.exc_info is not None


async def test_an_answer_that_breaks_off_is_cut_and_not_ended(caplog: pytest.LogCaptureFixture) -> None:
    async def half(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise RuntimeError("cause")

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    with pytest.raises(RuntimeError, match="cause"):
        await AnswerUnforeseen(half)({"type": "http"}, receive, send)
    assert [each["type"] for each in sent] == ["http.response.start"]
    assert "unforeseen error" in caplog.text


def test_outside_of_a_request_log_records_carry_no_id(client: TestClient) -> None:
    record = logging.getLogger("anything").makeRecord("anything", logging.INFO, "", 0, "text", (), None)
    assert record.__dict__["request_id"] == "-"


def test_answers_are_not_stored_and_not_sniffed(client: TestClient) -> None:
    headers = client.get("/v1/keys").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_body_that_says_it_is_too_long_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/organisations", content=b"x" * (2**20 + 1025))
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/payload-too-large"


def test_a_body_that_grows_too_long_is_refused(client: TestClient, key_for: Authorised) -> None:
    def chunks() -> Iterator[bytes]:
        for _ in range(20):
            yield b"x" * 2**16

    answer = client.post("/v1/organisations", content=chunks(), headers=key_for(Role.ADMIN))
    assert answer.status_code == 413
    assert answer.json()["status"] == 413
