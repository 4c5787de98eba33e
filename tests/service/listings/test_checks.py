from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import httpx2 as httpx
import numpy as np
import pytest
from PIL import Image

from model.encoders.base import RGB
from service.runtime import Runtime
from service.security.principals import Role
from tests.service.listings.conftest import House, png, textured

pytestmark = pytest.mark.both_engines


def codes(answer: httpx.Response) -> list[str]:
    return [reason["code"] for reason in answer.json()["reasons"]]


def jpeg(pixels: RGB, quality: int = 70) -> bytes:
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()


def record(house: House, key_for: Callable[..., dict[str, str]], decision_id: str) -> dict[str, Any]:
    answer = house.client.get(f"/v1/decisions/{decision_id}", headers=key_for(Role.AUDITOR))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["record"]
    return found


def strengths(found: dict[str, Any]) -> dict[str, int]:
    return {signal["code"]: signal["strength"] for signal in found["findings"]["signals"]}


def test_a_picture_of_nothing_that_is_protected_is_allowed(house: House) -> None:
    answer = house.check([png(textured(99))])
    assert answer.status_code == 201, answer.text
    assert answer.json()["decision"] == "allow"
    assert codes(answer) == ["N-NONE"]
    assert answer.headers["location"] == f"/v1/decisions/{answer.json()['id']}"


def test_the_very_reference_of_a_brand_in_a_strangers_listing_is_reviewed(
    house: House, key_for: Callable[..., dict[str, str]]
) -> None:
    answer = house.check([house.photo])
    assert answer.json()["decision"] == "review"
    assert "C-REF" in codes(answer)
    assert strengths(record(house, key_for, answer.json()["id"])) == {"S1": 2, "S2": 2, "S7": 1}


def test_the_answer_to_the_marketplace_names_no_score_and_no_reference(house: House) -> None:
    text = house.check([house.photo]).text
    for secret in (house.reference_id, house.brand_id, house.product_id, "cosine", "score", "threshold"):
        assert secret not in text


def test_reasons_come_in_the_language_that_is_asked_for(house: House) -> None:
    english = house.check([house.photo]).json()["reasons"]
    japanese = house.check([house.photo], {"Accept-Language": "ja"}).json()["reasons"]
    assert [r["code"] for r in english] == [r["code"] for r in japanese]
    assert [r["message"] for r in english] != [r["message"] for r in japanese]


def test_an_authorised_seller_is_allowed(house: House) -> None:
    house.client.post(
        f"/v1/brands/{house.brand_id}/authorised-sellers", json={"seller": "Shop-1"}, headers=house.owner
    )
    answer = house.check([house.photo])
    assert answer.json()["decision"] == "allow"
    assert codes(answer) == ["A-AUTH"]


def test_a_price_far_under_the_band_of_the_product_that_is_told_is_strong(
    house: House, key_for: Callable[..., dict[str, str]]
) -> None:
    band = house.client.post(
        f"/v1/products/{house.product_id}/price-bands",
        json={"currency": "JPY", "low": "9000", "median": "10000", "high": "12000"},
        headers=house.owner,
    )
    assert band.status_code == 201, band.text
    answer = house.check([jpeg(textured(1))], price="900", currency="JPY", condition="new")
    assert answer.json()["decision"] == "review"
    assert strengths(record(house, key_for, answer.json()["id"]))["S6"] == 2


def test_a_price_is_compared_with_no_product_that_cannot_be_told(
    house: House, key_for: Callable[..., dict[str, str]]
) -> None:
    band = {"currency": "JPY", "low": "9000", "median": "10000", "high": "12000"}
    house.client.post(f"/v1/products/{house.product_id}/price-bands", json=band, headers=house.owner)
    much_alike = png(textured(1, detail=5))
    answer = house.check([much_alike], price="900", currency="JPY", condition="new")
    found = record(house, key_for, answer.json()["id"])
    assert strengths(found) == {"S1": 2, "S6": 0, "S7": 1}
    assert "product" not in [each["verdict"] for each in found["shown"]]


def test_a_dear_sister_does_not_make_a_fair_price_low(house: House) -> None:
    sister = house.client.post(
        f"/v1/brands/{house.brand_id}/products",
        json={"sku": "K-2", "name": "Kumoru tea chest", "category": "tea"},
        headers=house.owner,
    ).json()["id"]
    altered = textured(1)
    altered[:40, :40] = 0
    house.client.post(
        f"/v1/products/{sister}/references",
        files={"file": ("front.png", png(altered), "image/png")},
        headers=house.owner,
    )
    for product, median in ((house.product_id, "1000"), (sister, "10000")):
        band = {"currency": "JPY", "low": median, "median": median, "high": median}
        house.client.post(f"/v1/products/{product}/price-bands", json=band, headers=house.owner)
    answer = house.check([jpeg(textured(1))], price="900", currency="JPY", condition="new")
    assert "P-PRICE" not in codes(answer)


