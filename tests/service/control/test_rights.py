"""The auto-block right: earned by proof, kept by precision, lost by itself."""

from __future__ import annotations

from datetime import timedelta

from service.verdicts.models import VerdictOutcome

from .conftest import House

RIGHT, WRONG = VerdictOutcome.COUNTERFEIT, VerdictOutcome.GENUINE


def test_29_notices_upheld_without_a_miss_earn_the_right(house: House) -> None:
    house.judged(29, RIGHT)
    assert house.look() == ["right_earned", "calibrated"]
    assert house.may_block()


def test_28_are_not_enough_and_one_more_is_asked_for(house: House) -> None:
    house.judged(28, RIGHT)
    house.look()
    assert not house.may_block()
    (brand,) = house.get("/brands")["items"]  # type: ignore[index]
    assert brand["verdict"] == "waits"
    assert brand["missing"] == 1


def test_notices_older_than_six_months_count_for_nothing(house: House) -> None:
    house.judged(60, RIGHT, ago=timedelta(days=184))
    house.look()
    assert not house.may_block()


def test_a_share_of_85_percent_does_not_earn_it_however_many_there_are(house: House) -> None:
    house.judged(170, RIGHT)
    house.judged(30, WRONG)
    house.look()
    assert not house.may_block()


def test_one_wrong_block_of_fifty_loses_it(house: House) -> None:
    house.let_block(True)
    house.judged(49, RIGHT, rule="6", decision="block")
    house.judged(1, WRONG, rule="6", decision="block")
    assert "right_lost" in house.look()
    assert not house.may_block()


def test_one_wrong_block_of_two_hundred_does_not(house: House) -> None:
    house.let_block(True)
    house.judged(199, RIGHT, rule="6", decision="block")
    house.judged(1, WRONG, rule="6", decision="block")
    house.look()
    assert house.may_block()


def test_wrong_reviews_do_not_take_the_right_away(house: House) -> None:
    house.let_block(True)
    house.judged(10, WRONG)
    house.look()
    assert house.may_block()


def test_what_is_lost_is_not_earned_again_by_the_same_notices(house: House) -> None:
    house.judged(100, RIGHT)
    house.look()
    house.judged(1, WRONG, rule="6", decision="block", ago=timedelta(seconds=-1))
    assert "right_lost" in house.look()
    assert "right_earned" not in house.look()
    assert not house.may_block()


def test_new_notices_earn_it_again(house: House) -> None:
    house.let_block(True)
    house.judged(1, WRONG, rule="6", decision="block", ago=timedelta(days=30))
    house.look()
    house.shift_events(timedelta(days=20))
    house.judged(29, RIGHT)
    assert "right_earned" in house.look()


def test_what_an_administrator_took_away_is_not_given_back(house: House) -> None:
    house.judged(40, RIGHT)
    house.look()
    house.let_block(False)
    assert "right_earned" not in house.look()
    (brand,) = house.get("/brands")["items"]  # type: ignore[index]
    assert brand["verdict"] == "taken_away"


def test_it_is_in_the_events_and_in_the_audit_log(house: House) -> None:
    house.judged(40, RIGHT)
    house.look()
    events = house.get("/events")["items"]  # type: ignore[index]
    assert "right_earned" in [event["kind"] for event in events]
    entries = house.client.get("/v1/audit/entries?limit=200", headers=house.admin).json()
    assert "control.right-earned" in [entry["action"] for entry in entries["items"]]
