"""A parcel as an officer takes it in: pictures of every kind, advice, and what stands beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image

from service.parcels.record import InspectionRecord, advised_again
from service.runtime import Runtime
from service.screening.parcel_policy import load_parcel_policy
from service.security.principals import Role
from tests.service.databases import stored_bytes
from tests.service.listings.conftest import png, textured

from .conftest import ADDRESSEE, SENDER, Customs, jpeg


def test_a_recorded_brand_alone_is_examined_with_its_checklist(customs: Customs) -> None:
    customs.record_right()
    customs.enrol(
        f"/v1/references/{customs.reference_id}/identification-points",
        name="seal", genuine="eight petals", counterfeit="six petals", x0=0.1, y0=0.1, x1=0.3, y1=0.3,
    )  # fmt: skip
    found = customs.inspected(jpeg(textured(1)))["inspection"]
    assert found["advice"] == "examine"
    assert [each["code"] for each in found["reasons"]] == ["I-BRAND"]
    assert [(each["name"], each["genuine"]) for each in found["checklist"]] == [("seal", "eight petals")]
    [right] = found["rights"]
    assert (right["number"], right["recordations"][0]["disclosure"]) == ("INVENTED-1", "secret")
    [candidate] = found["candidates"]
    assert (candidate["brand_name"], candidate["band"]) == ("Kumoru", "strong")
    assert "score" not in json.dumps(found)


def test_a_brand_without_recordation_is_a_note(customs: Customs) -> None:
    found = customs.inspected(jpeg(textured(1)))["inspection"]
    assert (found["advice"], found["rights"]) == ("ex_officio_note", [])


def test_a_declared_value_far_under_the_price_is_referred(customs: Customs) -> None:
    customs.record_right()
    customs.enrol(
        f"/v1/products/{customs.product_id}/price-bands",
        currency="JPY",
        low="900",
        median="1000",
        high="1200",
    )
    cheap = {"quantity": 3, "value": "300", "currency": "JPY", "destination": "JP"}
    found = customs.inspected(jpeg(textured(1)), declaration=cheap)["inspection"]
    assert (found["advice"], [each["code"] for each in found["reasons"]]) == ("refer", ["I-BRAND", "P-PRICE"])


def test_an_authorised_importer_is_known_by_the_addressee(customs: Customs) -> None:
    customs.record_right()
    address = f"/v1/brands/{customs.brand_id}/authorised-sellers"
    customs.enrol(address, seller="hanako  YAMADA", category="tea")
    found = customs.inspected(jpeg(textured(1)), addressee=ADDRESSEE)["inspection"]
    assert found["advice"] == "release_suggested"
    assert [each["name"] for each in found["licensees"]] == ["hanako yamada"]


def test_other_goods_call_for_nothing(customs: Customs) -> None:
    customs.record_right()
    found = customs.inspected(png(textured(77)))["inspection"]
    assert (found["advice"], found["rights"], found["checklist"]) == ("no_finding", [], [])


def test_photos_that_cannot_be_judged_are_to_be_taken_again(customs: Customs) -> None:
    dark = png((textured(1) // 40).astype(np.uint8))
    found = customs.inspected(dark, views=["detail"])["inspection"]
    assert found["advice"] == "retake"
    [again] = found["retake"]
    assert (again["view"], again["picture"]) == ("detail", 0)
    assert "too_dark" in again["faults"]
    assert again["how"][0]


def test_one_poor_photo_beside_a_good_one_is_named_and_stops_nothing(customs: Customs) -> None:
    customs.record_right()
    dark = png((textured(1) // 40).astype(np.uint8))
    found = customs.inspected(dark, jpeg(textured(1)))["inspection"]
    assert (found["advice"], [each["picture"] for each in found["retake"]]) == ("examine", [0])


def test_another_photo_changes_the_advice(customs: Customs) -> None:
    customs.record_right()
    first = customs.inspected(png((textured(1) // 40).astype(np.uint8)))
    answer = customs.client.post(
        f"/v1/parcels/{first['parcel']['id']}/inspections",
        headers=customs.officer,
        files={"photos": ("b.jpg", jpeg(textured(1)))},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["inspection"]["advice"] == "examine"
    assert len(answer.json()["inspection"]["pictures"]) == 2


def test_phones_turn_photos_and_the_goods_are_known_all_the_same(customs: Customs) -> None:
    customs.record_right()
    turned = Image.fromarray(np.rot90(textured(1)).copy())
    exif = turned.getexif()
    exif[0x0112] = 6
    assert customs.inspected(jpeg(turned, exif=exif))["inspection"]["advice"] == "examine"


def test_the_format_of_phones_is_read(customs: Customs) -> None:
    customs.record_right()
    buffer = BytesIO()
    pillow_heif.from_pillow(Image.fromarray(textured(1))).save(buffer, quality=90)
    assert customs.inspected(buffer.getvalue())["inspection"]["advice"] == "examine"


@pytest.mark.parametrize("kind", ["png8", "png16", "tiff8", "tiff16", "jpeg"])
def test_xray_captures_of_every_kind_are_kept_apart_from_photos(customs: Customs, kind: str) -> None:
    grey = cv2.cvtColor(textured(1), cv2.COLOR_RGB2GRAY)
    image = Image.fromarray(grey if kind[-1] != "6" else grey.astype(np.uint16) * 257)
    buffer = BytesIO()
    image.save(buffer, kind.rstrip("0123456789").upper())
    answer = customs.send([png(textured(77))], [buffer.getvalue()])
    assert answer.status_code == 201, answer.text
    found = answer.json()["inspection"]
    assert [each["modality"] for each in found["pictures"]] == ["photo", "xray"]
    assert found["xray"]["captures"] == [1]
    assert found["advice"] == "no_finding", "an X-ray capture is not compared with references"


def test_a_parcel_may_come_with_nothing_but_its_declaration(customs: Customs) -> None:
    found = customs.inspected(declaration={"description": "Kumoru tea", "hs_code": "0902.10"})
    assert found["inspection"]["advice"] == "no_finding"
    assert found["parcel"]["declaration"]["hs_code"] == "090210"


def test_what_is_no_picture_is_refused_with_its_place(customs: Customs) -> None:
    answer = customs.send([png(textured(3)), b"no picture at all" * 20])
    assert (answer.status_code, answer.json()["picture"]) == (415, 1)
    assert customs.client.get("/v1/parcels", headers=customs.officer).json()["items"] == []


def test_a_reference_is_used_once(customs: Customs) -> None:
    first = customs.inspected(reference="same")
    again = customs.send(reference="same")
    assert (again.status_code, again.json()["parcel_id"]) == (409, first["parcel"]["id"])


def test_an_inspection_can_be_advised_on_again_from_its_record(customs: Customs) -> None:
    customs.record_right()
    found = customs.inspected(jpeg(textured(1)))["inspection"]
    answer = customs.client.get(f"/v1/inspections/{found['id']}", headers=customs.auditor)
    record = InspectionRecord.model_validate(answer.json()["record"])
    assert advised_again(record, load_parcel_policy()) == record.outcome


def test_the_names_are_read_by_officers_alone_and_each_reading_is_audited(
    customs: Customs, key_for: Callable[..., dict[str, str]], runtime: Runtime
) -> None:
    parcel = customs.inspected(sender=SENDER, addressee=ADDRESSEE)["parcel"]
    address = f"/v1/parcels/{parcel['id']}/parties"
    for role in (Role.ADMIN, Role.AUDITOR, Role.BRAND_OWNER, Role.AGENT, Role.PLATFORM):
        assert customs.client.get(address, headers=key_for(role, "Other")).status_code == 403
    read = customs.client.get(address, headers=customs.officer)
    assert read.json()["sender"]["name"] == SENDER["name"]
    entries = customs.client.get("/v1/audit/entries", headers=customs.auditor).json()["items"]
    assert [each["object_id"] for each in entries if each["action"] == "parcel.parties.read"] == [
        parcel["id"]
    ]


def test_no_name_is_in_the_database_the_answers_or_the_log(
    customs: Customs, runtime: Runtime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    customs.record_right()
    answer = customs.send([jpeg(textured(1))], sender=SENDER, addressee=ADDRESSEE)
    customs.decide(answer.json()["parcel"]["id"], "counterfeit")
    listed = customs.client.get("/v1/parcels", headers=customs.officer).text
    kept = stored_bytes(runtime.settings.resolved_database_url)
    assert answer.json()["parcel"]["id"].encode() in kept
    for word in ("Oda Trading", "Dock Road", "Yamada", "Minato"):
        assert word not in answer.text + listed + caplog.text
        assert word.encode() not in kept
        assert word.lower().encode() not in kept.lower()


def test_officers_are_told_in_their_language(customs: Customs) -> None:
    found = customs.send(headers={"Accept-Language": "ja"}).json()["inspection"]
    assert found["message"] == "詳しく見るべき点はありません。"


def test_pictures_are_shown_upright_to_officers(customs: Customs) -> None:
    found = customs.inspected(jpeg(textured(1)))
    digest = found["inspection"]["pictures"][0]["sha256"]
    address = f"/v1/parcels/{found['parcel']['id']}/pictures/{digest}"
    shown = customs.client.get(address, headers=customs.officer)
    assert Image.open(BytesIO(shown.content)).size == (400, 400)
    assert customs.client.get(address, headers=customs.auditor).status_code == 403


def test_a_parcel_sent_again_with_its_key_is_answered_as_it_stands(customs: Customs) -> None:
    key = {"Idempotency-Key": "draft-0001"}
    first, again = (
        customs.send([customs.photo], headers=key, reference="box 7", sender=SENDER, addressee=ADDRESSEE)
        for _ in range(2)
    )
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["inspection"]["id"] == first.json()["inspection"]["id"]


@pytest.mark.parametrize(
    "other", [{"sender": SENDER}, {"declaration": {"quantity": 2}}, {"views": ["detail"]}]
)
def test_another_parcel_of_the_same_name_is_refused_in_spite_of_a_key(
    customs: Customs, other: dict[str, Any]
) -> None:
    key = {"Idempotency-Key": "draft-0001"}
    assert customs.send([customs.photo], headers=key, reference="box 7").status_code == 201
    assert customs.send([customs.photo], headers=key, reference="box 7", **other).status_code == 409


def test_pictures_added_again_with_a_key_are_added_once(customs: Customs) -> None:
    first = customs.inspected(customs.photo)
    address = f"/v1/parcels/{first['parcel']['id']}/inspections"
    headers, files = customs.officer | {"Idempotency-Key": "draft-0002"}, {"photos": png(textured(5))}
    answers = [customs.client.post(address, headers=headers, files=files).json() for _ in range(2)]
    assert answers[0]["inspection"]["id"] == answers[1]["inspection"]["id"]
    assert len(answers[1]["inspection"]["pictures"]) == 2
