"""A right holder who signs in sees what it is asked about its own brands, answers it, and sees no more than that."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from service.security.principals import Role
from tests.service.cases.conftest import MORNING, Headers, Port

from .test_links import asked, link

REQUESTS = "/v1/opinion-requests"


def listed(port: Port, headers: Headers | None = None, **query: Any) -> list[dict[str, Any]]:
    found = port.client.get(REQUESTS, params=query, headers=headers or port.owner)
    assert found.status_code == 200, found.text
    items: list[dict[str, Any]] = found.json()["items"]
    return items


def answer(port: Port, link_id: str, **fields: Any) -> Any:
    opinion = {"answer": "counterfeit", "reason": "the zip is not ours", **fields}
    return port.client.post(
        f"{REQUESTS}/{link_id}/opinion",
        headers=port.owner,
        data={"opinion": json.dumps(opinion)},
        files=[("files", ("zip.png", port.pictures[0]))],
    )


def test_what_waits_is_listed_with_its_clock(port: Port) -> None:
    case_id, made = asked(port)
    (line,) = listed(port, waiting=True)
    assert line["id"] == made["id"]
    assert line["case_id"] == case_id
    assert line["brand"] == "Kumoru"
    assert line["standing"] == "waiting"
    assert line["answer_by_local"] == "2026-05-13 00:00 Europe/Berlin"
    assert "article 23" in line["clock"]


def test_a_request_shows_what_its_link_would_show(port: Port) -> None:
    _, made = asked(port)
    through = {"Authorization": f"Bearer {made['token']}"}
    seen = port.client.get(f"{REQUESTS}/{made['id']}", headers=port.owner)
    assert seen.json() == port.client.get("/v1/opinion-request", headers=through).json()


def test_who_looked_at_what_is_told_to_the_officer(port: Port) -> None:
    _, made = asked(port)
    for part in ("", "/picture?number=1"):
        assert port.client.get(f"{REQUESTS}/{made['id']}{part}", headers=port.owner).status_code == 200
    seen = port.client.get(f"/v1/opinion-links/{made['id']}/viewings", headers=port.inspector).json()["items"]
    assert [each["what"] for each in seen] == ["request", "picture 1"]


def test_a_picture_is_never_the_file_itself(port: Port) -> None:
    _, made = asked(port)
    seen = port.client.get(f"{REQUESTS}/{made['id']}/picture", headers=port.owner)
    assert seen.headers["content-type"] == "image/jpeg"
    assert seen.content not in port.pictures
    missing = port.client.get(f"{REQUESTS}/{made['id']}/picture?number=9", headers=port.owner)
    assert missing.status_code == 404


def test_an_answer_is_kept_and_nothing_waits_any_more(port: Port) -> None:
    case_id, made = asked(port)
    given = answer(port, made["id"], points=[{"name": "zip", "finding": "differs", "note": "no mark"}])
    assert given.status_code == 201, given.text
    assert given.json()["evidence"][0]["name"] == "zip.png"
    assert listed(port, waiting=True) == []
    (line,) = listed(port)
    assert (line["standing"], line["answer"], line["open"]) == ("answered", "counterfeit", True)
    assert port.case(case_id)["holder_answer"] == "counterfeit"


def test_who_answered_is_on_record(port: Port, key_for: Callable[..., Headers]) -> None:
    case_id, made = asked(port)
    answer(port, made["id"])
    auditor = key_for(Role.AUDITOR, "Customs")
    entries = port.client.get("/v1/audit/entries", params={"object_id": case_id}, headers=auditor)
    assert entries.status_code == 200, entries.text
    keys = port.client.get("/v1/keys", headers=port.owner).json()["items"]
    assert any(each["id"] in entries.text for each in keys)


@pytest.mark.parametrize(
    ("role", "organisation", "status"),
    [
        (Role.BRAND_OWNER, "Ishii", 404),
        (Role.AGENT, "No mandate", 404),
        (Role.ADMIN, "Operator", 403),
        (Role.INSPECTOR, "Customs", 403),
    ],
)
def test_nobody_else_may_look_or_answer(
    port: Port, key_for: Callable[..., Headers], role: Role, organisation: str, status: int
) -> None:
    _, made = asked(port)
    stranger = key_for(role, organisation)
    for part in ("", "/picture"):
        assert port.client.get(f"{REQUESTS}/{made['id']}{part}", headers=stranger).status_code == status
    opinion = {"opinion": '{"answer": "genuine", "reason": "it is"}'}
    sent = port.client.post(f"{REQUESTS}/{made['id']}/opinion", headers=stranger, data=opinion)
    assert sent.status_code == status
    if status == 404:
        assert listed(port, stranger) == []


def test_after_its_clock_a_request_is_told_of_and_not_shown(port: Port) -> None:
    _, made = asked(port)
    port.clock.at = MORNING + timedelta(days=30)
    assert listed(port, waiting=True) == []
    (line,) = listed(port)
    assert (line["standing"], line["open"]) == ("over", False)
    late = port.client.get(f"{REQUESTS}/{made['id']}", headers=port.owner)
    assert late.status_code == 410
    assert "article 23" in late.json()["detail"]
    assert answer(port, made["id"]).status_code == 410


def test_what_was_taken_back_is_gone(port: Port) -> None:
    case_id, made = asked(port)
    port.client.delete(f"/v1/opinion-links/{made['id']}", headers=port.inspector)
    assert listed(port) == []
    assert port.client.get(f"{REQUESTS}/{made['id']}", headers=port.owner).status_code == 404
    assert link(port, case_id)["id"] in {each["id"] for each in listed(port)}


def test_a_link_of_its_own_expiry_waits_until_then(port: Port) -> None:
    _, made = asked(port, expires_at=(MORNING + timedelta(days=2)).isoformat())
    assert [each["id"] for each in listed(port, waiting=True)] == [made["id"]]
    port.clock.at = MORNING + timedelta(days=3)
    assert listed(port, waiting=True) == []
