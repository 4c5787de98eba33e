"""What officers say and find, and what it teaches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import cv2
import numpy as np
import pytest
from sqlalchemy import select

import service.parcels.erasing
import service.parcels.keeping
import service.parcels.parties
from model.encoders.base import RGB
from service.clock import now
from service.jobs.periodic import submit_wanted
from service.parcels.keeping import erase_expired
from service.parcels.models import Parcel
from service.runtime import Runtime
from tests.service.listings.conftest import png, textured

from .conftest import ADDRESSEE, SENDER, Customs, jpeg


def review(customs: Customs, inspection_id: str, **said: Any) -> int:
    address = f"/v1/inspections/{inspection_id}/reviews"
    return customs.client.post(address, json=said, headers=customs.officer).status_code


def test_an_officer_may_disagree_and_says_why(customs: Customs) -> None:
    found = customs.inspected(png(textured(77)))["inspection"]
    assert review(customs, found["id"], answer="disagree") == 422
    assert review(customs, found["id"], answer="disagree", reason="the stitching") == 201
    assert review(customs, found["id"], answer="agree") == 201
    shown = customs.client.get(f"/v1/inspections/{found['id']}", headers=customs.officer).json()
    assert [(each["answer"], each["reason"]) for each in shown["reviews"]] == [
        ("disagree", "the stitching"),
        ("agree", ""),
    ]


def test_confirmed_cases_of_a_sender_speak_of_the_next_parcel(customs: Customs) -> None:
    customs.record_right()
    for _ in range(3):
        parcel = customs.inspected(jpeg(textured(1)), sender=SENDER)["parcel"]
        customs.decide(parcel["id"], "counterfeit")
    shouted = {**SENDER, "name": "ODA TRADING LTD", "address": "12, Dock Road - Shenzhen"}
    found = customs.inspected(jpeg(textured(1)), sender=shouted)["inspection"]
    assert (found["advice"], [each["code"] for each in found["reasons"]]) == ("refer", ["I-BRAND", "S-HIST"])


def test_a_namesake_elsewhere_and_a_sender_without_address_have_no_history(customs: Customs) -> None:
    customs.record_right()
    for _ in range(3):
        parcel = customs.inspected(jpeg(textured(1)), sender=SENDER)["parcel"]
        customs.decide(parcel["id"], "counterfeit")
    for other in ({**SENDER, "address": "9 Hill Street"}, {"name": SENDER["name"]}):
        assert customs.inspected(jpeg(textured(1)), sender=other)["inspection"]["advice"] == "examine"


def test_a_corrected_outcome_takes_the_history_back(customs: Customs) -> None:
    customs.record_right()
    ids = [customs.inspected(jpeg(textured(1)), sender=SENDER)["parcel"]["id"] for _ in range(3)]
    for each in ids:
        customs.decide(each, "counterfeit")
    customs.decide(ids[0], "genuine")
    assert customs.inspected(jpeg(textured(1)), sender=SENDER)["inspection"]["advice"] == "examine"


def test_minutes_count_from_the_opening(customs: Customs) -> None:
    parcel = customs.inspected()["parcel"]
    opened = customs.client.post(f"/v1/parcels/{parcel['id']}/opening", headers=customs.officer)
    assert (opened.status_code, opened.json()["state"]) == (201, "opened")
    assert customs.decide(parcel["id"], "genuine")["parcel"]["state"] == "decided"


def test_pictures_are_not_added_once_there_is_an_outcome(customs: Customs) -> None:
    parcel = customs.inspected()["parcel"]
    customs.decide(parcel["id"], "genuine")
    again = customs.client.post(f"/v1/parcels/{parcel['id']}/inspections", headers=customs.officer)
    assert again.status_code == 409


def test_a_brand_of_another_house_cannot_be_named(customs: Customs) -> None:
    parcel = customs.inspected()["parcel"]
    answer = customs.client.post(
        f"/v1/parcels/{parcel['id']}/outcome",
        json={"outcome": "counterfeit", "brand_id": "brd_elsewhere"},
        headers=customs.officer,
    )
    assert answer.status_code == 404


def test_names_are_erased_when_their_time_has_passed(
    customs: Customs, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = customs.inspected(sender=SENDER, addressee=ADDRESSEE)["parcel"]
    address = f"/v1/parcels/{parcel['id']}/parties"
    assert customs.client.get(address, headers=customs.officer).status_code == 200
    later = now() + timedelta(days=181)
    monkeypatch.setattr(service.parcels.parties, "now", lambda: later)
    expired = customs.client.get(address, headers=customs.officer)
    assert (expired.status_code, expired.json()["type"]) == (404, "/problems/parties-erased")
    monkeypatch.setattr(service.parcels.keeping, "now", lambda: later)
    customs.inspected()
    monkeypatch.undo()
    assert customs.client.get(address, headers=customs.officer).status_code == 404


def test_whatever_has_expired_is_erased_without_anybody_asking(
    customs: Customs, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcel = customs.inspected(sender=SENDER, addressee=ADDRESSEE)["parcel"]
    assert submit_wanted(runtime.database) == 0
    later = now() + timedelta(days=181)
    monkeypatch.setattr(service.parcels.erasing, "now", lambda: later)
    assert submit_wanted(runtime.database) == 1
    with runtime.database.write() as session:
        tenant = session.scalars(select(Parcel.tenant_id)).one()
        monkeypatch.setattr(service.parcels.keeping, "now", lambda: later)
        assert erase_expired(session, tenant) == 1
        kept = session.scalars(select(Parcel).where(Parcel.id == parcel["id"])).one()
        assert kept.sender_key is None


def carton(label: int, tape: tuple[int, int, int], seed: int) -> RGB:
    """A parcel from outside: its label's print and tape are the sender's, light and place those of the photo."""
    rng = np.random.default_rng(seed)
    box = np.full((700, 900, 3), (176, 132, 88), np.uint8)
    box += rng.integers(0, 14, box.shape, dtype=np.uint8)
    cv2.rectangle(box, (0, 300), (900, 360), tape, -1)
    box[60:280, 120:520] = cv2.resize(textured(label, 400), (400, 220))
    shift = rng.uniform(-25, 25, (4, 2)).astype(np.float32)
    corners = np.array([[0, 0], [900, 0], [900, 700], [0, 700]], np.float32)
    warp = cv2.getPerspectiveTransform(corners, corners + shift)
    seen = cv2.warpPerspective(box, warp, (900, 700), borderMode=cv2.BORDER_REPLICATE)
    return np.clip(seen.astype(np.float32) * rng.uniform(0.85, 1.1), 0, 255).astype(np.uint8)


def outside(customs: Customs, pixels: RGB) -> dict[str, Any]:
    return customs.inspected(jpeg(textured(1)), jpeg(pixels), views=["goods", "outside"])


@pytest.fixture
def stopped(customs: Customs) -> Customs:
    customs.record_right()
    parcel = outside(customs, carton(31, (40, 40, 200), 1))["parcel"]
    customs.decide(parcel["id"], "counterfeit")
    return customs


def test_a_parcel_with_the_print_of_a_stopped_one_is_referred(stopped: Customs) -> None:
    found = outside(stopped, carton(31, (40, 40, 200), 2))["inspection"]
    assert (found["advice"], [each["code"] for each in found["reasons"]]) == ("refer", ["I-BRAND", "D-LOOK"])
    assert [each["strength"] for each in found["look"]] == ["verified"]


def test_a_print_that_cleared_parcels_bear_as_well_says_nothing(stopped: Customs) -> None:
    cleared = outside(stopped, carton(31, (40, 40, 200), 3))["parcel"]
    stopped.decide(cleared["id"], "genuine")
    found = outside(stopped, carton(31, (40, 40, 200), 4))["inspection"]
    assert (found["advice"], found["look"]) == ("examine", [])


def test_another_label_on_such_a_carton_is_no_look(stopped: Customs) -> None:
    found = outside(stopped, carton(32, (200, 200, 40), 5))["inspection"]
    assert found["advice"] == "examine"
    assert [each["strength"] for each in found["look"]] in ([], ["near"])