def test_a_price_in_another_currency_is_not_compared(house: House) -> None:
    house.client.post(
        f"/v1/products/{house.product_id}/price-bands",
        json={"currency": "JPY", "low": "9000", "median": "10000", "high": "12000"},
        headers=house.owner,
    )
    answer = house.check([jpeg(textured(1))], price="9", currency="USD", condition="new")
    assert "P-PRICE" not in codes(answer)


def test_a_known_counterfeit_photo_is_named_as_such(
    house: House, key_for: Callable[..., dict[str, str]]
) -> None:
    fake = png(textured(7))
    added = house.client.post(
        f"/v1/brands/{house.brand_id}/known-counterfeits",
        files={"file": ("fake.png", fake, "image/png")},
        data={"case_reference": "C-9"},
        headers=house.owner,
    )
    assert added.status_code == 201, added.text
    answer = house.check([fake])
    assert strengths(record(house, key_for, answer.json()["id"]))["S3"] == 2


def test_sellers_history_counts_confirmed_cases_and_forgets_reversed_ones(
    house: House, key_for: Callable[..., dict[str, str]]
) -> None:
    reviewer = key_for(Role.PLATFORM, "Market")
    first = house.check([house.photo]).json()["id"]
    given = house.client.post(
        f"/v1/decisions/{first}/verdicts", json={"outcome": "counterfeit"}, headers=reviewer
    )
    assert given.status_code == 201, given.text
    again = house.check([house.photo], reference="L-2").json()["id"]
    assert strengths(record(house, key_for, again))["S9"] == 1
    house.client.post(f"/v1/decisions/{first}/verdicts", json={"outcome": "genuine"}, headers=reviewer)
    third = house.check([house.photo], reference="L-3").json()["id"]
    assert "S9" not in strengths(record(house, key_for, third))


def test_a_blank_picture_of_a_named_brand_asks_for_photos(house: House) -> None:
    blank = png(np.full((300, 300, 3), 200, np.uint8))
    answer = house.check([blank], title="Kumoru tea, new")
    assert answer.json()["decision"] == "review"
    assert codes(answer) == ["Q-PHOTO"]
    assert answer.json()["action_required"]["action"] == "send_photos"


def test_a_repeated_request_gets_the_same_decision(house: House) -> None:
    key = {"Idempotency-Key": "once"}
    first, second = house.check([house.photo], key), house.check([house.photo], key)
    assert first.json() == second.json()


def test_an_idempotency_key_is_not_used_for_something_else(house: House) -> None:
    key = {"Idempotency-Key": "once"}
    house.check([house.photo], key)
    answer = house.check([house.photo], key, title="another")
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/idempotency-conflict"


def test_an_edit_names_its_old_pictures_by_digest_and_computes_only_the_new(
    house: House, runtime: Runtime
) -> None:
    house.check([house.photo])
    calls: list[int] = []
    serving = runtime.vectors.serving()
    original = serving.encoder.encode

    def counted(pictures: list[RGB]) -> Any:
        calls.append(len(pictures))
        return original(pictures)

    serving.encoder.encode = counted  # type: ignore[method-assign]
    old = {"sha256": hashlib.sha256(house.photo).hexdigest()}
    new = {"data": base64.b64encode(png(textured(3))).decode()}
    answer = house.client.post(
        "/v1/listings/checks",
        json={"reference": "L-1", "seller": "shop-1", "pictures": [old, new]},
        headers=house.platform,
    )
    assert answer.status_code == 201, answer.text
    whole, _parts, renderings = calls
    assert (whole, renderings) == (1, 3), "the new one as a whole, then its parts; the old one's renderings"


def test_a_digest_that_only_somebody_else_sent_is_unknown(
    house: House, key_for: Callable[..., dict[str, str]]
) -> None:
    house.check([house.photo])
    answer = house.client.post(
        "/v1/listings/checks",
        json={
            "reference": "X",
            "seller": "s",
            "pictures": [{"sha256": hashlib.sha256(house.photo).hexdigest()}],
        },
        headers=key_for(Role.PLATFORM, "Other market"),
    )
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/picture-unknown"
    assert answer.json()["picture"] == 0


