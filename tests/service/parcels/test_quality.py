"""Photos are judged while the goods are still at hand."""

from __future__ import annotations

import time

import cv2
import numpy as np

from tests.service.listings.conftest import png, textured

from .conftest import Customs, jpeg


def test_each_photo_is_told_what_to_do_otherwise(customs: Customs) -> None:
    blurred = cv2.GaussianBlur(textured(1), (0, 0), 9)
    files = [("photos", ("a.png", png(textured(1)))), ("photos", ("b.png", png(blurred)))]
    answer = customs.client.post("/v1/photo-quality", files=files, headers=customs.officer)
    good, poor = answer.json()["photos"]
    assert (good["usable"], good["faults"], good["how"]) == (True, [], [])
    assert (poor["usable"], poor["faults"]) == (False, ["blurred"])
    assert poor["how"] == [
        "The photo is blurred. Hold still, tap on the goods to focus, and give more light."
    ]


def test_a_photo_of_a_phone_is_judged_within_a_second_of_work(customs: Customs) -> None:
    rng = np.random.default_rng(0)
    large = cv2.resize(textured(1), (4000, 3000)) + rng.integers(0, 6, (3000, 4000, 3), dtype=np.uint8)
    data = jpeg(large)
    began = time.process_time()
    answer = customs.client.post(
        "/v1/photo-quality", files={"photos": ("a.jpg", data)}, headers=customs.officer
    )
    assert time.process_time() - began < 1.0
    assert answer.json()["photos"][0]["width"] == 4000


def test_what_is_no_picture_is_named(customs: Customs) -> None:
    files = [("photos", ("a.png", png(textured(1)))), ("photos", ("b.png", b"nothing"))]
    answer = customs.client.post("/v1/photo-quality", files=files, headers=customs.officer)
    assert (answer.status_code, answer.json()["picture"]) == (415, 1)
