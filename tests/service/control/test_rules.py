"""Rules in shadow: proposed by measurement, put live by two people, taken back by measurement alone."""

from __future__ import annotations

from service.screening.findings import RuleStatus
from service.security.principals import Role
from service.verdicts.models import VerdictOutcome

from .conftest import House

RIGHT, WRONG = VerdictOutcome.COUNTERFEIT, VerdictOutcome.GENUINE


def proposals(house: House) -> list[dict[str, str]]:
    found = house.client.get("/v1/policies/switches", headers=house.admin).json()["items"]
    return [each for each in found if each["state"] == "proposed"]


def sign(house: House, switch: str) -> dict[str, str]:
    answer = house.client.post(f"/v1/policies/switches/{switch}/signature", headers=house.admin)
    assert answer.status_code == 201, answer.text
    signed: dict[str, str] = answer.json()
    return signed


def status(house: House, rule: str) -> object:
    return house.rule(rule)["status"]


def test_300_faultless_findings_propose_a_rule_that_blocks(house: House) -> None:
    house.judged(300, RIGHT, rule="6")
    assert "rule_proposed" in house.look()
    (proposal,) = proposals(house)
    assert (proposal["rule"], proposal["status"]) == ("6", "live")
    assert "300 of 300 findings confirmed" in proposal["reason"]


def test_299_do_not_for_the_policy_asks_for_300(house: House) -> None:
    house.judged(299, RIGHT, rule="6")
    assert "rule_proposed" not in house.look()
    assert house.rule("6")["missing"] == 1


def test_it_is_proposed_once(house: House) -> None:
    house.judged(300, RIGHT, rule="6")
    house.look()
    assert "rule_proposed" not in house.look()
    assert len(proposals(house)) == 1


def test_a_proposal_by_measurement_takes_two_people(house: House) -> None:
    house.judged(300, RIGHT, rule="6")
    house.look()
    (proposal,) = proposals(house)
    endorsed = sign(house, proposal["id"])
    assert endorsed["state"] == "proposed"
    assert status(house, "6") == "shadow"
    assert sign(house, proposal["id"])["state"] == "in_force"
    assert status(house, "6") == "live"


def test_one_person_cannot_sign_twice(house: House) -> None:
    house.judged(300, RIGHT, rule="6")
    house.look()
    (proposal,) = proposals(house)
    one = house.admin
    path = f"/v1/policies/switches/{proposal['id']}/signature"
    assert house.client.post(path, headers=one).status_code == 201
    assert house.client.post(path, headers=one).status_code == 409


def put_live(house: House, rule: str) -> None:
    wanted = {"rule": rule, "status": "live", "reason": "measured"}
    proposed = house.client.post("/v1/policies/switches", json=wanted, headers=house.admin).json()
    sign(house, proposed["id"])


def test_a_wrong_block_takes_the_rule_back_without_anybody(house: House) -> None:
    put_live(house, "6")
    house.judged(10, RIGHT, rule="6", decision="block")
    house.judged(1, WRONG, rule="6", decision="block")
    assert "rule_withdrawn" in house.look()
    assert status(house, "6") == "shadow"


def test_a_rule_put_live_by_the_operators_setting_is_taken_back_too(house: House) -> None:
    house.settings["6"] = RuleStatus.LIVE
    house.judged(1, WRONG, rule="6", decision="block")
    assert "rule_withdrawn" in house.look()


def test_findings_from_before_do_not_propose_it_again(house: House) -> None:
    put_live(house, "6")
    house.judged(300, RIGHT, rule="6")
    house.judged(1, WRONG, rule="6", decision="block")
    house.look()
    assert "rule_proposed" not in house.look()


def test_a_rule_that_only_would_have_reviewed_is_measured_by_what_it_would_have_found(house: House) -> None:
    house.judged(30, RIGHT, rule="14", decision="allow", shadow="counterfeit-copy-alone")
    assert "rule_proposed" in house.look()
    assert [each["rule"] for each in proposals(house)] == ["counterfeit-copy-alone"]


def test_a_rule_that_is_shipped_live_is_left_alone(house: House) -> None:
    house.judged(50, WRONG, rule="9")
    house.look()
    assert status(house, "9") == "live"
    assert house.rule("9")["findings"]["wrong"] == 50  # type: ignore[index]


def test_verdicts_that_cannot_tell_count_neither_way(house: House) -> None:
    house.judged(5, VerdictOutcome.CANNOT_TELL, rule="9")
    found = house.rule("9")["findings"]
    assert found["cannot_tell"] == 5  # type: ignore[index]
    assert found["share"] is None  # type: ignore[index]


def test_precision_is_told_by_brand_with_both_bounds(house: House) -> None:
    house.judged(9, RIGHT, rule="10")
    house.judged(1, WRONG, rule="10")
    found = house.rule("10")["brands"][house.brand_id]  # type: ignore[index]
    assert (found["right"], found["wrong"], found["share"]) == (9, 1, 0.9)
    assert (round(found["lower"], 3), round(found["upper"], 3)) == (0.606, 0.995)
    assert (round(found["wilson"][0], 3), round(found["wilson"][1], 3)) == (0.596, 0.982)


def test_the_marketplace_does_not_learn_how_sure_the_house_is(house: House) -> None:
    for path in ("rules", "brands", "calibration", "drift", "events"):
        answer = house.client.get(f"/v1/control/{path}", headers=house.key_for(Role.PLATFORM, "Market"))
        assert answer.status_code == 403, path
