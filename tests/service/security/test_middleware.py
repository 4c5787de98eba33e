from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

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


def test_an_unforeseen_error_names_the_request_and_no_cause(
    client: TestClient, key_for: Authorised, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("cause")

    headers = key_for(Role.ADMIN)
    monkeypatch.setattr("service.security.keys.visible", fail)
    answer = client.get("/v1/keys", headers=headers)
    assert answer.status_code == 500
    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
    assert "cause" not in answer.text


def test_log_records_carry_the_request_id(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
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
