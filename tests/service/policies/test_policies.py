"""Switches need two people; what is signed decides the next check; replay says what would change."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.runtime import Runtime
from service.screening.policy_file import DEFAULT_POLICY
from service.security.principals import Role

from .conftest import Market, photo

STRICTER = DEFAULT_POLICY.read_text().replace('version = "listing-2026-11"', 'version = "strict"')


def by_rule(policy: str, rule: str, old: str, new: str) -> str:
    """The policy with one thing changed inside one rule."""
    head, mark, tail = policy.partition(f'id = "{rule}"')
    assert old in tail
    return head + mark + tail.replace(old, new, 1)


def test_a_rule_goes_live_by_a_second_signature_and_back_by_another_switch(market: Market) -> None:
    assert market.statuses()["counterfeit-copy-alone"] == "shadow"
    before = market.check("one")

    proposed = market.send(
        "/switches", {"rule": "counterfeit-copy-alone", "status": "live", "reason": "300 right of 300"}
    )
    assert market.statuses()["counterfeit-copy-alone"] == "shadow"
    own = market.client.post(f"/v1/policies/switches/{proposed['id']}/signature", headers=market.admins[0])
    assert (own.status_code, own.json()["type"]) == (409, "/problems/second-signature-needed")
    signed = market.send(f"/switches/{proposed['id']}/signature", by=market.admins[1])
    live = market.check("two")
    market.switch(rule="counterfeit-copy-alone", status="shadow")
    back = market.check("three")

    assert signed["state"] == "in_force"
    assert [each["decision"] for each in (before, live, back)] == ["allow", "review", "allow"]


def test_a_switch_is_signed_once_and_a_withdrawn_one_never(market: Market) -> None:
    done = market.switch(rule="6", status="live")
    market.send(f"/switches/{done['id']}/signature", by=market.admins[0], expect=409)
    other = market.send("/switches", {"rule": "7", "status": "live", "reason": "x"})
    gone = market.client.delete(f"/v1/policies/switches/{other['id']}", headers=market.admins[0])

    assert gone.status_code == 204
    market.send(f"/switches/{other['id']}/signature", by=market.admins[1], expect=409)
    states = market.client.get("/v1/policies/switches", headers=market.auditor).json()["items"]
    assert [each["state"] for each in states] == ["in_force", "withdrawn"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"rule": "no-such", "status": "live", "reason": "x"}, 422),
        ({"rule": "15", "status": "shadow", "reason": "x"}, 422),
        ({"rule": "6", "reason": "x"}, 422),
        ({"policy": "0" * 64, "reason": "x"}, 404),
        ({"rule": "6", "status": "live", "reason": " "}, 422),
    ],
)
def test_an_impossible_switch_is_refused(market: Market, body: dict[str, str], status: int) -> None:
    market.send("/switches", body, expect=status)


def test_a_policy_file_decides_from_its_signature_on(market: Market) -> None:
    text = by_rule(STRICTER, "counterfeit-copy-alone", 'status = "shadow"', 'status = "live"')
    held = market.send("", {"text": text})
    assert held["in_force"] is False
    assert market.check("one")["decision"] == "allow"

    market.switch(policy=held["digest"])

    assert market.check("two")["decision"] == "review"
    listed = market.client.get("/v1/policies", headers=market.auditor).json()
    assert [each["in_force"] for each in listed] == [False, True]
    kept = market.client.get(f"/v1/policies/{held['digest']}", headers=market.auditor)
    assert kept.text == text
    market.switch(policy=listed[0]["digest"])
    assert market.check("three")["decision"] == "allow"


def test_a_file_with_faults_is_refused_with_a_line_for_each(market: Market) -> None:
    text = by_rule(STRICTER, "6", "block_needs", "block_knead")

    refused = market.send("", {"text": text}, expect=422)

    assert refused["type"] == "/problems/policy-refused"
    assert any("block_knead" in line for line in refused["problems"])
    assert len(market.client.get("/v1/policies", headers=market.auditor).json()) == 1


def test_a_rule_in_force_that_a_new_file_lacks_does_not_stand_in_its_way(market: Market) -> None:
    market.switch(rule="counterfeit-copy-alone", status="live")
    held = market.send("", {"text": STRICTER.replace('"counterfeit-copy-alone"', '"renamed"')})

    market.switch(policy=held["digest"])

    assert "counterfeit-copy-alone" not in market.statuses()
    assert market.check("one")["decision"] == "allow"


def test_replay_lists_what_would_change_and_why_and_changes_nothing(market: Market) -> None:
    copied = market.check("copy")
    market.check("other", photo(7))

    found = market.send("/replays", {"rule_status": {"counterfeit-copy-alone": "live"}}, expect=200)

    assert found["compared"] == 2
    [change] = found["changes"]
    assert change["decision_id"] == copied["id"]
    assert (change["was"]["decision"], change["would_be"]["decision"]) == ("allow", "review")
    assert change["would_be"]["codes"] == ["K-COPY"]
    assert "rule counterfeit-copy-alone is live; before, it was shadow" in change["why"]
    assert market.send("/replays", {}, expect=200)["changes"] == []
    assert market.statuses()["counterfeit-copy-alone"] == "shadow"


def test_replay_goes_through_decisions_page_by_page(market: Market) -> None:
    for name in ("a", "b", "c"):
        market.check(name)
    asked = {"rule_status": {"counterfeit-copy-alone": "live"}, "limit": 2}

    first = market.send("/replays", asked, expect=200)
    second = market.send("/replays", asked | {"after": first["next_after"]}, expect=200)

    assert (len(first["changes"]), len(second["changes"])) == (2, 1)
    assert second["next_after"] is None


def test_another_tenant_sees_and_signs_nothing(
    market: Market, key_for: Callable[..., dict[str, str]]
) -> None:
    stranger = key_for(Role.ADMIN, "Elsewhere", tenant="elsewhere")
    held = market.send("", {"text": STRICTER})
    proposed = market.send("/switches", {"rule": "6", "status": "live", "reason": "x"})
    market.check("copy")

    market.send(f"/switches/{proposed['id']}/signature", by=stranger, expect=404)
    market.send("/switches", {"policy": held["digest"], "reason": "x"}, by=stranger, expect=404)
    assert market.send("/replays", {}, by=stranger, expect=200)["compared"] == 0


def test_the_command_replays_a_file_and_writes_every_change(
    market: Market, runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    market.check("copy")
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(runtime.settings.data_dir))
    file, out = tmp_path / "strict.toml", tmp_path / "changes.jsonl"
    file.write_text(by_rule(STRICTER, "counterfeit-copy-alone", 'status = "shadow"', 'status = "live"'))

    shown = CliRunner().invoke(
        app,
        ["replay", "--tenant", "house", "--policy", str(file), "--json", str(out)],
        env={"COLUMNS": "200"},
    )

    assert shown.exit_code == 0, shown.output
    assert "1 decisions compared, 1 would change" in shown.output
    [change] = [json.loads(line) for line in out.read_text().splitlines()]
    assert change["would_be"]["rule"] == "counterfeit-copy-alone"
    assert "decided by policy strict; before, by listing-2026-11" in change["why"]


@pytest.mark.parametrize("rule", ["6", "6=dead", "=live"])
def test_the_command_refuses_a_rule_that_it_cannot_read(
    rule: str, runtime: Runtime, market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIZUGIWA_DATA_DIR", str(runtime.settings.data_dir))

    shown = CliRunner().invoke(app, ["replay", "--tenant", "house", "--rule", rule])

    assert shown.exit_code != 0
