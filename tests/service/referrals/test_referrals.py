"""A referral over HTTP: machine text and own words apart, every version kept."""

from __future__ import annotations

from typing import Any

import pypdfium2
import pytest

from tests.service.cases.conftest import Port


def drafted(port: Port, case_id: str, language: str = "ja") -> dict[str, Any]:
    answer = port.client.post(
        f"/v1/cases/{case_id}/referrals", json={"language": language}, headers=port.inspector
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def revised(port: Port, referral_id: str, **own: str) -> dict[str, Any]:
    answer = port.client.post(
        f"/v1/referrals/{referral_id}/revision", json={"own": own}, headers=port.inspector
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def fields(shown: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["field"]: each for each in shown["fields"]}


def read(port: Port, referral_id: str) -> dict[str, Any]:
    found: dict[str, Any] = port.client.get(f"/v1/referrals/{referral_id}", headers=port.inspector).json()
    return found


def test_a_draft_has_the_fields_of_the_form_with_dates_and_observations(port: Port) -> None:
    case_id = port.open(goods={"article": "かばん"}, presented_at="2026-04-24T02:00:00Z")["id"]
    found = fields(drafted(port, case_id))
    assert found["article"]["text"] == "かばん"
    assert found["presented_on"]["text"] == "令和8年4月24日"
    assert found["found_on"]["text"] == "令和8年4月27日"
    assert "過去に確認された事案の画像の複製" in found["reason"]["text"]


def test_own_words_stand_beside_the_machines_and_earlier_versions_stay(port: Port) -> None:
    case_id = port.open()["id"]
    first = drafted(port, case_id)
    second = revised(port, first["id"], reason="縫い目が粗い。", quantity="12点")
    assert (first["version"], second["version"]) == (1, 2)
    changed, before = fields(second), fields(first)
    assert changed["reason"]["machine"] == before["reason"]["machine"]
    assert changed["reason"]["own"] == changed["reason"]["text"] == "縫い目が粗い。"
    assert fields(read(port, first["id"])) == before
    third = revised(port, second["id"], reason="")
    assert fields(third)["reason"]["text"] == before["reason"]["machine"]
    assert fields(third)["quantity"]["text"] == "12点"
    listed = port.client.get(f"/v1/cases/{case_id}/referrals", headers=port.inspector).json()
    assert [each["version"] for each in listed] == [1, 2, 3]


def test_a_new_draft_takes_new_facts_keeps_own_words_and_leaves_the_old_draft(port: Port) -> None:
    case_id = port.open()["id"]
    first = drafted(port, case_id)
    second = revised(port, first["id"], quantity="12点")
    changed = {"goods": {"article": "財布"}, "why": "looked inside"}
    port.client.patch(f"/v1/cases/{case_id}", json=changed, headers=port.inspector).raise_for_status()
    assert fields(read(port, second["id"]))["article"]["machine"] == "不明"
    third = drafted(port, case_id)
    assert fields(third)["article"]["machine"] == "財布"
    assert fields(third)["quantity"]["own"] == "12点"
    assert third["version"] == 3


def test_words_are_put_into_the_latest_version_alone(port: Port) -> None:
    first = drafted(port, port.open()["id"])
    second = revised(port, first["id"], reason="a")
    refused = port.client.post(
        f"/v1/referrals/{first['id']}/revision", json={"own": {"reason": "b"}}, headers=port.inspector
    )
    assert refused.status_code == 409
    assert refused.json()["latest_id"] == second["id"]


def test_each_language_has_versions_of_its_own(port: Port) -> None:
    case_id = port.open()["id"]
    assert [drafted(port, case_id, language)["version"] for language in ("ja", "en", "ja")] == [1, 1, 2]


@pytest.mark.parametrize(("language", "reason"), [("ja", "所見"), ("en", "Reason for suspicion")])
def test_the_document_prints_with_addressee_and_says_whose_words_are_whose(
    port: Port, language: str, reason: str
) -> None:
    case_id = port.open()["id"]
    party = {"role": "addressee", "name": "山田太郎", "address": "東京都港区海岸1-1"}
    port.client.post(f"/v1/cases/{case_id}/parties", json=party, headers=port.inspector).raise_for_status()
    written = revised(port, drafted(port, case_id, language)["id"], content="手提げかばん")
    printed = port.client.get(f"/v1/referrals/{written['id']}/document", headers=port.inspector)
    assert printed.headers["content-type"] == "application/pdf"
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(printed.content)]
    text = "".join(pages)
    assert len(pages) == 1
    for wanted in (reason, "山田太郎", "手提げかばん", "職員" if language == "ja" else "officer"):
        assert wanted in text


def test_a_brand_owner_reads_no_referral(port: Port) -> None:
    written = drafted(port, port.open()["id"])
    assert port.client.get(f"/v1/referrals/{written['id']}", headers=port.owner).status_code == 403
