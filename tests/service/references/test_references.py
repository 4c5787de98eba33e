"""References: findable after their 201, gone after their removal, never half there."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from PIL import Image, ImageFilter

from index.base import Library, Scope
from model.encoders.base import FingerprintMismatch
from model.images import decode
from service.runtime import Runtime
from service.security.principals import Role
from service.vectors.repository import count
from service.vectors.spaces import HASH_SPACE, embedding_space
from tests.service.conftest import Authorised


def photo(seed: int, size: tuple[int, int] = (320, 240), blur: float = 0) -> bytes:
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (12, 16, 3), dtype=np.uint8))
    fine = Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))
    image = Image.blend(coarse.resize(size, Image.Resampling.BICUBIC), fine, 0.15)
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur))
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def owner(key_for: Authorised) -> dict[str, str]:
    return key_for(Role.BRAND_OWNER, "Ohashi")


@pytest.fixture
def product(client: TestClient, owner: dict[str, str]) -> dict[str, str]:
    brand = client.post("/v1/brands", json={"name": "Ohashi"}, headers=owner).json()
    answer = client.post(
        f"/v1/brands/{brand['id']}/products", json={"sku": "A-1", "name": "Lens"}, headers=owner
    )
    assert answer.status_code == 201
    return dict(answer.json())


def send(client: TestClient, product: dict[str, str], headers: dict[str, str], data: bytes):  # type: ignore[no-untyped-def]
    return client.post(
        f"/v1/products/{product['id']}/references",
        files={"file": ("x.png", data)},
        data={"view": "front"},
        headers=headers,
    )


def without(answer: Any, name: str) -> dict[str, Any]:
    """The answer but for what differs between any two requests: its id, and what it asked for."""
    body = json.loads(answer.text.replace(name, "X"))
    body.pop("request_id", None)
    return dict(body)


def found(runtime: Runtime, brand_id: str, data: bytes) -> list[str]:
    serving = runtime.vectors.serving()
    with runtime.database.read() as session:
        from service.brands.models import Brand

        tenant = session.get(Brand, brand_id).tenant_id  # type: ignore[union-attr]
    features = serving.describe([decode(data, max_side=1024).pixels])
    return [hit.id for hit in serving.alike(features, 5, Scope(tenant, Library.GENUINE), 0.99)[0]]


def test_the_next_search_finds_it(client, runtime, owner, product):
    answer = send(client, product, owner, photo(1))
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/v1/references/{answer.json()['id']}"
    assert found(runtime, product["brand_id"], photo(1)) == [answer.json()["id"]]


def test_removed_is_gone_at_once(client, runtime, owner, product):
    reference = send(client, product, owner, photo(1)).json()
    assert client.delete(f"/v1/references/{reference['id']}", headers=owner).status_code == 204
    assert found(runtime, product["brand_id"], photo(1)) == []
    assert client.get(f"/v1/references/{reference['id']}", headers=owner).status_code == 404


def test_removing_the_product_removes_its_references_from_search(client, runtime, owner, product):
    send(client, product, owner, photo(1))
    assert client.delete(f"/v1/products/{product['id']}", headers=owner).status_code == 204
    assert found(runtime, product["brand_id"], photo(1)) == []


def test_removing_the_brand_removes_its_references_from_search(client, runtime, owner, product):
    send(client, product, owner, photo(1))
    assert client.delete(f"/v1/brands/{product['brand_id']}", headers=owner).status_code == 204
    assert found(runtime, product["brand_id"], photo(1)) == []


def test_the_same_bytes_are_a_conflict_that_names_the_first(client, owner, product):
    first = send(client, product, owner, photo(1)).json()
    answer = send(client, product, owner, photo(1))
    assert answer.status_code == 409
    assert answer.json()["reference_id"] == first["id"]


def test_a_removed_picture_can_come_again(client, owner, product):
    first = send(client, product, owner, photo(1)).json()
    client.delete(f"/v1/references/{first['id']}", headers=owner)
    assert send(client, product, owner, photo(1)).status_code == 201


def test_the_picture_comes_back_byte_for_byte(client, owner, product):
    reference = send(client, product, owner, photo(1)).json()
    answer = client.get(f"/v1/references/{reference['id']}/picture", headers=owner)
    assert answer.content == photo(1)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_blurred_picture_is_accepted_with_a_warning(client, owner, product):
    answer = send(client, product, owner, photo(1, blur=8))
    assert answer.status_code == 201
    assert any("blurred" in warning for warning in answer.json()["warnings"])
    assert send(client, product, owner, photo(1)).json()["warnings"] == []


@pytest.mark.parametrize(
    ("data", "status", "slug"),
    [
        (b"", 422, "picture-empty"),
        (b"no picture at all", 415, "not-a-picture"),
        (photo(1, (50, 50)), 422, "picture-too-small"),
    ],
)
def test_what_cannot_be_judged_is_refused(client, owner, product, data, status, slug):
    answer = send(client, product, owner, data)
    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{slug}")


def test_a_picture_of_one_colour_is_refused(client, owner, product):
    out = io.BytesIO()
    Image.new("RGB", (300, 300), "white").save(out, "PNG")
    assert send(client, product, owner, out.getvalue()).json()["type"] == "/problems/picture-blank"


def test_no_answer_shows_an_embedding(client, owner, product):
    assert set(send(client, product, owner, photo(1)).json()) == {
        "id", "brand_id", "product_id", "view", "sha256", "width", "height", "format", "warnings", "created_at",
    }  # fmt: skip


@pytest.mark.parametrize("broken", ["blob", "embedding", "vectors", "audit"])
def test_nothing_is_left_when_a_step_fails(client, runtime, owner, product, monkeypatch, broken):
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        match broken:
            case "blob":
                patch.setattr(type(runtime.blobs), "put", fail)
            case "embedding":
                patch.setattr(type(runtime.vectors.serving().encoder), "encode", fail)
            case "vectors":
                patch.setattr(type(runtime.vectors), "record", fail)
            case "audit":
                patch.setattr("service.references.service.record", fail)
        assert send(client, product, owner, photo(1)).status_code == 500
    listed = client.get(f"/v1/products/{product['id']}/references", headers=owner).json()
    assert listed["items"] == []
    assert found(runtime, product["brand_id"], photo(1)) == []
    with runtime.database.read() as session:
        name = embedding_space(runtime.vectors.serving().fingerprint)
        assert count(session, name) == count(session, HASH_SPACE) == 0
    assert send(client, product, owner, photo(1)).status_code == 201


def test_it_is_described_again_when_the_encoder_was_changed_meanwhile(
    client, runtime, owner, product, monkeypatch
):
    honest, calls = runtime.vectors.record, []

    def changed_once(*arguments: object) -> None:
        calls.append(1)
        if len(calls) == 1:
            raise FingerprintMismatch("new", "old")
        honest(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(runtime.vectors, "record", changed_once)
    assert send(client, product, owner, photo(1)).status_code == 201
    assert len(calls) == 2


def test_others_see_no_reference(client, key_for, owner, product):
    reference = send(client, product, owner, photo(1)).json()
    stranger = key_for(Role.BRAND_OWNER, "Stranger")
    for address in (f"/v1/references/{reference['id']}", f"/v1/references/{reference['id']}/picture"):
        answer = client.get(address, headers=stranger)
        absent = client.get(address.replace(reference["id"], "ref_absent"), headers=stranger)
        assert answer.status_code == absent.status_code == 404
        assert without(answer, reference["id"]) == without(absent, "ref_absent")
    assert send(client, product, stranger, photo(2)).status_code == 404
    assert client.delete(f"/v1/references/{reference['id']}", headers=stranger).status_code == 404
