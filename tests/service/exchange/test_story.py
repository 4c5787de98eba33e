"""The story from end to end, between two houses in one process."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.exchange.models import PictureState
from service.security.principals import Role
from tests.service.exchange.conftest import Both
from tests.service.exchange.houses import Side
from tests.service.listings.conftest import png, textured
from tests.service.listings.test_checks import jpeg

pytestmark = pytest.mark.both_engines

COUNTERFEIT = textured(1, detail=9)
"""Much like the genuine photo as a whole, and another photo."""


def enrol_genuine(side: Side, brand_id: str) -> None:
    owner = side.key(Role.BRAND_OWNER, "Ohashi")
    product = side.client.post(
        f"/v1/brands/{brand_id}/products",
        json={"sku": "K-1", "name": "Tea", "category": "tea"},
        headers=owner,
    ).json()["id"]
    answer = side.client.post(
        f"/v1/products/{product}/references", files={"file": ("a.png", png(textured(1)))}, headers=owner
    )
    assert answer.status_code == 201, answer.text


def let_block(side: Side, brand_id: str) -> None:
    answer = side.client.patch(f"/v1/brands/{brand_id}", json={"auto_block": True}, headers=side.admin)
    assert answer.status_code == 200, answer.text


def check(side: Side, picture: bytes, reference: str) -> Any:
    answer = side.client.post(
        "/v1/listings/checks",
        data={"listing": json.dumps({"reference": reference, "seller": "shop"})},
        files=[("pictures", ("a", picture))],
        headers=side.key(Role.PLATFORM, "Market"),
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def decided(side: Side, reference: str) -> tuple[str, set[str]]:
    found = check(side, jpeg(COUNTERFEIT, 40), reference)
    return found["decision"], {each["code"] for each in found["reasons"]}


def market_with_brand(both: Both) -> str:
    brand = both.market.brand()
    enrol_genuine(both.market, brand)
    let_block(both.market, brand)
    return brand


def test_what_customs_confirms_blocks_at_the_marketplace_until_customs_withdraws_it(both: Both) -> None:
    market_with_brand(both)
    both.customs.share("Market", shares_pictures=True)
    before = decided(both.market, "before")
    assert "K-COPY" not in before[1]

    confirmed = both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    assert both.market.visit()["failed"] == 0
    assert decided(both.market, "while it stands")[0] == "block"
    assert "K-COPY" in decided(both.market, "while it stands, again")[1]

    both.customs.take_back(confirmed)
    both.market.visit()
    assert decided(both.market, "after") == before
    assert both.market.signals() == []


def test_a_push_brings_it_without_a_poll_of_the_recipient(both: Both) -> None:
    both.customs.share("Market")
    both.market.visit()
    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    assert both.customs.visit()["posted"] == 1
    assert len(both.market.signals()) == 1
    assert both.customs.partner("Market")["delivered"] == 1


def test_a_hash_without_its_picture_is_a_candidate_and_blocks_nothing(both: Both) -> None:
    market_with_brand(both)
    both.customs.share("Market")
    before = decided(both.market, "before")
    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    both.market.visit()
    assert decided(both.market, "after")[0] == before[0]
    signal = shared_signal(both.market, jpeg(COUNTERFEIT, 40))
    assert signal["strength"] == 1
    assert signal["evidence"]["hash_distance"] <= 31


def shared_signal(side: Side, picture: bytes) -> Any:
    found = check(side, picture, "asked")
    auditor = side.key(Role.AUDITOR, "Operator")
    record = side.client.get(f"/v1/decisions/{found['id']}", headers=auditor).json()["record"]
    return next(each for each in record["findings"]["signals"] if each["code"] == "S3")


def test_a_disputed_signal_blocks_nothing_and_says_so_to_its_sender(both: Both) -> None:
    market_with_brand(both)
    both.customs.share("Market", shares_pictures=True)
    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    both.market.visit()
    [signal] = both.market.signals()
    assert signal["picture"] == PictureState.KEPT
    both.market.ask("PUT", f"/signals/{signal['id']}/opinion", json={"opinion": "disputes"})
    assert decided(both.market, "disputed")[0] != "block"

    both.market.ask("PUT", f"/signals/{signal['id']}/opinion", json={"opinion": "confirms"})
    assert decided(both.market, "confirmed")[0] == "block"


def test_a_picture_that_copies_ones_own_genuine_photo_is_never_verified_by_a_partner(both: Both) -> None:
    """Customs was shown a stolen photo; the marketplace knows whose it is."""
    brand = market_with_brand(both)
    assert brand
    both.customs.share("Market", shares_pictures=True)
    both.customs.confirm(both.customs.brand(), png(textured(1)))
    both.market.visit()
    assert shared_signal(both.market, jpeg(textured(1), 40))["strength"] == 1


def test_the_end_of_the_partnership_takes_everything_along_on_both_sides(both: Both) -> None:
    market_with_brand(both)
    both.customs.share("Market", shares_pictures=True)
    before = decided(both.market, "before")
    both.customs.confirm(both.customs.brand(), png(COUNTERFEIT))
    both.market.visit()
    folder = both.market.runtime.settings.data_dir / "partner-pictures"
    assert [each for each in folder.rglob("*") if each.is_file()]

    both.customs.ask("DELETE", f"/partners/{both.customs.partners['Market']}", 204)
    both.market.visit()
    assert both.market.signals() == []
    assert decided(both.market, "after") == before
    assert not [each for each in folder.rglob("*") if each.is_file()]
