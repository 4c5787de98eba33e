from __future__ import annotations

from fastapi.testclient import TestClient


def test_a_started_service_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "alive"}
    answer = client.get("/readyz").json()
    assert answer["status"] == "ready"
    assert answer["encoder"] == "dummy:dummy"


def test_an_unknown_address_is_answered_with_a_problem_document(client: TestClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/not-found"
    assert client.get("/problems/not-found").json()["status"] == 404
