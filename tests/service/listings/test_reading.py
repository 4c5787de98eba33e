"""What is written in a listing and its pictures, through the whole check."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import cv2
import numpy as np
import pytest

from model.encoders.base import RGB
from model.renderings import Rendering
from model.text import BrandWords, Lexicon
from service.deadline import Deadline
from service.listings.pictures import see
from service.listings.question import Comparing, Question
from service.listings.reading import in_pictures
from service.listings.schemas import ListingIn
from service.readings.reader import reader
from service.runtime import Runtime
from service.screening.readings import NotRead
from service.security.principals import Role
from tests.service.listings.conftest import House, png, textured
from tests.service.listings.test_checks import codes, record

KeyFor = Callable[..., dict[str, str]]


@pytest.fixture(autouse=True)
def _loaded() -> None:
    """A check on a busy machine shall not spend its time on loading networks."""
    reader().load()


def printed(word: str) -> RGB:
    """Something else with a word on a white label."""
    ground = textured(99, side=600)
    ground[240:360, 90:510] = 255
    cv2.putText(ground, word, (110, 325), cv2.FONT_HERSHEY_SIMPLEX, 2.4, (10, 10, 10), 7, cv2.LINE_AA)
    return ground


def signals(found: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [each for each in found["findings"]["signals"] if each["code"] == code]


def test_a_name_printed_in_the_picture_shows_its_brand_with_its_place(house: House, key_for: KeyFor) -> None:
    answer = house.check([png(printed("KUMORU"))], title="Kumoru tea")
    found = record(house, key_for, answer.json()["id"])
    (seen,) = signals(found, "S1")
    assert (seen["strength"], seen["picture"], seen["evidence"]["kind"]) == (1, 0, "name")
    assert seen["evidence"]["box"] == pytest.approx([0.17, 0.44, 0.68, 0.56], abs=0.04)
    assert "KUMORU" in [line["text"] for line in found["readings"][0]["lines"]]
    assert found["versions"]["reading"].startswith("pp-ocrv6")


def test_an_imitation_printed_in_the_picture_is_reviewed_and_the_hook_does_not_say_why(
    house: House, key_for: KeyFor
) -> None:
    answer = house.check([png(printed("KUNORU"))], title="Kumoru tea")
    assert (answer.json()["decision"], codes(answer), answer.json()["pictures"]) == (
        "review",
        ["T-TEXT"],
        [0],
    )
    assert "KUNORU" not in answer.text
    place = f"/v1/decisions/{answer.json()['id']}"
    for role, organisation in ((Role.INSPECTOR, "Customs"), (Role.BRAND_OWNER, "Ohashi")):
        view = house.client.get(place, headers=key_for(role, organisation)).json()
        (told,) = [each for each in view["signals"] if each["code"] == "S7"]
        assert [(each["kind"], each["written"]) for each in told["words"]] == [("lookalike", "KUNORU")]
        assert len(told["words"][0]["corners"]) == 4


def test_a_look_alike_in_the_title_alone_is_noted_and_watched(house: House, key_for: KeyFor) -> None:
    answer = house.check([png(textured(99))], title="kunoru tea")
    found = record(house, key_for, answer.json()["id"])
    assert [(each["strength"], each["picture"]) for each in signals(found, "S7")] == [(1, None)]
    assert (answer.json()["decision"], found["outcome"]["watched"]) == ("allow", True)


def test_pictures_of_what_concerns_nobody_are_not_read(house: House, key_for: KeyFor) -> None:
    found = record(house, key_for, house.check([png(printed("SENCHA"))]).json()["id"])
    assert (found["readings"], found["versions"]["reading"]) == ([], None)


def test_words_for_copies_weigh_with_the_brand_that_is_seen(house: House, key_for: KeyFor) -> None:
    answer = house.check([house.photo], title="Kumoru tea N級品")
    found = record(house, key_for, answer.json()["id"])
    assert [(each["strength"], each["evidence"]["kind"]) for each in signals(found, "S7")] == [(2, "replica")]


def test_what_is_not_read_for_want_of_time_is_said(runtime: Runtime) -> None:
    contents = [png(printed("KUMORU")), png(np.zeros((300, 300, 3), np.uint8))]
    seen = see(runtime, runtime.vectors.serving(), "ten_1", contents, Deadline(60))
    question = Question("ten_1", ListingIn(reference="L", seller="s"), seen, datetime.now(UTC))
    lexicon = Lexicon({"brd_k": BrandWords("Kumoru")})
    written = in_pictures(Comparing(runtime, Deadline(0.3)), question, lexicon, [])
    assert [each.not_read for each in written.pictures] == [NotRead.NO_TIME, NotRead.CANNOT_BE_JUDGED]


def test_a_spelling_that_is_registered_later_is_known_to_the_next_check(
    house: House, key_for: KeyFor
) -> None:
    def named() -> list[str]:
        decided = house.check([png(textured(99))], title="クモル tea").json()["id"]
        names: list[str] = record(house, key_for, decided)["findings"]["text_names"]
        return names

    assert named() == []
    changed = house.client.patch(
        f"/v1/brands/{house.brand_id}", json={"spellings": ["クモル"]}, headers=house.owner
    )
    assert changed.status_code == 200
    assert named() == [house.brand_id]


def test_the_number_of_another_product_is_odd(house: House, key_for: KeyFor) -> None:
    changed = house.client.patch(
        f"/v1/products/{house.product_id}", json={"barcode": "4006381333931"}, headers=house.owner
    )
    assert changed.status_code == 200, changed.text
    for stated, kinds in (("JAN 4901234567894", ["other_product"]), ("JAN: 4006381333931", [])):
        decided = house.check([house.photo], title="Kumoru tea", description=stated).json()["id"]
        found = signals(record(house, key_for, decided), "S12")
        assert [(each["evidence"]["kind"], each["strength"]) for each in found] == [
            (kind, 1) for kind in kinds
        ]


def test_a_brand_that_is_seen_in_one_rendering_alone_is_reviewed(
    house: House, key_for: KeyFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    alike = png(textured(1, detail=7))
    assert house.check([alike], title="Kumoru tea").json()["decision"] == "allow"

    def flipping(pixels: RGB) -> dict[Rendering, RGB]:
        return {Rendering.MIRRORED: pixels, Rendering.CROPPED: textured(50)}

    monkeypatch.setattr("service.listings.stability.renderings", flipping)
    answer = house.check([alike], title="Kumoru tea")
    assert (answer.json()["decision"], codes(answer)) == ("review", ["X-UNSTABLE"])
    (flip,) = signals(record(house, key_for, answer.json()["id"]), "S10")
    assert flip["evidence"]["flipped"] == ["cropped"]
