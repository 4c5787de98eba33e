"""Products that fill a part of a picture, through the whole check; where to look is given, what is there is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import pytest

from model.copies.verification import NO_COPY
from model.encoders.base import RGB
from model.encoders.dummy import DummyEncoder
from model.regions import Proposals, RegionCalibration
from service.runtime import Runtime
from service.security.principals import Role
from tests.service.listings.conftest import House, png, textured
from tests.service.listings.test_checks import record

KeyFor = Callable[..., dict[str, str]]
LEFT, RIGHT = (0.05, 0.1, 0.35, 0.5), (0.6, 0.5, 0.9, 0.9)
CALIBRATION = RegionCalibration(
    fingerprint=DummyEncoder().info.fingerprint,
    version="test",
    cosine=10.0,
    matches=2.0,
    intercept=-10.0,
    bar=0.8,
    source="by hand",
    pictures=0,
)


class Pointing:
    """Proposes the same boxes for every picture, and counts how often it was asked.

    The things in the scenes are pasted photos of the references, so that copies must not explain them first.
    """

    def __init__(self, boxes: Sequence[tuple[float, ...]]) -> None:
        self.boxes = boxes
        self.asked = 0

    def propose(self, pictures: Sequence[RGB], least: float, most: int) -> list[Proposals]:
        self.asked += len(pictures)
        return [Proposals(np.array(self.boxes), np.full(len(self.boxes), 0.9)) for _ in pictures]


@pytest.fixture
def pointing(house: House, monkeypatch: pytest.MonkeyPatch) -> Pointing:
    runtime: Runtime = house.client.app.state.runtime  # type: ignore[attr-defined]
    proposer = Pointing([LEFT, RIGHT])
    object.__setattr__(runtime, "proposer", proposer)
    monkeypatch.setattr("service.listings.parts._calibration", lambda fingerprint: CALIBRATION)
    monkeypatch.setattr("service.closeups.service.verify", lambda query, reference: NO_COPY)
    return proposer


def scene(**things: RGB) -> bytes:
    """A large photo of something else with the things in the two places."""
    ground = cv2.resize(textured(88), (1000, 750), interpolation=cv2.INTER_CUBIC)
    for name, pixels in things.items():
        left, top, right, bottom = {"left": LEFT, "right": RIGHT}[name]
        corner, end = (int(left * 1000), int(top * 750)), (int(right * 1000), int(bottom * 750))
        size = end[0] - corner[0], end[1] - corner[1]
        ground[corner[1] : end[1], corner[0] : end[0]] = cv2.resize(
            pixels, size, interpolation=cv2.INTER_AREA
        )
    return png(ground)


def seen_in(house: House, key_for: KeyFor, picture: bytes) -> list[dict[str, Any]]:
    found = record(house, key_for, house.check([picture]).json()["id"])
    return [each for each in found["candidates"] if each["box"] is not None]


def another_product(house: House, seed: int) -> str:
    brand = house.client.post("/v1/brands", json={"name": "Suzuna"}, headers=house.owner).json()["id"]
    address = f"/v1/brands/{brand}/products"
    product = house.client.post(address, json={"sku": "S-1", "name": "Suzuna"}, headers=house.owner).json()
    sent = house.client.post(
        f"/v1/products/{product['id']}/references",
        files={"file": ("a.png", png(textured(seed)))},
        headers=house.owner,
    )
    assert sent.status_code == 201, sent.text
    return str(product["id"])


def test_a_small_product_is_seen_with_its_box(house: House, key_for: KeyFor, pointing: Pointing) -> None:
    (found,) = seen_in(house, key_for, scene(left=textured(1)))
    assert found["product_id"] == house.product_id
    assert found["box"] == pytest.approx(LEFT)


def test_several_products_of_one_picture_are_each_seen(
    house: House, key_for: KeyFor, pointing: Pointing
) -> None:
    other = another_product(house, 5)
    found = seen_in(house, key_for, scene(left=textured(1), right=textured(5)))
    assert {each["product_id"]: tuple(each["box"]) for each in found} == {
        house.product_id: pytest.approx(LEFT),
        other: pytest.approx(RIGHT),
    }


def test_each_brand_in_a_picture_has_its_signal_and_an_inspector_its_box(
    house: House, key_for: KeyFor, pointing: Pointing
) -> None:
    another_product(house, 5)
    decided = house.check([scene(left=textured(1), right=textured(5))]).json()
    view = house.client.get(f"/v1/decisions/{decided['id']}", headers=key_for(Role.INSPECTOR)).json()
    boxes = [each["box"] for each in view["signals"] if each["code"] == "S1"]
    assert sorted(boxes) == [pytest.approx(list(LEFT)), pytest.approx(list(RIGHT))]


def test_parts_that_show_nothing_protected_say_nothing(
    house: House, key_for: KeyFor, pointing: Pointing
) -> None:
    assert seen_in(house, key_for, scene(left=textured(6))) == []
    assert pointing.asked == 1


def test_no_part_is_looked_for_where_the_whole_says_enough(
    house: House, key_for: KeyFor, pointing: Pointing
) -> None:
    house.check([house.photo])
    assert pointing.asked == 0


def test_an_encoder_whose_parts_were_never_measured_looks_for_none(house: House, key_for: KeyFor) -> None:
    assert seen_in(house, key_for, scene(left=textured(1))) == []
