"""Marks: registered by their owner, found by the very next search, gone with their brand."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image

from model.encoders.base import RGB
from service.marks.service import MarkFinding, Shown, all_marks, find
from service.runtime import Runtime
from service.security.principals import Role
from service.security.service import tenant_named
from tests.service.conftest import Authorised

Headers = dict[str, str]


def mark(tone: tuple[int, int, int] = (20, 40, 160)) -> RGB:
    canvas = np.full((200, 200, 3), 255, np.uint8)
    cv2.circle(canvas, (100, 100), 80, tone, -1)
    cv2.circle(canvas, (100, 100), 48, (255, 255, 255), -1)
    for angle in (0.3, 2.2, 4.4):
        cv2.line(canvas, (100, 100), (int(100 + 70 * np.cos(angle)), int(100 + 70 * np.sin(angle))), tone, 18)
    cv2.rectangle(canvas, (130, 20), (180, 60), (255, 255, 255), -1)
    return canvas


def listing() -> RGB:
    picture = np.full((360, 480, 3), 214, np.uint8)
    picture[120:220, 150:250] = cv2.resize(mark(), (100, 100), interpolation=cv2.INTER_AREA)
    return picture


def png(pixels: RGB) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def owner(key_for: Authorised) -> Headers:
    return key_for(Role.BRAND_OWNER, "Ohashi")


@pytest.fixture
def brand(client: TestClient, owner: Headers) -> str:
    return str(client.post("/v1/brands", json={"name": "Ohashi"}, headers=owner).json()["id"])


def send(client: TestClient, brand: str, headers: Headers, pixels: RGB | None = None, **form: str):  # type: ignore[no-untyped-def]
    files = {"file": ("mark.png", png(mark() if pixels is None else pixels))}
    return client.post(
        f"/v1/brands/{brand}/marks", files=files, data={"kind": "figure"} | form, headers=headers
    )


def seen(runtime: Runtime) -> list[MarkFinding]:
    with runtime.database.write() as session:
        tenant = tenant_named(session, "house").id
        marks = all_marks(session, tenant)
    return find(runtime.marks, marks, [Shown(np.full((300, 300, 3), 90, np.uint8)), Shown(listing())])


def test_the_next_search_finds_it_in_its_picture(client, runtime, owner, brand):
    answer = send(client, brand, owner)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/v1/marks/{answer.json()['id']}"
    [found] = seen(runtime)
    assert (found.mark_id, found.brand_id, found.picture) == (answer.json()["id"], brand, 1)
    assert not found.altered


def test_it_is_shown_and_listed_with_its_picture(client, owner, brand):
    sent = send(client, brand, owner).json()
    assert client.get(f"/v1/marks/{sent['id']}", headers=owner).json() == sent
    assert client.get(f"/v1/brands/{brand}/marks", headers=owner).json()["items"] == [sent]
    assert client.get(f"/v1/marks/{sent['id']}/picture", headers=owner).content == png(mark())


def test_a_removed_mark_is_looked_for_no_more(client, runtime, owner, brand):
    sent = send(client, brand, owner).json()
    assert client.delete(f"/v1/marks/{sent['id']}", headers=owner).status_code == 204
    assert seen(runtime) == []
    assert client.get(f"/v1/marks/{sent['id']}", headers=owner).status_code == 404


def test_marks_go_with_their_brand(client, runtime, owner, brand):
    send(client, brand, owner)
    assert client.delete(f"/v1/brands/{brand}", headers=owner).status_code == 204
    assert seen(runtime) == []


def test_the_same_picture_is_one_mark(client, owner, brand):
    first = send(client, brand, owner).json()
    again = send(client, brand, owner)
    assert again.status_code == 409
    assert again.json()["mark_id"] == first["id"]


def test_another_owner_sees_nothing_of_it(client, key_for, owner, brand):
    sent = send(client, brand, owner).json()
    other = key_for(Role.BRAND_OWNER, "Ishii")
    assert client.get(f"/v1/marks/{sent['id']}", headers=other).status_code == 404
    assert send(client, brand, other).status_code == 404


@pytest.mark.parametrize("form", [{"kind": "word"}, {"kind": "figure", "text": "Ohashi"}])
def test_words_read_something_and_figures_do_not(client, owner, brand, form):
    assert send(client, brand, owner, **form).status_code == 422


def test_a_blank_picture_is_no_mark(client, owner, brand):
    answer = send(client, brand, owner, np.full((200, 200, 3), 230, np.uint8))
    assert answer.status_code == 422
    assert answer.json()["type"].endswith("mark-unusable")


def test_only_a_trademark_of_the_brand_protects_it(client, owner, brand):
    rights = f"/v1/brands/{brand}/rights"
    design = client.post(rights, json={"kind": "design", "number": "1", "office": "JP"}, headers=owner).json()
    trademark = client.post(
        rights, json={"kind": "trademark", "number": "2", "office": "JP"}, headers=owner
    ).json()
    assert send(client, brand, owner, right_id=design["id"]).status_code == 422
    assert send(client, brand, owner, right_id=trademark["id"]).json()["right_id"] == trademark["id"]


def test_a_damaged_template_is_made_again(client, runtime, owner, brand):
    send(client, brand, owner)
    with runtime.database.write() as session:
        [kept] = all_marks(session, tenant_named(session, "house").id)
    runtime.blobs.delete(kept.template)
    assert [each.mark_id for each in seen(runtime)] == [kept.id]
