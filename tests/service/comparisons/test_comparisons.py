"""A suspect is compared with a reference by whoever may, and what differs is told by place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pytest
from fastapi.testclient import TestClient
from numpy.typing import NDArray
from PIL import Image

from service.security.principals import Role

Headers = dict[str, str]


def label(seed: int, side: int = 420) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    canvas = np.full((side, side, 3), 225, np.uint8)
    for _ in range(70):
        x, y = (int(each) for each in rng.integers(10, side - 60, 2))
        w, h = (int(each) for each in rng.integers(8, 50, 2))
        cv2.rectangle(canvas, (x, y), (x + w, y + h), [int(each) for each in rng.integers(20, 200, 3)], -1)
    return canvas


def png(pixels: NDArray[np.uint8]) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def altered() -> NDArray[np.uint8]:
    picture = label(1)
    cv2.circle(picture, (300, 120), 7, (0, 0, 0), -1)
    return picture


@dataclass(frozen=True)
class Shelf:
    client: TestClient
    owner: Headers
    product_id: str
    reference_id: str

    def compare(self, picture: bytes, by: Headers | None = None, path: str = "") -> Any:
        return self.client.post(
            f"/v1/references/{self.reference_id}/comparisons{path}",
            files={"file": ("a", picture)},
            headers=by or self.owner,
        )


@pytest.fixture
def shelf(client: TestClient, key_for: Callable[..., Headers]) -> Shelf:
    owner = key_for(Role.BRAND_OWNER, "Ohashi")
    brand = client.post("/v1/brands", json={"name": "Kumoru"}, headers=owner).json()["id"]
    product = client.post(
        f"/v1/brands/{brand}/products", json={"sku": "K", "name": "tea", "category": "tea"}, headers=owner
    ).json()["id"]
    return Shelf(client, owner, product, enrolled(client, owner, product, label(1)))


def enrolled(client: TestClient, owner: Headers, product: str, picture: NDArray[np.uint8]) -> str:
    answer = client.post(
        f"/v1/products/{product}/references",
        files={"file": ("a", png(picture))},
        data={"view": "label"},
        headers=owner,
    )
    assert answer.status_code == 201, answer.text
    found: str = answer.json()["id"]
    return found


def test_what_was_altered_is_told_on_both_pictures(shelf: Shelf) -> None:
    answer = shelf.compare(png(altered()))

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["finding"] == "differs"
    [difference] = told["differences"]
    left, top, right, bottom = difference["on_reference"]
    assert left < 300 / 420 < right
    assert top < 120 / 420 < bottom
    assert np.allclose(np.mean(difference["on_suspect"], axis=0), [300 / 420, 120 / 420], atol=0.02)


def test_the_reference_itself_agrees_and_other_goods_are_not_aligned(shelf: Shelf) -> None:
    assert shelf.compare(png(label(1))).json()["finding"] == "agrees"
    assert shelf.compare(png(label(8))).json()["finding"] == "not_aligned"


def test_another_genuine_picture_of_the_view_widens_what_is_tolerated(shelf: Shelf) -> None:
    enrolled(shelf.client, shelf.owner, shelf.product_id, altered())

    told = shelf.compare(png(altered())).json()

    assert told["compared_with"] == 2
    assert told["finding"] == "agrees"


def test_the_heat_map_is_a_picture_in_the_frame_of_the_reference(shelf: Shelf) -> None:
    answer = shelf.compare(png(altered()), path="/heat-map")
    refused = shelf.compare(png(label(8)), path="/heat-map")

    assert answer.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(answer.content)).size == (420, 420)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/not-aligned")


def test_officers_compare_with_every_owners_references_and_strangers_with_none(
    shelf: Shelf, key_for: Callable[..., Headers]
) -> None:
    picture = png(altered())
    statuses = {
        "officer": shelf.compare(picture, key_for(Role.INSPECTOR, "Customs")).status_code,
        "other owner": shelf.compare(picture, key_for(Role.BRAND_OWNER, "Ishii")).status_code,
        "officer elsewhere": shelf.compare(
            picture, key_for(Role.INSPECTOR, "Customs", tenant="elsewhere")
        ).status_code,
        "marketplace": shelf.compare(picture, key_for(Role.PLATFORM, "Market")).status_code,
    }

    assert statuses == {"officer": 200, "other owner": 404, "officer elsewhere": 404, "marketplace": 403}


def test_what_is_no_picture_is_refused(shelf: Shelf) -> None:
    assert shelf.compare(b"nothing").status_code == 415