def test_a_broken_picture_is_refused_by_its_place_and_nothing_is_kept(
    house: House, key_for: Callable[..., dict[str, str]]
) -> None:
    answer = house.check([house.photo, house.photo[:200]], reference="broken")
    assert answer.status_code == 422
    assert answer.json()["picture"] == 1
    listed = house.client.get("/v1/decisions", headers=key_for(Role.AUDITOR)).json()["items"]
    assert listed == []


def test_a_listing_without_pictures_is_refused(house: House) -> None:
    answer = house.client.post(
        "/v1/listings/checks", json={"reference": "L", "seller": "s"}, headers=house.platform
    )
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/no-picture"


def test_what_cannot_be_done_in_time_is_review_pending_and_finished_later(
    house: House, runtime: Runtime, key_for: Callable[..., dict[str, str]]
) -> None:
    answer = house.check([house.photo], budget_seconds=1e-6)
    assert answer.status_code == 201
    assert answer.json()["decision"] == "review_pending"
    assert codes(answer) == ["Q-TIMEOUT"]
    until = datetime.now(UTC) + timedelta(seconds=20)
    decisions: list[str] = []
    while datetime.now(UTC) < until and "review" not in decisions:
        listed = house.client.get("/v1/decisions", headers=key_for(Role.AUDITOR)).json()["items"]
        decisions = [line["decision"] for line in listed]
    assert decisions == ["review_pending", "review"]


def test_a_batch_decides_each_listing_and_reports_the_one_that_cannot_be(house: House) -> None:
    picture = {"data": base64.b64encode(house.photo).decode()}
    listings = [
        {"reference": "B-1", "seller": "s", "pictures": [picture]},
        {"reference": "B-2", "seller": "s", "pictures": [{"sha256": "0" * 64}]},
        {"reference": "B-3", "seller": "s", "pictures": [picture]},
    ]
    accepted = house.client.post(
        "/v1/listings/checks:batch", json={"listings": listings}, headers=house.platform
    )
    assert accepted.status_code == 202, accepted.text
    job: dict[str, Any] = {"state": "queued"}
    until = datetime.now(UTC) + timedelta(seconds=30)
    while job["state"] in ("queued", "running") and datetime.now(UTC) < until:
        job = house.client.get(accepted.headers["location"], headers=house.platform).json()
    assert job["state"] == "done", job
    decided = job["result"]["decisions"]
    assert [each.get("decision") for each in decided] == ["review", None, "review"]
    assert decided[1]["problem"]["type"] == "/problems/picture-unknown"


def test_a_decision_is_read_again_in_the_view_of_the_reader(
    house: House, key_for: Callable[..., dict[str, str]]
) -> None:
    decided = house.check([house.photo]).json()
    address = f"/v1/decisions/{decided['id']}"
    assert house.client.get(address, headers=house.platform).json() == decided
    inspector = house.client.get(address, headers=key_for(Role.INSPECTOR)).json()
    best = inspector["candidates"][0]
    assert (best["band"], best["brand_name"], best["product_name"]) == ("strong", "Kumoru", "Kumoru tea")
    own = house.client.get(address, headers=house.owner).json()
    assert own["candidates"][0]["reference_id"] == house.reference_id
    assert "shop-1" not in json.dumps(own)
    assert house.client.get(address, headers=key_for(Role.BRAND_OWNER, "Rival")).status_code == 404
    assert house.client.get(address, headers=key_for(Role.PLATFORM, "Other")).status_code == 404


def test_an_appeal_is_resolved_by_a_second_person(
    house: House, key_for: Callable[..., dict[str, str]]
) -> None:
    decided = house.check([house.photo]).json()
    lodged = house.client.post(
        f"/v1/decisions/{decided['id']}/appeals", json={"text": "I bought it."}, headers=house.platform
    )
    assert lodged.status_code == 201, lodged.text
    address = f"{lodged.headers['location']}/resolution"
    same = house.client.post(address, json={"upheld": True, "note": "ok"}, headers=house.platform)
    assert same.status_code == 409
    other = key_for(Role.PLATFORM, "Market")
    resolved = house.client.post(address, json={"upheld": True, "note": "receipt seen"}, headers=other)
    assert resolved.status_code == 201, resolved.text
    assert resolved.json()["state"] == "upheld"
    verdicts = house.client.get(f"/v1/decisions/{decided['id']}/verdicts", headers=other).json()
    assert [verdict["outcome"] for verdict in verdicts] == ["genuine"]


def test_an_allowed_listing_cannot_be_appealed(house: House) -> None:
    decided = house.check([png(textured(99))]).json()
    answer = house.client.post(
        f"/v1/decisions/{decided['id']}/appeals", json={"text": "why"}, headers=house.platform
    )
    assert answer.status_code == 409
