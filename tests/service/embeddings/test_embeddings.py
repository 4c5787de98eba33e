"""Vectors over HTTP: what they are, who gets them, what is refused."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from model.encoders import RGB, BatchingEncoder, Vectors
from model.encoders.dummy import DummyEncoder
from model.encoders.probe import textured_pictures
from model.images import decode
from service.app import create_app
from service.opening import open_runtime
from service.runtime import Runtime
from service.security.principals import Role
from service.security.service import create_key, organisation_named, tenant_named
from service.settings import Settings
from tests.service.conftest import CALIBRATION

Authorised = Callable[..., dict[str, str]]
ADDRESS = "/v1/embeddings"


def _jpeg() -> bytes:
    buffer = BytesIO()
    Image.fromarray(textured_pictures(1)[0]).save(buffer, "JPEG")
    return buffer.getvalue()


PHOTO = _jpeg()


def _vector(document: dict[str, object]) -> np.ndarray:
    return np.frombuffer(base64.b64decode(str(document["embedding"])), "<f4")


def test_a_body_gives_the_vector_that_enrolment_would_store(client: TestClient, key_for: Authorised) -> None:
    answer = client.post(ADDRESS, content=PHOTO, headers=key_for(Role.ADMIN))
    assert answer.status_code == 200
    expected = DummyEncoder().encode([decode(PHOTO, max_side=1024).pixels])[0]
    np.testing.assert_array_equal(_vector(answer.json()), expected)
    assert answer.json()["fingerprint"] == DummyEncoder().info.fingerprint
    assert answer.json()["dimension"] == len(expected)


def test_a_form_gives_the_same_as_a_body(client: TestClient, key_for: Authorised) -> None:
    headers = key_for(Role.INSPECTOR)
    body = client.post(ADDRESS, content=PHOTO, headers=headers)
    form = client.post(ADDRESS, files={"file": ("a.jpg", PHOTO, "image/jpeg")}, headers=headers)
    assert form.json() == body.json()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.ADMIN, 200),
        (Role.BRAND_OWNER, 200),
        (Role.INSPECTOR, 200),
        (Role.PLATFORM, 403),
        (Role.AGENT, 403),
        (Role.AUDITOR, 403),
    ],
)
def test_vectors_are_kept_from_those_who_could_leak_pictures(
    client: TestClient, key_for: Authorised, role: Role, status: int
) -> None:
    assert client.post(ADDRESS, content=PHOTO, headers=key_for(role)).status_code == status


@pytest.mark.parametrize(
    ("content", "status", "problem"),
    [
        (b"", 422, "picture-empty"),
        (b"{}", 415, "not-a-picture"),
        (PHOTO[: len(PHOTO) // 2], 422, "picture-truncated"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(
    client: TestClient, key_for: Authorised, content: bytes, status: int, problem: str
) -> None:
    answer = client.post(ADDRESS, content=content, headers=key_for(Role.ADMIN))
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{problem}")


@pytest.mark.parametrize("form", [False, True])
def test_a_picture_over_the_limit_is_refused(
    client: TestClient, key_for: Authorised, settings: Settings, form: bool
) -> None:
    large = bytes(settings.max_picture_bytes + 1)
    sent = {"files": {"file": ("a.jpg", large, "image/jpeg")}} if form else {"content": large}
    assert client.post(ADDRESS, headers=key_for(Role.ADMIN), **sent).status_code == 413


def test_a_form_without_a_file_says_what_is_missing(client: TestClient, key_for: Authorised) -> None:
    answer = client.post(ADDRESS, files={"other": ("a", b"x", "image/png")}, headers=key_for(Role.ADMIN))
    assert answer.status_code == 400
    assert "`file`" in answer.json()["detail"]


class _Gated(DummyEncoder):
    """Waits until the gate opens."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.entered = threading.Event(), threading.Event()

    def encode(self, pictures: Sequence[RGB]) -> Vectors:
        self.entered.set()
        assert self.gate.wait(20)
        return super().encode(pictures)


def test_a_full_queue_answers_503_and_when_to_come_again(settings: Settings) -> None:
    gated = _Gated()
    encoder = BatchingEncoder(gated, workers=1, max_batch=1, max_waiting=1)
    app = create_app(lambda: open_runtime(settings, encoder, CALIBRATION))
    with TestClient(app) as client, ThreadPoolExecutor(2) as pool:
        headers = _admin(app.state.runtime)
        _fill(encoder, gated, pool)
        answer = client.post(ADDRESS, content=PHOTO, headers=headers)
        gated.gate.set()
        later = client.post(ADDRESS, content=PHOTO, headers=headers)
    assert (answer.status_code, later.status_code) == (503, 200)
    assert int(answer.headers["Retry-After"]) >= 1


def _admin(runtime: Runtime) -> dict[str, str]:
    with runtime.database.write() as session:
        owner = organisation_named(session, tenant_named(session, "house").id, "someone")
        _, text = create_key(session, runtime.settings.signing_key(), owner, Role.ADMIN, "test", None)
    return {"Authorization": f"Bearer {text}"}


def _fill(encoder: BatchingEncoder, gated: _Gated, pool: ThreadPoolExecutor) -> None:
    """One picture with the worker, one in the queue."""
    picture = textured_pictures(1)
    pool.submit(encoder.encode, picture)
    assert gated.entered.wait(10)
    pool.submit(encoder.encode, picture)
    while not encoder.waiting:
        time.sleep(0.005)
