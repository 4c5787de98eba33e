"""The inspector's pages: who sees them, what they keep, and what they put on record."""

from __future__ import annotations

import os
import re
import time

import httpx2
import numpy as np
import pytest
from sqlalchemy import insert

from service.parcels.models import Inspection, Parcel, ParcelState
from service.runtime import Runtime
from service.security.principals import Role
from service.worklist import repository as worklist
from tests.service.listings.conftest import png, textured
from tests.service.parcels.conftest import ADDRESSEE, SENDER, Customs, customs  # noqa: F401 - a fixture

from .conftest import Browser, SignedIn


@pytest.fixture
def officer(signed_in: SignedIn) -> Browser:
    browser = signed_in(Role.INSPECTOR, "Customs")
    browser.get("/inspect")
    return browser


def _send(browser: Browser, do: str, *photos: bytes, **fields: str | list[str]) -> httpx2.Response:
    files = [("photos", (f"{at}.png", data)) for at, data in enumerate(photos)]
    return browser.post("/inspect", {"do": do, **fields}, files=files or {"nothing": b""})


def _kept(page: str) -> list[str]:
    return re.findall(r'name="kept" value="(photo:[0-9a-f]{64})"', page)


def test_pages_are_for_those_who_work_with_them(signed_in: SignedIn) -> None:
    allowed = {
        "/inspect": {Role.INSPECTOR},
        "/worklist": {Role.INSPECTOR, Role.ADMIN},
        "/cases": {Role.INSPECTOR, Role.PLATFORM, Role.ADMIN},
    }
    for role in Role:
        browser = signed_in(role)
        for path, roles in allowed.items():
            assert browser.get(path).status_code == (200 if role in roles else 403), (role, path)


def test_what_is_of_another_house_is_not_there(customs: Customs, signed_in: SignedIn) -> None:  # noqa: F811
    found = customs.inspected(customs.photo)
    inspection, parcel = found["inspection"]["id"], found["parcel"]["id"]
    case = _case(customs, inspection)
    stranger = signed_in(Role.INSPECTOR, "Customs", tenant="another")
    addresses = [
        f"/inspections/{inspection}",
        f"/inspections/{inspection}/pictures/0",
        f"/inspections/{inspection}/comparisons/0/original",
        f"/parcels/{parcel}",
        f"/parcels/{parcel}/pictures/0",
        f"/inspect?parcel={parcel}",
        f"/cases/{case}",
    ]
    assert {stranger.get(each).status_code for each in addresses} == {404}
    for path in (f"/parcels/{parcel}/parties", f"/parcels/{parcel}/opening", f"/cases/{case}/referral"):
        assert stranger.post(path).status_code == 404


