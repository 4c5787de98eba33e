"""Copies told from look-alikes, through the whole check."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest

from model.copies.verification import NO_COPY, CopyFinding
from model.encoders.base import RGB
from service.runtime import Runtime
from service.security.principals import Role
from service.vectors.serving import Serving
from tests.service.listings.conftest import House, png, textured
from tests.service.listings.test_checks import codes, jpeg, record

Headers = dict[str, str]
KeyFor = Callable[..., Headers]


def signal(house: House, key_for: KeyFor, picture: bytes, code: str = "S2") -> dict[str, Any] | None:
    """That of the decision on a listing with this one picture."""
    answer = house.check([picture])
    found = record(house, key_for, answer.json()["id"])["findings"]["signals"]
    return next((each for each in found if each["code"] == code), None)


def toned(pixels: RGB) -> RGB:
    return np.clip(pixels * [0.8, 0.95, 1.05] + 12, 0, 255).astype(np.uint8)


def with_confirmed(house: House, picture: bytes) -> str:
    added = house.client.post(
        f"/v1/brands/{house.brand_id}/known-counterfeits",
        files={"file": ("fake.png", picture, "image/png")},
        data={"case_reference": "C-9"},
        headers=house.owner,
    )
    assert added.status_code == 201, added.text
    found: str = added.json()["id"]
    return found


@pytest.mark.parametrize("edited", [jpeg(textured(1), 30), png(toned(textured(1)))], ids=["JPEG", "toned"])
def test_an_edited_reference_is_a_verified_copy(house: House, key_for: KeyFor, edited: bytes) -> None:
    found = signal(house, key_for, edited)
    assert found is not None
    assert found["strength"] == 2
    assert found["evidence"]["kind"] == "same_photo"
    assert found["evidence"]["reference_id"] == house.reference_id


def test_a_verified_copy_is_reviewed_for_the_photo(house: House) -> None:
    answer = house.check([jpeg(textured(1), 30)])
    assert answer.json()["decision"] == "review"
    assert "C-REF" in codes(answer)


def test_an_edited_photo_of_a_confirmed_case_is_verified_too(house: House, key_for: KeyFor) -> None:
    fake = with_confirmed(house, png(textured(7)))
    found = signal(house, key_for, jpeg(textured(7), 40), "S3")
    assert found is not None
    assert (found["strength"], found["evidence"]["counterfeit_id"]) == (2, fake)


def test_a_picture_checked_before_is_compared_again_from_its_bytes(house: House, key_for: KeyFor) -> None:
    edited = jpeg(textured(1), 30)
    first = signal(house, key_for, edited)
    runtime: Runtime = house.client.app.state.runtime  # type: ignore[attr-defined]
    runtime.closeups.forget(hashlib.sha256(edited).hexdigest())
    again = signal(house, key_for, edited)
    assert again == first


def pasted(pixels: RGB) -> RGB:
    ground = textured(31)
    ground[150:380, 20:250] = cv2.resize(pixels, (230, 230), interpolation=cv2.INTER_AREA)
    return ground


@pytest.mark.parametrize(
    ("edited", "kind", "mirrored"),
    [
        (textured(1)[:, ::-1].copy(), "same_photo", True),
        (textured(1)[130:380, 20:270].copy(), "crop_of", False),
        (pasted(textured(1)), "contains", False),
    ],
    ids=["mirrored", "cropped", "pasted small"],
)
def test_a_part_of_a_reference_and_a_picture_with_it_are_found_by_views(
    house: House, key_for: KeyFor, edited: RGB, kind: str, mirrored: bool
) -> None:
    found = signal(house, key_for, png(edited))
    assert found is not None
    assert (found["strength"], found["evidence"]["kind"]) == (2, kind)
    assert found["evidence"]["mirrored"] is mirrored


def test_a_crop_of_a_confirmed_photo_is_found_by_views(house: House, key_for: KeyFor) -> None:
    fake = with_confirmed(house, png(textured(7)))
    found = signal(house, key_for, png(textured(7)[10:250, 120:370].copy()), "S3")
    assert found is not None
    assert (found["strength"], found["evidence"]["counterfeit_id"]) == (2, fake)


def test_views_are_not_made_where_the_whole_picture_is_a_verified_copy(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[RGB] = []
    monkeypatch.setattr(Serving, "tiles", lambda self, pixels: asked.append(pixels))
    assert house.check([house.photo]).json()["decision"] == "review"
    assert asked == []


def test_an_inspector_sees_where_both_pictures_agree_and_no_number(house: House, key_for: KeyFor) -> None:
    decided = house.check([jpeg(textured(1), 30)]).json()
    view = house.client.get(f"/v1/decisions/{decided['id']}", headers=key_for(Role.INSPECTOR)).json()
    (copied,) = [each["copied"] for each in view["signals"] if each["code"] == "S2"]
    assert (copied["kind"], copied["band"], copied["mirrored"]) == ("same_photo", "strong", False)
    corners = np.array(copied["picture_region"])
    assert np.ptp(corners, axis=0).min() > 0.7
    assert "probability" not in str(view)
    assert "inliers" not in str(view)


def test_the_marketplace_learns_nothing_of_how_a_copy_was_found(house: House) -> None:
    text = house.check([jpeg(textured(1), 30)]).text
    for secret in (house.reference_id, "region", "kind", "inliers", "probability", "mirrored"):
        assert secret not in text


def test_a_decision_says_with_what_copies_were_verified(house: House, key_for: KeyFor) -> None:
    found = record(house, key_for, house.check([house.photo]).json()["id"])["versions"]["copies"]
    assert found["revision"] > 0
    assert found["verification"].startswith("local-")
    assert len(found["views"]) == 16


def test_a_copy_that_there_was_no_time_to_verify_is_never_allowed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(*_: object) -> CopyFinding:
        time.sleep(3)
        return NO_COPY

    monkeypatch.setattr("service.closeups.service.verify", slow)
    answer = house.check([jpeg(textured(1), 30)], budget_seconds=1.0)
    assert answer.json()["decision"] == "review_pending"
    assert codes(answer) == ["Q-TIMEOUT"]


def test_a_reference_whose_picture_was_lost_leaves_the_copy_a_candidate(
    house: House, key_for: KeyFor
) -> None:
    runtime: Runtime = house.client.app.state.runtime  # type: ignore[attr-defined]
    key = hashlib.sha256(house.photo).hexdigest()
    runtime.blobs.delete(key)
    runtime.closeups.forget(key)
    found = signal(house, key_for, jpeg(textured(1), 30))
    assert found is not None
    assert found["strength"] == 1


def test_another_picture_is_no_copy(house: House, key_for: KeyFor) -> None:
    assert signal(house, key_for, png(textured(99))) is None
