"""One case from find to end, over HTTP, with its clock."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from service.runtime import Runtime
from service.security.principals import Role

from .conftest import MORNING, Headers, Port


def test_a_case_takes_over_brand_pictures_and_evidence_of_the_decision(port: Port) -> None:
    case = port.open(goods={"article": "bag", "quantity": "2"})
    assert case["state"] == "found"
    assert case["brand_id"] == port.brand_id
    assert len(case["pictures"]) == 2
    assert case["evidence"] == f"/v1/decisions/{port.decision_id}/evidence"
    assert case["possible_steps"] == ["detained", "notified", "released"]


def test_the_clock_of_a_notice_before_golden_week_ends_after_it(port: Port) -> None:
    case = port.open()
    notified = port.steps(case["id"], "notified")
    assert notified["next_due"]["key"] == "importer_dispute"
    assert notified["next_due"]["last_day"] == "2026-05-15"
    assert notified["next_due"]["due_at"] == "2026-05-15T15:00:00Z"
    assert notified["next_due"]["due_at_local"] == "2026-05-16 00:00 Asia/Tokyo"
    assert not notified["overdue"]


def test_goods_that_turn_out_to_perish_have_their_deadlines_computed_again(port: Port) -> None:
    case_id = port.open()["id"]
    port.steps(case_id, "notified")
    changed = port.client.patch(
        f"/v1/cases/{case_id}", json={"perishable": True, "why": "fresh fruit"}, headers=port.inspector
    )
    assert changed.status_code == 200, changed.text
    assert changed.json()["next_due"]["last_day"] == "2026-05-01"


def test_silence_is_known_only_once_the_time_of_the_importer_is_over(port: Port) -> None:
    case_id = port.open()["id"]
    port.steps(case_id, "notified")
    port.clock.at = datetime(2026, 5, 15, 14, 59, tzinfo=UTC)
    early = port.step(case_id, "silent")
    assert early.status_code == 409
    assert "2026-05-15T15:00:00+00:00" in early.json()["detail"]
    port.clock.at = datetime(2026, 5, 15, 15, tzinfo=UTC)
    assert port.step(case_id, "disputed").status_code == 409
    assert port.steps(case_id, "silent")["state"] == "silent"


def test_the_simplified_branch_goes_from_silence_to_the_end_without_an_opinion(port: Port) -> None:
    case_id = port.open()["id"]
    port.steps(case_id, "notified")
    port.clock.at = MORNING + timedelta(days=30)
    done = port.steps(case_id, "silent", "decided:counterfeit", "destroyed")
    assert (done["state"], done["outcome"]) == ("destroyed", "counterfeit")
    assert done["next_due"] is None
    assert done["possible_steps"] == []


def test_a_disputed_case_hears_both_sides_before_it_is_decided(port: Port) -> None:
    case_id = port.open()["id"]
    port.steps(case_id, "notified")
    port.clock.at = MORNING + timedelta(days=3)
    port.steps(case_id, "disputed")
    assert port.step(case_id, "decided", outcome="genuine").status_code == 409
    done = port.steps(
        case_id, "opinions_invited", "importer_answered", "evidence_gathered", "decided:genuine", "released"
    )
    assert done["state"] == "released"
    clocks = port.clocks(case_id)
    assert clocks["importer_evidence"]["state"] == "met"
    assert clocks["holder_opinion"]["state"] == "lapsed"


def test_one_extension_is_granted_in_the_eu_and_no_second_one(port: Port) -> None:
    port.clock.at = datetime(2026, 12, 17, 9, tzinfo=UTC)
    case_id = port.open(profile="eu-608-2013", country="DE")["id"]
    port.steps(case_id, "detained", "notified")
    assert port.clocks(case_id)["holder_opinion"]["last_day"] == "2027-01-04"
    address = f"/v1/cases/{case_id}/extension"
    asked = {"why": "the laboratory needs longer"}
    first = port.client.post(address, json=asked, headers=port.inspector)
    assert first.status_code == 201, first.text
    assert port.clocks(case_id)["holder_opinion"]["last_day"] == "2027-01-18"
    second = port.client.post(address, json=asked, headers=port.inspector)
    assert second.status_code == 409
    assert "once" in second.json()["detail"]


def test_japan_knows_no_extension(port: Port) -> None:
    case_id = port.open()["id"]
    port.steps(case_id, "notified")
    refused = port.client.post(
        f"/v1/cases/{case_id}/extension", json={"why": "please"}, headers=port.inspector
    )
    assert refused.status_code == 409


def test_every_step_is_kept_and_audited_with_who_and_why(port: Port, key_for: Callable[..., Headers]) -> None:
    case_id = port.open()["id"]
    port.steps(case_id, "notified")
    listed = port.client.get(f"/v1/cases/{case_id}/steps", headers=port.inspector).json()
    assert [(each["step"], each["why"]) for each in listed] == [
        ("opened", "the stitching looks wrong"),
        ("notified", "notified as it should be"),
    ]
    entries = port.client.get(
        "/v1/audit/entries", params={"object_id": case_id}, headers=key_for(Role.AUDITOR, "Audit")
    ).json()["items"]
    assert [each["action"] for each in entries] == ["case.opened", "case.notified"]
    assert {each["key_id"] for each in entries} == {listed[0]["done_by"]}
    assert entries[1]["detail"]["why"] == "notified as it should be"


def test_a_second_case_on_the_same_decision_is_refused_while_the_first_is_open(port: Port) -> None:
    first = port.open()
    body = {
        "subject": {"kind": "decision", "id": port.decision_id},
        "profile": "us-cbp-133",
        "why": "once more",
    }
    again = port.client.post("/v1/cases", json=body, headers=port.inspector)
    assert again.status_code == 409
    assert again.json()["case_id"] == first["id"]
    port.steps(first["id"], "released")
    assert port.open()["id"] != first["id"]


def test_a_procedure_that_does_not_apply_there_is_refused(port: Port) -> None:
    for fields in ({"profile": "mars"}, {"country": "US"}, {"profile": "eu-608-2013"}):
        body = {
            "subject": {"kind": "decision", "id": port.decision_id},
            "profile": "jp-identification",
            "why": "x",
        }
        refused = port.client.post("/v1/cases", json=body | fields, headers=port.inspector)
        assert refused.status_code == 422, refused.text
        assert refused.json()["type"] == "/problems/clock-unknown"


def test_what_is_overdue_is_found_by_asking_for_it(port: Port) -> None:
    case_id = port.open()["id"]
    port.steps(case_id, "notified")

    def overdue() -> list[str]:
        page = port.client.get("/v1/cases", params={"overdue": True}, headers=port.inspector).json()
        return [each["id"] for each in page["items"] if each["overdue"]]

    assert overdue() == []
    port.clock.at = datetime(2026, 5, 15, 15, tzinfo=UTC)
    assert overdue() == [case_id]
    port.steps(case_id, "silent")
    assert overdue() == []


def test_names_are_kept_apart_encrypted_and_their_reading_is_on_record(
    port: Port, runtime: Runtime, key_for: Callable[..., Headers]
) -> None:
    case_id = port.open()["id"]
    party = {"role": "importer", "name": "山田太郎", "address": "1-1 Kaigan"}
    added = port.client.post(f"/v1/cases/{case_id}/parties", json=party, headers=port.inspector)
    assert added.status_code == 201, added.text
    assert "山田" not in json.dumps(port.case(case_id), ensure_ascii=False)
    with runtime.database.read() as session:
        (kept,) = session.execute(text("select sealed from case_parties")).scalars()
    assert "Kaigan" not in kept
    read = port.client.get(f"/v1/cases/{case_id}/parties", headers=port.inspector).json()
    assert read[0]["name"] == "山田太郎"
    assert port.client.get(f"/v1/cases/{case_id}/parties", headers=port.owner).status_code == 403
    entries = port.client.get(
        "/v1/audit/entries", params={"object_id": case_id}, headers=key_for(Role.AUDITOR, "Audit")
    ).json()["items"]
    assert entries[-1]["action"] == "case.parties_read"
    assert "山田" not in json.dumps(entries, ensure_ascii=False)


def test_a_brand_owner_sees_its_own_case_without_whoever_is_behind_it(
    port: Port, key_for: Callable[..., Headers]
) -> None:
    case_id = port.open(goods={"article": "bag"})["id"]
    port.steps(case_id, "notified")
    seen = port.case(case_id, port.owner)
    assert seen["article"] == "bag"
    assert "subject" not in seen
    assert "pictures" not in seen
    stranger = key_for(Role.BRAND_OWNER, "Ishii")
    assert port.client.get(f"/v1/cases/{case_id}", headers=stranger).status_code == 404


def test_a_marketplace_sees_the_cases_of_its_own_listings_alone(
    port: Port, key_for: Callable[..., Headers]
) -> None:
    case_id = port.open()["id"]
    assert port.case(case_id, port.market)["id"] == case_id
    bazaar = key_for(Role.PLATFORM, "Bazaar")
    assert port.client.get(f"/v1/cases/{case_id}", headers=bazaar).status_code == 404
    assert port.client.get("/v1/cases", headers=bazaar).json()["items"] == []


def test_clocks_are_listed_with_their_sources(port: Port) -> None:
    listed = port.client.get("/v1/clocks", headers=port.owner).json()
    assert [each["id"] for each in listed] == ["eu-608-2013", "jp-identification", "us-cbp-133"]
    assert all(rule["source"] for each in listed for rule in each["deadlines"])