def test_photos_stay_with_the_form_until_there_is_advice(officer: Browser) -> None:
    dark = png((textured(1) // 40).astype(np.uint8))
    first = _send(officer, "photos", textured_photo(1), dark, reference="box 1", description="tea")
    kept = _kept(first.text)
    assert (first.status_code, len(kept)) == (200, 2)
    assert "The photo is too dark" in first.text
    assert 'value="box 1"' in first.text
    refused = _send(officer, "advice", kept=kept, reference="box 1", hs_code="12")
    assert refused.status_code == 422
    assert _kept(refused.text) == kept
    done = _send(officer, "advice", kept=kept, reference="box 1", drop=kept[1].partition(":")[2])
    assert done.status_code == 303
    assert officer.get(done.headers["location"]).text.count("?small=1") == 1


def test_form_that_is_sent_twice_makes_one_parcel(officer: Browser) -> None:
    [kept] = _kept(_send(officer, "photos", textured_photo(1)).text)
    first = _send(officer, "advice", textured_photo(1), kept=kept, reference="box 1")
    again = _send(officer, "advice", textured_photo(1), reference="box 1")
    assert first.headers["location"] == again.headers["location"]


def test_another_parcel_of_the_same_name_is_told_of_in_the_form(officer: Browser) -> None:
    _send(officer, "advice", textured_photo(1), reference="box 1")
    other = _send(officer, "advice", textured_photo(2), reference="box 1", description="cups")
    assert other.status_code == 409
    assert "cups" in other.text
    assert len(_kept(other.text)) == 1


def test_waiting_photo_is_for_its_own_organisation_alone(officer: Browser, signed_in: SignedIn) -> None:
    [kept] = _kept(_send(officer, "photos", textured_photo(1)).text)
    digest = kept.partition(":")[2]
    assert officer.get(f"/inspect/photos/{digest}").headers["content-type"] == "image/jpeg"
    for other in (signed_in(Role.INSPECTOR, "Elsewhere"), signed_in(Role.INSPECTOR, "Customs", tenant="b")):
        assert other.get(f"/inspect/photos/{digest}").status_code == 404


def test_photo_that_nobody_came_back_for_is_gone(officer: Browser, runtime: Runtime) -> None:
    [kept] = _kept(_send(officer, "photos", textured_photo(1)).text)
    [path] = [each for each in (runtime.settings.data_dir / "tray").rglob("*") if each.is_file()]
    long_ago = time.time() - 3 * 24 * 3600
    os.utime(path, (long_ago, long_ago))
    _send(officer, "photos", textured_photo(2))
    assert officer.get(f"/inspect/photos/{kept.partition(':')[2]}").status_code == 404


def test_file_that_is_no_picture_is_left_out_and_the_others_stay(officer: Browser) -> None:
    answer = _send(officer, "photos", b"no picture", textured_photo(1))
    assert answer.status_code == 422
    assert len(_kept(answer.text)) == 1


def test_names_are_shown_when_asked_for_and_the_reading_is_on_record(
    customs: Customs,  # noqa: F811
    officer: Browser,
) -> None:
    parcel = customs.inspected(customs.photo, sender=SENDER, addressee=ADDRESSEE)["parcel"]["id"]
    assert SENDER["name"] not in officer.get(f"/parcels/{parcel}").text
    assert SENDER["name"] in officer.post(f"/parcels/{parcel}/parties").text
    audit = customs.client.get("/v1/audit/entries?limit=200", headers=customs.auditor)
    assert "parcel.parties.read" in audit.text


def test_disagreement_needs_a_reason(customs: Customs, officer: Browser) -> None:  # noqa: F811
    inspection = customs.inspected(customs.photo)["inspection"]["id"]
    address = f"/inspections/{inspection}/reviews"
    officer.get(f"/inspections/{inspection}")
    assert officer.post(address, {"answer": "disagree"}).status_code == 422
    assert officer.post(address, {"answer": "disagree", "reason": "the seam"}).status_code == 303
    assert "the seam" in officer.get(f"/inspections/{inspection}").text


def test_layers_of_a_comparison_are_drawn(customs: Customs, officer: Browser) -> None:  # noqa: F811
    inspection = customs.inspected(customs.photo)["inspection"]["id"]
    for layer, kind in (("original", "jpeg"), ("laid", "jpeg"), ("heat", "png"), ("map", "png")):
        answer = officer.get(f"/inspections/{inspection}/comparisons/0/{layer}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, f"image/{kind}")


def test_step_that_the_clock_forbids_is_told_in_the_form(customs: Customs, officer: Browser) -> None:  # noqa: F811
    case = _case(customs, customs.inspected(customs.photo)["inspection"]["id"])
    officer.get(f"/cases/{case}")
    assert officer.post(f"/cases/{case}/steps", {"step": "notified", "why": "sent"}).status_code == 303
    answer = officer.post(f"/cases/{case}/steps", {"step": "silent", "why": "no word came"})
    assert answer.status_code == 409
    assert "no word came" in answer.text


def test_words_of_machine_and_officer_are_kept_apart(customs: Customs, officer: Browser) -> None:  # noqa: F811
    case = _case(customs, customs.inspected(customs.photo)["inspection"]["id"])
    officer.get(f"/cases/{case}")
    draft = officer.post(f"/cases/{case}/referral", {"language": "ja"}).headers["location"]
    own = {"article": "茶の缶"}
    saved = officer.post(draft.partition("?")[0], own).headers["location"]
    page = officer.get(saved).text
    assert "不明" in page
    assert "茶の缶" in page
    late = officer.post(draft.partition("?")[0], {"article": "別の言葉"})
    assert late.status_code == 409
    assert "別の言葉" in late.text


def test_work_list_over_ten_thousand_parcels_is_a_small_page(
    customs: Customs,  # noqa: F811
    officer: Browser,
    runtime: Runtime,
) -> None:
    customs.inspected(customs.photo)
    with runtime.database.write() as session:
        row = session.query(Inspection).one()
        parcel = session.get_one(Parcel, row.parcel_id)
        facts = {key: getattr(row, key) for key in Inspection.__table__.columns.keys()}  # noqa: SIM118
        about = {key: getattr(parcel, key) for key in Parcel.__table__.columns.keys()}  # noqa: SIM118
        names = [f"{at:06}" for at in range(10_000)]
        parcels = [
            about | {"id": f"pcl_{n}", "reference": n, "latest_inspection_id": f"ins_{n}"} for n in names
        ]
        session.execute(insert(Parcel), parcels)
        session.execute(
            insert(Inspection),
            [facts | {"id": f"ins_{n}", "parcel_id": f"pcl_{n}"} for n in names],
        )
        assert about["state"] == ParcelState.WAITING.value
        assert len(worklist.waiting(session, row.tenant_id, 20_000)) == 10_001
    page = officer.get("/worklist")
    assert len(page.content) < 150_000
    assert page.text.count('class="job"') >= 50


def textured_photo(seed: int) -> bytes:
    return png(textured(seed))


def _case(customs: Customs, inspection: str) -> str:  # noqa: F811
    body = {
        "subject": {"kind": "inspection", "id": inspection},
        "profile": "jp-identification",
        "why": "on advice",
    }
    answer = customs.client.post("/v1/cases", json=body, headers=customs.officer)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def test_case_is_opened_once_and_a_text_too_long_for_it_is_told_of(
    customs: Customs,  # noqa: F811
    officer: Browser,
) -> None:
    inspection = customs.inspected(customs.photo)["inspection"]["id"]
    officer.get(f"/inspections/{inspection}")
    address, asked = f"/inspections/{inspection}/case", {"procedure": "jp-identification|JP", "why": "advice"}
    assert officer.post(address, asked | {"article": "x" * 501}).status_code == 422
    first, again = (officer.post(address, asked).headers["location"].partition("?")[0] for _ in range(2))
    assert first == again
