"""Owners draw points, customs judges by them, and nobody else learns of them."""

from __future__ import annotations

import base64
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
LOGO = {"name": "dot of the i", "genuine": "round", "x0": 0.62, "y0": 0.2, "x1": 0.8, "y1": 0.36}
SEAM = {"name": "seam", "x0": 0.05, "y0": 0.6, "x1": 0.3, "y1": 0.9}


def label(seed: int = 1, side: int = 420) -> NDArray[np.uint8]:
    rng = np.random.default_rng(seed)
    canvas = np.full((side, side, 3), 225, np.uint8)
    for _ in range(70):
        x, y = (int(each) for each in rng.integers(10, side - 60, 2))
        w, h = (int(each) for each in rng.integers(8, 50, 2))
        cv2.rectangle(canvas, (x, y), (x + w, y + h), [int(each) for each in rng.integers(20, 200, 3)], -1)
    return canvas


def altered() -> NDArray[np.uint8]:
    """In the middle of the region of LOGO."""
    picture = label()
    cv2.circle(picture, (300, 118), 9, (255, 255, 255), -1)
    cv2.circle(picture, (300, 118), 6, (0, 0, 0), -1)
    return picture


def png(pixels: NDArray[np.uint8]) -> bytes:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@dataclass(frozen=True)
class Shelf:
    client: TestClient
    owner: Headers
    officer: Headers
    reference_id: str

    def draw(self, point: dict[str, Any], by: Headers | None = None) -> Any:
        return self.client.post(
            f"/v1/references/{self.reference_id}/identification-points", json=point, headers=by or self.owner
        )

    def judge(self, picture: NDArray[np.uint8]) -> dict[str, Any]:
        answer = self.client.post(
            f"/v1/references/{self.reference_id}/comparisons",
            files={"file": ("a", png(picture))},
            headers=self.officer,
        )
        assert answer.status_code == 200, answer.text
        return {point["name"]: point for point in answer.json()["points"]}


@pytest.fixture
def shelf(client: TestClient, key_for: Callable[..., Headers]) -> Shelf:
    owner = key_for(Role.BRAND_OWNER, "Ohashi")
    brand = client.post("/v1/brands", json={"name": "Kumoru"}, headers=owner).json()["id"]
    product = client.post(
        f"/v1/brands/{brand}/products", json={"sku": "K", "name": "tea", "category": "tea"}, headers=owner
    ).json()["id"]
    reference = client.post(
        f"/v1/products/{product}/references", files={"file": ("a", png(label()))}, headers=owner
    ).json()["id"]
    return Shelf(client, owner, key_for(Role.INSPECTOR, "Customs"), reference)


def test_an_altered_point_differs_and_the_others_agree(shelf: Shelf) -> None:
    for point in (LOGO, SEAM):
        assert shelf.draw(point).status_code == 201

    judged = shelf.judge(altered())

    assert judged["dot of the i"]["finding"] == "differs"
    assert judged["dot of the i"]["genuine"] == "round"
    assert judged["seam"]["finding"] == "agrees"
    crops = [judged["dot of the i"][side] for side in ("genuine_crop", "suspect_crop")]
    shown = [np.asarray(Image.open(BytesIO(base64.b64decode(crop)))).astype(int) for crop in crops]
    assert shown[0].shape == shown[1].shape
    assert np.abs(shown[0] - shown[1]).max() > 150


def test_what_the_photo_does_not_show_or_only_coarsely_is_not_visible(shelf: Shelf) -> None:
    for point in (LOGO, SEAM):
        shelf.draw(point)

    cut = shelf.judge(altered()[:, 130:])
    coarse = shelf.judge(np.asarray(cv2.resize(label(), (210, 210), interpolation=cv2.INTER_AREA), np.uint8))

    assert (cut["seam"]["finding"], cut["dot of the i"]["finding"]) == ("not_visible", "differs")
    assert {point["finding"] for point in coarse.values()} == {"not_visible"}


def test_where_nothing_can_be_laid_over_no_point_is_visible(shelf: Shelf) -> None:
    shelf.draw(LOGO)

    judged = shelf.judge(label(9))

    assert judged["dot of the i"]["finding"] == "not_visible"
    assert judged["dot of the i"]["suspect_crop"] is None


@pytest.mark.parametrize(
    "change", [{"x1": 0.62}, {"x0": -0.1}, {"y1": 1.1}, {"y0": "nan"}, {"name": ""}, {"colour": "red"}]
)
def test_a_region_that_is_none_is_refused(shelf: Shelf, change: dict[str, Any]) -> None:
    assert shelf.draw(LOGO | change).status_code == 422


def test_points_are_seen_by_their_owner_alone(shelf: Shelf, key_for: Callable[..., Headers]) -> None:
    point = shelf.draw(LOGO).json()["id"]
    path = f"/v1/references/{shelf.reference_id}/identification-points"
    other, market = key_for(Role.BRAND_OWNER, "Ishii"), key_for(Role.PLATFORM, "Market")

    assert shelf.client.get(path, headers=other).status_code == 404
    assert shelf.client.get(path, headers=market).status_code == 403
    assert shelf.client.delete(f"/v1/identification-points/{point}", headers=other).status_code == 404
    assert [each["id"] for each in shelf.client.get(path, headers=shelf.owner).json()] == [point]
    assert shelf.client.delete(f"/v1/identification-points/{point}", headers=shelf.owner).status_code == 204
    assert shelf.client.get(path, headers=shelf.owner).json() == []


def test_a_reference_has_no_more_points_than_an_officer_can_look_at(shelf: Shelf) -> None:
    statuses = [shelf.draw(LOGO | {"name": f"p{at}"}).status_code for at in range(41)]

    assert statuses == [201] * 40 + [409]
