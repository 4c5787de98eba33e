"""Trying a listing out: the answer of a check, and nothing of it kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from service.security.principals import Role
from service.settings import Settings

from .conftest import House, png, textured


def rehearse(house: House, picture: bytes, headers: dict[str, str]) -> dict[str, object]:
    listing = {"listing": json.dumps({"reference": "try", "seller": "nobody"})}
    answer = house.client.post(
        "/v1/listings/rehearsals", data=listing, files={"pictures": ("a.png", picture)}, headers=headers
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and "blobs" in path.parts}


def test_rehearsal_says_what_the_check_says(house: House) -> None:
    checked = house.check([house.photo]).json()
    rehearsed = rehearse(house, house.photo, house.platform)
    for part in ("decision", "reasons", "pictures"):
        assert rehearsed[part] == checked[part]


def test_nothing_of_a_rehearsal_is_kept(house: House, settings: Settings) -> None:
    before, strange = files_in(settings.data_dir), png(textured(77))
    rehearse(house, strange, house.platform)
    assert files_in(settings.data_dir) == before
    assert house.client.get("/v1/decisions", headers=house.platform).json()["items"] == []


@pytest.mark.parametrize(
    ("role", "member"),
    [(Role.PLATFORM, "reasons"), (Role.INSPECTOR, "suggestion"), (Role.AUDITOR, "record")],
)
def test_each_role_is_told_what_it_may_know(
    house: House, key_for: Callable[..., dict[str, str]], role: Role, member: str
) -> None:
    assert member in rehearse(house, house.photo, key_for(role))


def test_brand_owner_is_told_of_their_own_brand_alone(
    house: House, key_for: Callable[..., dict[str, str]]
) -> None:
    assert rehearse(house, house.photo, house.owner)["candidates"]
    listing = {"listing": json.dumps({"reference": "try", "seller": "nobody"})}
    files = {"pictures": ("a.png", house.photo)}
    other = key_for(Role.BRAND_OWNER, "Somebody else")
    answer = house.client.post("/v1/listings/rehearsals", data=listing, files=files, headers=other)
    assert answer.status_code == 404
