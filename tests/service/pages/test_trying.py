"""The page to try the product out on."""

from __future__ import annotations

import pytest

from service.security.principals import Role
from tests.service.listings.conftest import House, house, png, textured  # noqa: F401 - a fixture

from .conftest import Browser, SignedIn


def tried(browser: Browser, data: bytes) -> str:
    browser.get("/try")
    answer = browser.post("/try", files={"picture": ("a.png", data, "image/png")})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_enrolled_photo_is_recognised_beside_its_reference(house: House, signed_in: SignedIn) -> None:  # noqa: F811
    page = tried(signed_in(Role.ADMIN), house.photo)
    assert "Kumoru" in page
    assert f"/v1/references/{house.reference_id}/picture" in page
    assert "/v1/listings/rehearsals" in page


def test_brand_owner_is_told_of_nobody_elses_brand(house: House, signed_in: SignedIn) -> None:  # noqa: F811
    page = tried(signed_in(Role.BRAND_OWNER, "Somebody else"), house.photo)
    assert "Kumoru" not in page
    assert house.reference_id not in page
    assert "Kumoru" in tried(signed_in(Role.BRAND_OWNER, "Ohashi"), house.photo)


@pytest.mark.parametrize("role", list(Role))
def test_strange_picture_is_answered_to_everybody(house: House, signed_in: SignedIn, role: Role) -> None:  # noqa: F811
    tried(signed_in(role), png(textured(99)))


def test_nothing_and_no_picture_are_told_apart(house: House, signed_in: SignedIn) -> None:  # noqa: F811
    browser = signed_in(Role.ADMIN)
    browser.get("/try")
    assert "Choose a picture first." in browser.post("/try").text
    answer = browser.post("/try", files={"picture": ("a.png", b"not a picture", "image/png")})
    assert answer.status_code == 415
