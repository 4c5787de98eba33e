"""Which parcel first, why, and what the random sample says."""

from __future__ import annotations

import pytest

from service.parcels.traits import NAMES
from service.screening.parcel_outcome import Advice
from service.worklist.chances import ChanceModel, shipped_chances
from service.worklist.ranking import Minutes, Waiting, Worth, measured_minutes, ranked
from service.worklist.service import share
from tests.service.listings.conftest import png, textured
from tests.service.parcels.conftest import SENDER, Customs, customs, jpeg

__all__ = ["customs"]

MODEL = ChanceModel("by hand", {"S9_strong": 2.0, "S1_strong": 1.0, "released": -3.0}, -4.0, {})
UNTIMED = Minutes({}, None)


def waiting(name: str, advice: Advice = Advice.EXAMINE, quantity: int = 1, **traits: float) -> Waiting:
    return Waiting(name, f"ins_{name}", name, advice, traits, quantity, sampled=False)


def order(*parcels: Waiting, minutes: Minutes = UNTIMED, worth: Worth = Worth.FINDINGS) -> list[str]:
    return [each.parcel.parcel_id for each in ranked(parcels, MODEL, minutes, worth)]


def test_what_is_likelier_comes_first_with_its_reasons() -> None:
    found = ranked(
        [waiting("a"), waiting("b", S1_strong=1.0, S9_strong=1.0), waiting("c", S1_strong=1.0)],
        MODEL,
        UNTIMED,
        Worth.FINDINGS,
    )
    assert [each.parcel.parcel_id for each in found] == ["b", "c", "a"]
    assert [each.reasons for each in found] == [("S9_strong", "S1_strong"), ("S1_strong",), ()]
    assert found[0].per_hour == pytest.approx(60 / (1 + 2.718281828))


def test_what_takes_long_comes_later() -> None:
    minutes = Minutes({Advice.REFER: 30.0, Advice.EXAMINE: 2.0}, 5.0)
    slow = waiting("a", Advice.REFER, S9_strong=1.0)
    assert order(slow, waiting("b", S1_strong=1.0), minutes=minutes) == ["b", "a"]
    assert order(slow, waiting("b", S1_strong=1.0)) == ["a", "b"]


def test_articles_count_where_they_are_asked_for() -> None:
    many, few = waiting("a", quantity=40), waiting("b", S1_strong=1.0)
    assert order(many, few) == ["b", "a"]
    assert order(many, few, worth=Worth.ARTICLES) == ["a", "b"]


def test_a_mean_is_used_once_enough_parcels_were_timed() -> None:
    few = measured_minutes([(Advice.REFER, 20.0)] * 4)
    assert few.of(Advice.REFER) == (1.0, False)
    some = measured_minutes([*[(Advice.REFER, 20.0)] * 5, (Advice.EXAMINE, 2.0)])
    assert some.of(Advice.REFER) == (20.0, True)
    assert some.of(Advice.EXAMINE) == (17.0, True)


def test_the_shipped_chances_speak_of_traits_that_there_are() -> None:
    assert set(shipped_chances().weights) <= set(NAMES)
    assert shipped_chances().source["command"]


def test_the_list_is_in_the_order_of_expected_findings(customs: Customs) -> None:
    customs.record_right()
    for _ in range(3):
        stopped = customs.inspected(jpeg(textured(1)), sender=SENDER)["parcel"]["id"]
        customs.decide(stopped, "counterfeit", minutes=12)
    plain = customs.inspected(png(textured(77)), reference="plain")["parcel"]["id"]
    known = customs.inspected(jpeg(textured(1)), sender=SENDER, reference="known")["parcel"]["id"]
    shown = customs.client.get("/v1/worklist?top=1", headers=customs.officer).json()
    assert (shown["waiting"], [each["parcel_id"] for each in shown["items"]]) == (2, [known])
    assert "rank.history" in [each["key"] for each in shown["items"][0]["reasons"]]
    customs.client.post(f"/v1/parcels/{known}/opening", headers=customs.officer)
    left = customs.client.get("/v1/worklist", headers=customs.officer).json()
    assert [each["parcel_id"] for each in left["items"]] == [plain]


def test_the_interval_of_a_share_is_exact() -> None:
    found = share(2, 10)
    assert (found.low, found.high) == pytest.approx((0.0252, 0.5561), abs=1e-4)
    assert (share(0, 0).low, share(0, 0).high) == (0.0, 1.0)


def test_what_advice_came_to_is_counted(customs: Customs) -> None:
    customs.record_right()
    for outcome in ("counterfeit", "genuine", "cannot_tell"):
        customs.decide(customs.inspected(jpeg(textured(1)))["parcel"]["id"], outcome)
    found = customs.client.get("/v1/worklist/measure", headers=customs.officer).json()
    assert (found["agreed"]["count"], found["agreed"]["of"]) == (1, 2)
