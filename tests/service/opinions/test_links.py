"""A right holder's link: for one case, one purpose, one while; watermarked, logged, revocable."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2 as httpx
import numpy as np
import pytest
from PIL import Image
from sqlalchemy import text

from service.opinions.watermark import watermarked
from service.runtime import Runtime
from service.security.principals import Role
from tests.service.cases.conftest import MORNING, Headers, Port, photo


def asked(port: Port, *, profile: str = "eu-608-2013", **fields: Any) -> tuple[str, dict[str, Any]]:
    """A case of which both sides were notified, and a link to it."""
    country = {"country": "DE"} if profile == "eu-608-2013" else {}
    case_id = port.open(profile=profile, **country)["id"]
    port.steps(case_id, "notified")
    return case_id, link(port, case_id, **fields)


def link(port: Port, case_id: str, **fields: Any) -> dict[str, Any]:
    body = {"recipient": "大橋株式会社 Ohashi", **fields}
    made = port.client.post(f"/v1/cases/{case_id}/opinion-links", json=body, headers=port.inspector)
    assert made.status_code == 201, made.text
    found: dict[str, Any] = made.json()
    return found


def through(made: dict[str, Any]) -> Headers:
    return {"Authorization": f"Bearer {made['token']}"}


def answer(port: Port, made: dict[str, Any], *files: tuple[str, bytes], **fields: Any) -> httpx.Response:
    opinion = {"answer": "counterfeit", "reason": "the zip is not ours", **fields}
    return port.client.post(
        "/v1/opinion-request/opinion",
        headers=through(made),
        data={"opinion": json.dumps(opinion)},
        files=[("files", each) for each in files] or None,
    )


def test_a_link_shows_what_is_asked_by_which_clock_and_no_party(port: Port) -> None:
    _, made = asked(port)
    seen = port.client.get("/v1/opinion-request", headers=through(made))
    assert seen.status_code == 200, seen.text
    shown = seen.json()
    assert shown["brand"] == "Kumoru"
    assert shown["pictures"] == [0, 1]
    # 28, 29, 30 April, Labour Day, 4 to 8 May, 11, 12: ten working days of Germany.
    assert shown["answer_by_local"] == "2026-05-13 00:00 Europe/Berlin"
    assert "article 23" in shown["clock"]
    assert "shop-1" not in seen.text


def test_the_token_is_told_once_and_kept_as_a_hash_alone(port: Port, runtime: Runtime) -> None:
    case_id, made = asked(port)
    assert made["link"].endswith(f"/opinion#{made['token']}")
    listed = port.client.get(f"/v1/cases/{case_id}/opinion-links", headers=port.inspector)
    secret = made["token"].split("_", 2)[2]
    assert secret not in listed.text
    with runtime.database.read() as session:
        rows = session.execute(text("select * from opinion_links")).all()
    assert secret not in repr(rows)


def test_a_link_that_is_moved_to_another_case_opens_nothing(port: Port, runtime: Runtime) -> None:
    _, made = asked(port)
    port.steps(made["case_id"], "released")
    other = port.open()["id"]
    port.steps(other, "notified")
    with runtime.database.write() as session:
        session.execute(text("update opinion_links set case_id = :case"), {"case": other})
    assert port.client.get("/v1/opinion-request", headers=through(made)).status_code == 401


def test_whatever_is_no_link_is_refused_in_the_same_words(port: Port) -> None:
    for token in ("", "mzl_0123456789ab_wrong", "mzg_0123456789ab_wrong", "nonsense"):
        refused = port.client.get("/v1/opinion-request", headers={"Authorization": f"Bearer {token}"})
        assert refused.status_code == 401
        assert refused.json()["detail"] == "The link is missing, wrong or revoked."


def test_a_revoked_link_is_refused_at_once(port: Port) -> None:
    _, made = asked(port)
    gone = port.client.delete(f"/v1/opinion-links/{made['id']}", headers=port.inspector)
    assert gone.status_code == 204
    for address in ("/v1/opinion-request", "/v1/opinion-request/pictures/0"):
        assert port.client.get(address, headers=through(made)).status_code == 401
    assert answer(port, made).status_code == 401


def test_an_api_key_is_no_link_and_a_link_is_no_api_key(port: Port) -> None:
    case_id, made = asked(port)
    assert port.client.get("/v1/opinion-request", headers=port.inspector).status_code == 401
    assert port.client.get(f"/v1/cases/{case_id}", headers=through(made)).status_code == 401


def test_pictures_carry_the_recipient_and_every_look_is_on_record(
    port: Port, key_for: Callable[..., Headers]
) -> None:
    case_id, made = asked(port)
    shown = port.client.get("/v1/opinion-request/pictures/1", headers=through(made))
    assert shown.headers["content-type"] == "image/jpeg"
    with Image.open(io.BytesIO(port.pictures[1])) as file:
        original = np.asarray(file.convert("RGB"), dtype=np.int16)
    with Image.open(io.BytesIO(shown.content)) as file:
        seen = np.asarray(file.convert("RGB"), dtype=np.int16)
    assert seen.shape == original.shape
    assert port.client.get("/v1/opinion-request/pictures/7", headers=through(made)).status_code == 404
    viewings = port.client.get(f"/v1/opinion-links/{made['id']}/viewings", headers=port.inspector).json()
    assert [each["what"] for each in viewings["items"]] == ["picture 1"]
    entries = port.client.get(
        "/v1/audit/entries", params={"object_id": case_id}, headers=key_for(Role.AUDITOR, "Audit")
    ).json()["items"]
    assert (entries[-1]["action"], entries[-1]["key_id"]) == ("opinion_link.viewed", made["id"])


@pytest.mark.parametrize("ground", [0, 128, 255])
@pytest.mark.parametrize("shape", [(300, 400, 3), (1024, 200, 3), (64, 64, 3)])
def test_a_watermark_is_seen_in_every_quarter_of_light_and_dark_pictures(
    ground: int, shape: tuple[int, int, int]
) -> None:
    plain = np.full(shape, ground, np.uint8)
    with Image.open(io.BytesIO(watermarked(plain, "大橋株式会社 · case · 2026-04-27"))) as file:
        marked = np.asarray(file.convert("L"), dtype=np.int16)
    middle_y, middle_x = shape[0] // 2, shape[1] // 2
    for rows in (slice(None, middle_y), slice(middle_y, None)):
        for columns in (slice(None, middle_x), slice(middle_x, None)):
            assert np.abs(marked[rows, columns] - ground).max() > 40


def test_two_recipients_get_different_pictures() -> None:
    plain = np.full((300, 300, 3), 128, np.uint8)
    assert watermarked(plain, "Ohashi") == watermarked(plain, "Ohashi")
    assert watermarked(plain, "Ohashi") != watermarked(plain, "Ishii")


def test_an_opinion_is_kept_whole_meets_the_clock_and_is_the_brands_notice(port: Port) -> None:
    case_id, made = asked(port)
    points = [{"name": "zip", "finding": "differs", "note": "no engraving"}]
    given = answer(port, made, ("zip.png", photo(9)), ("letter.pdf", b"%PDF-1.7 letter"), points=points)
    assert given.status_code == 201, given.text
    listed = port.client.get(f"/v1/cases/{case_id}/opinions", headers=port.inspector).json()
    assert listed == [given.json()]
    assert listed[0]["points"] == points
    assert [each["format"] for each in listed[0]["evidence"]] == ["png", "pdf"]
    letter = listed[0]["evidence"][1]["sha256"]
    address = f"/v1/opinions/{listed[0]['id']}/evidence"
    assert port.client.get(f"{address}/{'0' * 64}", headers=port.inspector).status_code == 404
    file = port.client.get(f"{address}/{letter}", headers=port.inspector)
    assert file.content == b"%PDF-1.7 letter"
    assert file.headers["content-disposition"].startswith("attachment")
    assert port.case(case_id)["holder_answer"] == "counterfeit"
    assert port.clocks(case_id)["holder_opinion"]["state"] == "met"


def test_a_late_answer_is_refused_with_the_clock_named(port: Port) -> None:
    case_id, made = asked(port)
    port.clock.at = datetime(2026, 5, 12, 22, tzinfo=UTC)
    late = answer(port, made)
    assert late.status_code == 410
    assert "2026-05-13 00:00 Europe/Berlin" in late.json()["detail"]
    assert "article 23" in late.json()["detail"]
    assert port.client.get("/v1/opinion-request/pictures/0", headers=through(made)).status_code == 410
    assert port.client.get(f"/v1/cases/{case_id}/opinions", headers=port.inspector).json() == []


def test_a_link_lasts_longer_when_the_clock_that_it_follows_is_extended(port: Port) -> None:
    case_id, made = asked(port)
    port.client.post(
        f"/v1/cases/{case_id}/extension", json={"why": "laboratory"}, headers=port.inspector
    ).raise_for_status()
    port.clock.at = datetime(2026, 5, 14, tzinfo=UTC)
    assert answer(port, made).status_code == 201


def test_no_link_lasts_longer_than_the_right_holders_clock(port: Port) -> None:
    case_id = port.open(profile="eu-608-2013", country="DE")["id"]
    port.steps(case_id, "notified")
    body = {"recipient": "Ohashi", "expires_at": "2026-06-30T00:00:00Z"}
    refused = port.client.post(f"/v1/cases/{case_id}/opinion-links", json=body, headers=port.inspector)
    assert refused.status_code == 422
    made = link(port, case_id, expires_at=(MORNING + timedelta(days=1)).isoformat())
    port.clock.at = MORNING + timedelta(days=1)
    over = answer(port, made)
    assert over.status_code == 410
    assert "the link's own expiry" in over.json()["detail"]


def test_once_the_case_is_decided_nobody_is_shown_anything_any_more(port: Port) -> None:
    case_id, made = asked(port, profile="us-cbp-133")
    port.clock.at = datetime(2026, 5, 6, 5, tzinfo=UTC)  # seven business days are over, ten days are not
    assert port.client.get("/v1/opinion-request", headers=through(made)).status_code == 200
    port.steps(case_id, "silent", "decided:genuine")
    for refused in (port.client.get("/v1/opinion-request", headers=through(made)), answer(port, made)):
        assert refused.status_code == 410
        assert "The case is decided" in refused.json()["detail"]


def test_evidence_is_bounded_and_is_a_picture_or_a_pdf(port: Port) -> None:
    _, made = asked(port)
    refused = answer(port, made, ("page.html", b"<script>alert(1)</script>"))
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/evidence-refused"
    eleven = [(f"{at}.pdf", b"%PDF-1.7") for at in range(11)]
    assert answer(port, made, *eleven).status_code == 422
    assert answer(port, made, answer="maybe").status_code == 422


def test_the_page_behind_a_link_is_served_to_everybody_and_holds_nothing(port: Port) -> None:
    page = port.client.get("/opinion")
    assert page.status_code == 200
    assert "/opinion/page.js" in page.text
    assert port.client.get("/opinion/page.js").headers["content-type"].startswith("text/javascript")
    assert port.client.get("/opinion/links.py").status_code == 404
