"""What decided cases teach: sellers' history, rules' precision, known counterfeits, the brand's notices."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

import service.verdicts.service as verdicts
from service.cases.models import SubjectKind
from service.cases.service import outcomes_of
from service.runtime import Runtime
from service.security.principals import Role
from service.security.service import known_tenant
from service.verdicts.models import VerdictOutcome
from tests.service.cases.conftest import MORNING, Headers, Port

pytestmark = pytest.mark.long


def settled(client: TestClient, headers: Headers, kind: str) -> dict[str, Any]:
    """The result of the newest job of a kind, once it is done."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        listed = client.get("/v1/jobs", params={"limit": 200}, headers=headers).json()["items"]
        jobs = [each for each in listed if each["kind"] == kind]
        if jobs and jobs[-1]["state"] == "done":
            found: dict[str, Any] = jobs[-1]["result"]
            return found
        time.sleep(0.05)
    raise AssertionError(f"no job of kind {kind} was done in time")


def decide(port: Port, outcome: str, notice: str | None = None, **fields: Any) -> str:
    """A case of the EU, told by its right holder, decided; its id."""
    case_id: str = port.open(profile="eu-608-2013", country="DE", **fields)["id"]
    port.steps(case_id, "notified")
    if notice is not None:
        made = port.client.post(
            f"/v1/cases/{case_id}/opinion-links", json={"recipient": "Ohashi"}, headers=port.inspector
        ).json()
        port.client.post(
            "/v1/opinion-request/opinion",
            headers={"Authorization": f"Bearer {made['token']}"},
            data={"opinion": json.dumps({"answer": notice, "reason": "seen"})},
            files={"nothing": b""},
        ).raise_for_status()
    port.steps(case_id, "disputed", "opinions_invited", "evidence_gathered", f"decided:{outcome}")
    return case_id


def test_pictures_of_a_confirmed_case_become_known_counterfeits_and_the_next_check_finds_them(
    port: Port, key_for: Callable[..., Headers]
) -> None:
    case_id = decide(port, "counterfeit")
    admin = key_for(Role.ADMIN, "Operator")
    assert settled(port.client, admin, "case-known-counterfeits") == {"enrolled": 2, "refused": 0}
    listed = port.client.get(f"/v1/brands/{port.brand_id}/known-counterfeits", headers=port.owner).json()
    fresh = [each for each in listed["items"] if each["case_reference"] == case_id]
    assert len(fresh) == 1  # the other picture was known before
    assert {each["known_counterfeit"]["id"] for each in port.case(case_id)["pictures"]} == {
        each["id"] for each in listed["items"]
    }


def test_a_stolen_photo_of_the_brand_does_not_become_a_known_counterfeit(
    port: Port, key_for: Callable[..., Headers]
) -> None:
    product = port.client.post(
        f"/v1/brands/{port.brand_id}/products", json={"sku": "K-1", "name": "Bag"}, headers=port.owner
    ).json()["id"]
    port.client.post(
        f"/v1/products/{product}/references",
        files={"file": ("a", port.pictures[1])},
        headers=port.owner,
    ).raise_for_status()
    case_id = decide(port, "counterfeit")
    admin = key_for(Role.ADMIN, "Operator")
    assert settled(port.client, admin, "case-known-counterfeits") == {"enrolled": 1, "refused": 1}
    told = [each["known_counterfeit"] for each in port.case(case_id)["pictures"]]
    assert told[1] == {"refused": "copy-of-genuine-reference"}


def test_a_confirmed_case_is_in_the_sellers_history_and_in_the_precision_of_the_rule(
    port: Port, runtime: Runtime
) -> None:
    case_id = decide(port, "counterfeit")
    with runtime.database.read() as session:
        tenant = known_tenant(session, "house").id
        (history,) = verdicts.seller_history(session, tenant, "shop-1")
        assert history.brand_id == port.brand_id
        assert outcomes_of(session, tenant, SubjectKind.DECISION, [port.decision_id]) == {
            port.decision_id: VerdictOutcome.COUNTERFEIT
        }
    given = port.client.get(f"/v1/decisions/{port.decision_id}/verdicts", headers=port.inspector).json()
    assert [(each["outcome"], each["note"]) for each in given] == [("counterfeit", f"case {case_id}")]


@pytest.mark.parametrize(
    ("outcome", "notice", "counted"),
    [
        ("counterfeit", "counterfeit", (1, 1)),
        ("genuine", "counterfeit", (0, 1)),
        ("cannot_tell", "counterfeit", (0, 1)),
        ("counterfeit", "cannot_tell", (0, 0)),
        ("counterfeit", None, (0, 0)),
    ],
)
def test_a_notice_is_upheld_when_the_case_is_decided_as_the_holder_said(
    port: Port, outcome: str, notice: str | None, counted: tuple[int, int]
) -> None:
    decide(port, outcome, notice)
    accuracy = port.client.get(
        f"/v1/brands/{port.brand_id}/notice-accuracy",
        params={"since": MORNING.isoformat()},
        headers=port.owner,
    ).json()
    assert (accuracy["upheld"], accuracy["decided"]) == counted
    assert accuracy["share"] == (counted[0] / counted[1] if counted[1] else None)


def test_a_reversed_decision_upholds_no_notice(port: Port) -> None:
    decide(port, "counterfeit", "counterfeit")
    port.client.post(
        f"/v1/decisions/{port.decision_id}/verdicts", json={"outcome": "genuine"}, headers=port.market
    ).raise_for_status()
    accuracy = port.client.get(
        f"/v1/brands/{port.brand_id}/notice-accuracy",
        params={"since": MORNING.isoformat()},
        headers=port.owner,
    ).json()
    assert (accuracy["upheld"], accuracy["decided"]) == (0, 1)


def test_the_notice_accuracy_of_a_brand_is_its_owners_alone(
    port: Port, key_for: Callable[..., Headers]
) -> None:
    address = f"/v1/brands/{port.brand_id}/notice-accuracy"
    assert port.client.get(address, headers=key_for(Role.BRAND_OWNER, "Ishii")).status_code == 404
    assert port.client.get(address, headers=port.market).status_code == 403
