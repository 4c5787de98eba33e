"""Known counterfeits: findable, and never a stolen photo."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from index.base import Library, Scope
from model.images import decode
from service.security.models import Organisation
from service.security.principals import Role
from tests.service.listings.conftest import png, textured
from tests.service.references.test_references import photo
from tests.service.references.test_references import send as send_reference


@pytest.fixture
def owner(key_for):
    return key_for(Role.BRAND_OWNER, "Ohashi")


def brand_of(client, headers):
    return client.post("/v1/brands", json={"name": "Ohashi"}, headers=headers).json()


def product_of(client, headers, brand):
    address = f"/v1/brands/{brand['id']}/products"
    return client.post(address, json={"sku": "A-1", "name": "Lens"}, headers=headers).json()


def send(client, headers, brand, data, **form):
    return client.post(
        f"/v1/brands/{brand['id']}/known-counterfeits",
        files={"file": ("x.png", data)},
        data={"case_reference": "case 7", **form},
        headers=headers,
    )


def recoded(data):
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").resize((300, 225)).save(out, "JPEG", quality=60)
    return out.getvalue()


def found(runtime, data, library):
    serving = runtime.vectors.serving()
    with runtime.database.read() as session:
        tenant_id = session.query(Organisation).filter_by(name="Ohashi").one().tenant_id
    features = serving.describe([decode(data).pixels])
    return [hit.id for hit in serving.alike(features, 5, Scope(tenant_id, library), 0.99)[0]]


def test_the_next_search_finds_it_among_counterfeits_alone(client, runtime, owner):
    answer = send(client, owner, brand_of(client, owner), photo(5))
    assert answer.status_code == 201, answer.text
    assert found(runtime, photo(5), Library.COUNTERFEIT) == [answer.json()["id"]]
    assert found(runtime, photo(5), Library.GENUINE) == []


def test_removed_is_gone_at_once(client, runtime, owner):
    made = send(client, owner, brand_of(client, owner), photo(5))
    assert client.delete(made.headers["Location"], headers=owner).status_code == 204
    assert found(runtime, photo(5), Library.COUNTERFEIT) == []


@pytest.mark.parametrize("copy", [lambda data: data, recoded], ids=["same bytes", "recoded"])
def test_a_copy_of_an_own_reference_is_refused_with_its_id(client, runtime, owner, copy):
    brand = brand_of(client, owner)
    reference = send_reference(client, product_of(client, owner, brand), owner, photo(5)).json()
    answer = send(client, owner, brand, copy(photo(5)))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/copy-of-genuine-reference")
    assert answer.json()["reference_id"] == reference["id"]
    assert found(runtime, photo(5), Library.COUNTERFEIT) == []


@pytest.mark.parametrize("copy", [lambda data: data, recoded], ids=["same bytes", "recoded"])
def test_a_copy_of_anothers_reference_is_refused_without_its_id(client, key_for, owner, copy):
    brand = brand_of(client, owner)
    reference = send_reference(client, product_of(client, owner, brand), owner, photo(5)).json()
    stranger = key_for(Role.BRAND_OWNER, "Stranger")
    answer = send(client, stranger, brand_of(client, stranger), copy(photo(5)))
    assert answer.status_code == 409
    assert reference["id"] not in answer.text
    assert "reference_id" not in answer.json()
    assert brand["id"] not in answer.text


def edited(how):
    pixels = textured(5)
    return {
        "mirrored": lambda: png(pixels[:, ::-1].copy()),
        "cropped": lambda: png(pixels[60:330, 80:360].copy()),
        "pasted": lambda: png(pasted(pixels)),
    }[how]()


def pasted(pixels):
    other = textured(30)
    other[100:340, 60:300] = cv2.resize(pixels, (240, 240), interpolation=cv2.INTER_AREA)
    return other


def print_before(background, corners):
    """A photo of one flat print before some background."""
    scene, card = textured(background), textured(50, side=240)
    source = np.array([[0, 0], [240, 0], [240, 240], [0, 240]], np.float32)
    there = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    held = cv2.warpPerspective(np.full((240, 240), 255, np.uint8), there, (400, 400))
    seen = cv2.warpPerspective(card, there, (400, 400))
    return png(np.where(held[..., None] > 0, seen, scene))


@pytest.mark.parametrize("how", ["mirrored", "cropped", "pasted"])
def test_an_edited_copy_of_a_reference_is_refused(client, owner, how):
    brand = brand_of(client, owner)
    send_reference(client, product_of(client, owner, brand), owner, png(textured(5)))
    answer = send(client, owner, brand, edited(how))
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/copy-of-genuine-reference")


def test_another_photo_of_the_same_print_is_no_copy(client, owner):
    brand = brand_of(client, owner)
    genuine = print_before(60, [[100, 80], [310, 90], [300, 350], [95, 330]])
    send_reference(client, product_of(client, owner, brand), owner, genuine)
    seized = print_before(61, [[120, 60], [320, 50], [330, 310], [115, 315]])
    answer = send(client, owner, brand, seized)
    assert answer.status_code == 201, answer.text


def test_a_reference_of_another_tenant_is_no_hindrance(client, key_for, owner):
    brand = brand_of(client, owner)
    send_reference(client, product_of(client, owner, brand), owner, photo(5))
    other = key_for(Role.BRAND_OWNER, "Elsewhere", tenant="other house")
    assert send(client, other, brand_of(client, other), photo(5)).status_code == 201


def test_the_same_bytes_twice_are_a_conflict(client, owner):
    brand = brand_of(client, owner)
    first = send(client, owner, brand, photo(5)).json()
    assert send(client, owner, brand, photo(5)).json()["known_counterfeit_id"] == first["id"]


def test_a_product_of_another_brand_is_not_found(client, key_for, owner):
    stranger = key_for(Role.BRAND_OWNER, "Stranger")
    theirs = product_of(client, stranger, brand_of(client, stranger))
    answer = send(client, owner, brand_of(client, owner), photo(5), product_id=theirs["id"])
    assert answer.status_code == 404


def test_another_owner_sees_none(client, key_for, owner):
    brand = brand_of(client, owner)
    made = send(client, owner, brand, photo(5))
    stranger = key_for(Role.BRAND_OWNER, "Stranger")
    for address in (made.headers["Location"], made.headers["Location"] + "/picture"):
        assert client.get(address, headers=stranger).status_code == 404
        assert client.get(address, headers=owner).status_code == 200
    assert send(client, stranger, brand, photo(6)).status_code == 404
